import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

import type { AuditEvent } from '../../../src/audit/audit-event'
import {
  currentRequest,
  logLogins,
  type RequestLine,
} from '../../../src/server/logging/request-line'
import { silentLogger } from '../../../src/server/logging/create-logger'

const ROOT = join(__dirname, '../../..')
const EVENT: AuditEvent = {
  atMs: 1_700_000_000_000,
  app: 'acme',
  outcome: 'success',
  reason: 'ok',
  way: 'browser',
  userId: '1001',
  requestId: 'login-0001',
  network: '192.0.2.0/24',
}

/** Lines that a process of its own has logged until it ended. */
function logged(code: string): readonly string[] {
  const made = `const { createLogger } = require('./src/server/logging/create-logger'); const logger = createLogger('info'); ${code}`
  const { stdout } = spawnSync(
    process.execPath,
    ['-r', './test/support/register-ts.cjs', '-e', made],
    { cwd: ROOT, encoding: 'utf8' },
  )
  return Array.from(stdout.matchAll(/"msg":"(\w+)"/g), ([, message = '']) => message)
}

describe('lines that wait to be written', () => {
  test.each([
    ['ends', ''],
    ['exits', 'process.exit(1)'],
    ['ends by what nobody caught', 'throw new Error()'],
    ['ends by a promise that nobody caught', 'Promise.reject(new Error())'],
  ])('are all written when the process %s', (_how, end) => {
    const lines = logged(`for (let n = 0; n < 500; n += 1) logger.info({ n }, 'line'); ${end}`)
    expect(lines).toHaveLength(500)
  })

  test('are written at once with a warning: a process that is killed then has told of it', () => {
    const kill = `setTimeout(() => process.kill(process.pid, 'SIGKILL'), 80)`
    expect(logged(`logger.info({}, 'before'); logger.warn({}, 'warning'); ${kill}`)).toEqual([
      'before',
      'warning',
    ])
  })

  test('are written within a tenth of a second or two', () => {
    const kill = `setTimeout(() => process.kill(process.pid, 'SIGKILL'), 1000)`
    expect(logged(`logger.info({}, 'alone'); ${kill}`)).toEqual(['alone'])
  })
})

describe('an attempt to sign in', () => {
  const lines: [object, string][] = []
  const logLogin = logLogins({
    ...silentLogger,
    info: (facts, message) => void lines.push([facts, message]),
  })
  beforeEach(() => void lines.splice(0))

  test('is left to the line of its request', () => {
    const line: RequestLine = { requestId: 'login-0001', isWritten: false }
    currentRequest.run(line, () => logLogin(EVENT))
    expect([line.login, lines]).toEqual([EVENT, []])
  })

  test.each<[string, RequestLine]>([
    ['is over', { requestId: 'login-0001', isWritten: true }],
    ['is another', { requestId: 'other-0001', isWritten: false }],
    ['tells of one already', { requestId: 'login-0001', isWritten: false, login: EVENT }],
  ])('gets a line of its own when the request %s', (_what, line) => {
    currentRequest.run(line, () => logLogin(EVENT))
    expect(lines).toEqual([[EVENT, 'audit']])
  })

  test('gets one apart from any request', () => {
    logLogin(EVENT)
    expect(lines).toEqual([[EVENT, 'audit']])
  })
})
