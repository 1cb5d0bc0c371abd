import { inspect } from 'node:util'

import { consoleLogger } from '../../src/console-logger'
import { writes, type Logger } from '../../src/logger'
import { printable } from '../../src/printable'
import { redactingLogger } from '../../src/redacting-logger'

const codes = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, n) => from + n)
/** C0, DEL and C1, marks that turn the direction of a text, and line ends of Unicode. */
const UNSEEN = [
  ...[codes(0, 0x1f), codes(0x7f, 0x9f), codes(0x202a, 0x202e), codes(0x2066, 0x2069)].flat(),
  ...[0x200e, 0x200f, 0x061c, 0x2028, 0x2029],
].map((code) => String.fromCharCode(code))

test.each(UNSEEN)('%j is shown as what it is', (sign) => {
  const shown = printable(`a${sign}b`)
  expect(shown).toMatch(/^a\\(?:[nrt]|u[\da-f]{4})b$/)
  expect(JSON.parse(`"${shown}"`)).toBe(`a${sign}b`)
})

test('names of people stay as they are in any script', () => {
  for (const name of ['Zoë Müller', '李小龍', 'مريم', '👩‍👩‍👧‍👦', 'O’Hara'])
    expect(printable(name)).toBe(name)
})

const HOSTILE = UNSEEN.join('x')
const FACTS = {
  text: HOSTILE,
  list: [HOSTILE],
  err: Object.assign(new Error(HOSTILE), { code: HOSTILE, name: HOSTILE }),
}

test('no logger of a host gets such a sign, in a fact, an error or the message', () => {
  const got: unknown[] = []
  const take = (...line: unknown[]): void => void got.push(...line)
  const logger = redactingLogger({ debug: take, info: take, warn: take, error: take })
  for (const level of ['debug', 'info', 'warn', 'error'] as const) logger[level](FACTS, HOSTILE)
  expect(got).toHaveLength(8)
  for (const sign of UNSEEN) expect(texts(got)).not.toContain(sign)
})

test('a logger that says so gets no line of a level that it does not write; one that does not say gets all', () => {
  const got: string[] = []
  const lines = {
    debug: () => void got.push('debug'),
    info: () => void got.push('info'),
    warn: () => void got.push('warn'),
    error: () => void got.push('error'),
  }
  const say = (logger: Logger): string[] => {
    got.length = 0
    const redacting = redactingLogger(logger)
    for (const level of ['debug', 'info', 'warn', 'error'] as const) redacting[level]({}, 'said')
    return [...got]
  }
  expect(say(lines)).toEqual(['debug', 'info', 'warn', 'error'])
  const quiet = { ...lines, isLevelEnabled: (level: string) => level === 'error' }
  expect(say(quiet)).toEqual(['error'])
  expect(writes(redactingLogger(quiet), 'debug')).toBe(false)
  expect(writes(consoleLogger, 'info')).toBe(false)
  expect(writes(lines, 'debug')).toBe(true)
})

test('the console gets none either', () => {
  const written: string[] = []
  const write = (...parts: unknown[]): void => {
    for (const part of parts) written.push(typeof part === 'string' ? part : inspect(part))
  }
  jest.spyOn(console, 'warn').mockImplementation(write)
  jest.spyOn(console, 'error').mockImplementation(write)
  consoleLogger.warn(FACTS, HOSTILE)
  consoleLogger.error({ text: HOSTILE }, HOSTILE)
  jest.restoreAllMocks()
  expect(written[0]).toMatch(/^amazonAuth: \\u0000x/)
  for (const sign of UNSEEN) if (sign !== '\n') expect(written.join('')).not.toContain(sign)
})

/** Every text in a value, one after the other. */
function texts(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.values(value).map(texts).join('')
}
