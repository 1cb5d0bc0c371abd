import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'

import { refusal, Workplace } from './command-line'

const PLANTED = 'planted-secret-0123456789'

let place: Workplace

beforeAll(async () => {
  place = new Workplace()
  await done(['apps', 'create', 'shop'])
})
afterAll(() => place.clear())

const done = (args: readonly string[], input?: string): Promise<string> => place.done(args, input)

async function settingsOf(app: string): Promise<unknown> {
  return JSON.parse(await done(['settings', 'get', app, '--json']))
}

describe('a secret from standard input', () => {
  test.each([
    ['nothing', '', 'az_secret: nothing came on standard input'],
    ['an empty line', ' \r\n', 'az_secret: nothing came on standard input'],
    ['several lines', `${PLANTED}\nmore\n`, 'az_secret: standard input has several lines'],
  ])(
    'is refused if it is %s, by every command, and nothing is changed',
    async (_what, input, told) => {
      const keys = ['--az-app-id', 'amzn1.x', '--az-secret', '-']
      for (const args of [
        ['apps', 'create', 'new', ...keys],
        ['apps', 'create', 'new', '--set', 'az_secret=-'],
        ['settings', 'set', 'shop', 'az_secret', '-'],
      ]) {
        const error = refusal(await place.run(args, input))
        expect(error).toContain(told)
        expect(error).not.toContain(PLANTED)
      }
      expect(await done(['apps', 'list'])).not.toMatch(/^new /m)
      expect(await settingsOf('shop')).toEqual({})
    },
    60_000,
  )

  test('loses the line end of its system, and what else is white around it', async () => {
    const url = 'http://127.0.0.1:1'
    const args = ['settings', 'get', 'shop', '--url', url, '--access-key', 'app:shop']
    const running = await place.run([...args, '--secret-key', '-'], '\r\n')
    expect(refusal(running)).toContain('secret key of app:shop: nothing came')
    await done(['settings', 'set', 'shop', 'motto', '-'], '\ufeff so\r\nlong \r\n')
    expect(await settingsOf('shop')).toEqual({ motto: 'so\r\nlong' })
    await done(['settings', 'delete', 'shop', 'motto'])
  }, 60_000)

  test('is stored as it is with quotes around it, and that is told', async () => {
    const set = await place.run(['settings', 'set', 'shop', 'az_secret', '-'], `"${PLANTED}"\n`)
    expect(set.stderr).toContain('az_secret begins or ends with a quote')
    expect(set.stderr).not.toContain(PLANTED)
    await done(['settings', 'delete', 'shop', 'az_secret'])
  }, 60_000)
})

test.each(['{bad', '"name"', '{"a": "b.c"}'])(
  'claims that are no mapping are refused, and the mapping there is stays: %s',
  async (written) => {
    await done(['settings', 'set', 'shop', 'claims', '{"displayName": "name"}'])
    const error = refusal(await place.run(['settings', 'set', 'shop', 'claims', written]))
    expect(error).toContain('Setting claims must ')
    expect(await settingsOf('shop')).toEqual({ claims: { displayName: 'name' } })
    await done(['settings', 'delete', 'shop', 'claims'])
  },
  60_000,
)

test('what is said of scopes ends in one full stop, and names all that are not known', async () => {
  const set = await place.run(['settings', 'set', 'shop', 'amazon.scope', 'profil openid email'])
  expect(set.stderr).toMatch(/"profil", "openid", "email", which are not known.*[^.]\.\n$/)
  await done(['settings', 'delete', 'shop', 'amazon.scope'])
}, 60_000)

describe('a secret typed at a terminal', () => {
  const ROOT = resolve(__dirname, '../../..')
  const CLI = ['-r', `${ROOT}/test/support/register-ts.cjs`, `${ROOT}/src/server/cli.ts`]

  /** Runs a command on a terminal of its own, which `script` makes, and types when it is asked. */
  async function type(args: readonly string[], typed: string): Promise<string> {
    const command = [process.execPath, ...CLI, ...args].join(' ')
    const child = spawn('script', ['-qec', command, '/dev/null'], { cwd: place.folder })
    let shown = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const wasAsked = shown.includes('(not shown): ')
      shown += text
      if (!wasAsked && shown.includes('(not shown): ')) child.stdin.write(typed)
    })
    const [code] = await once(child, 'close')
    return `${shown}exit ${String(code)}`
  }

  test('is asked for, stored, and never shown', async () => {
    const shown = await type(['settings', 'set', 'shop', 'az_secret', '-'], `${PLANTED}\r`)
    expect(shown).toMatch(/^az_secret \(not shown\): \s+Set az_secret of shop\.\s+exit 0$/)
    expect(await settingsOf('shop')).toEqual({ az_secret: '********' })
    await done(['settings', 'delete', 'shop', 'az_secret'])
  }, 60_000)

  test.each([
    ['Ctrl+C', '\u0003'],
    ['Ctrl+D', '\u0004'],
    ['just return', '\r'],
  ])(
    '%s in its place changes nothing, and exits 1',
    async (_which, typed) => {
      const shown = await type(['settings', 'set', 'shop', 'az_secret', '-'], typed)
      expect(shown).toMatch(/Nothing was changed\.\s+exit 1$/)
      expect(await settingsOf('shop')).toEqual({})
    },
    60_000,
  )
})
