import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'

import type { AppKeys } from '../../../src/client'
import { openSite, ROOT, type Site } from './admin'
import { refusal, type Ended } from './command-line'

const SECRET_VARIABLE = 'AMAZON_AUTH_SECRET_KEY'

let site: Site
let shop: AppKeys

beforeAll(async () => {
  site = await openSite()
  shop = await site.client(ROOT).apps.create('shop')
})
afterAll(() => site.close())

function at(url: string, accessKey: string): readonly string[] {
  return ['--url', url, '--access-key', accessKey]
}

describe('the keys of a server', () => {
  test('come from standard input when asked for', async () => {
    const args = ['settings', 'get', 'shop', ...at(site.url, 'app:shop'), '--secret-key', '-']
    const shown = await site.run(args, {}, `${shop.secretKey}\n`)
    expect([shown.stderr, shown.exitCode]).toEqual(['', 0])
  })

  test('are refused on the command line, and not repeated', async () => {
    const args = ['settings', 'get', 'shop', ...at(site.url, 'app:shop')]
    const error = refusal(await site.run([...args, '--secret-key', shop.secretKey]))
    expect(error).toContain(SECRET_VARIABLE)
    expect(error).not.toContain(shop.secretKey)
  })

  test('cannot come from standard input along with a value', async () => {
    const args = ['settings', 'set', 'shop', 'az_secret', '-', ...at(site.url, 'app:shop')]
    const error = refusal(await site.run([...args, '--secret-key', '-'], {}, 'one value'))
    expect(error).toContain('Standard input holds one value')
    expect(error).not.toContain('one value\n')
    expect(await site.client(shop).settings.read()).toEqual({})
  })

  test.each([
    ['without a secret', ['--access-key', 'app:shop'], {}, 'needs a secret key'],
    ['without an access key', [], { [SECRET_VARIABLE]: 's' }, 'needs --access-key'],
  ])('%s nothing is sent', async (_case, args, environment, told) => {
    const get = ['settings', 'get', 'shop', '--url', site.url, ...args]
    expect(refusal(await site.run(get, environment))).toContain(told)
  })

  test('without an address they are refused, so that nobody takes the store for the server', async () => {
    const get = ['settings', 'get', 'shop', '--access-key', 'app:shop']
    expect(refusal(await site.run(get))).toContain('--url')
  })

  test('together with --config they are refused', async () => {
    const get = ['settings', 'get', 'shop', '--config', 'application.conf', '--url', site.url]
    expect(refusal(await site.run(get))).toContain("cannot be used with option '--url")
  })
})

describe('the wrong keys', () => {
  function runAs({ accessKey, secretKey }: AppKeys, args: readonly string[]): Promise<Ended> {
    return site.run([...args, ...at(site.url, accessKey)], { [SECRET_VARIABLE]: secretKey })
  }

  test.each([
    ['settings', ['settings', 'set', 'shop', 'motto', 'x']],
    ['users', ['users', 'list', 'shop']],
    ['keys', ['keys', 'rotate', 'shop', '--yes']],
  ])(
    "the root app's keys for the %s of another app: its own are asked for",
    async (_what, args) => {
      const error = refusal(await runAs(ROOT, args))
      expect(error).toBe(
        'These are the keys of para, which open only para itself: for shop give its own, with --access-key app:shop.\n',
      )
      expect(await site.client(shop).settings.read()).toEqual({})
    },
  )

  test.each([
    ['create', ['apps', 'create', 'other']],
    ['list', ['apps', 'list']],
    ['delete', ['apps', 'delete', 'para', '--yes']],
  ])("a child's keys for apps %s: the root app's are asked for", async (_what, args) => {
    expect(refusal(await runAs(shop, args))).toMatch(/root app/)
  })

  test('a wrong secret is told with the call and its status, and not repeated', async () => {
    const wrong = { ...shop, secretKey: 'planted-secret' }
    const error = refusal(await runAs(wrong, ['settings', 'get', 'shop']))
    expect(error).toBe('The request signature is not valid.\nGET /v1/_settings: answer 403\n')
  })

  test('of an app whose first settings the server refuses nothing is left', async () => {
    const many = Array.from({ length: 1001 }, (_none, n) => ['--set', `s${n}=1`]).flat()
    const error = refusal(await runAs(ROOT, ['apps', 'create', 'crowded', ...many]))
    expect(error).toContain('at most 1000 settings')
    const { items } = await site.client(ROOT).apps.list()
    expect(items.map(({ id }) => id)).not.toContain('app:crowded')
  })

  test('an app deletes itself with its own keys', async () => {
    const keys = await site.client(ROOT).apps.create('leaving')
    const deleted = await runAs(keys, ['apps', 'delete', 'leaving', '--yes'])
    expect([deleted.stderr, deleted.stdout]).toEqual(['', 'Deleted the app leaving.\n'])
  })
})

describe('the wrong address', () => {
  test.each([
    ['that nobody listens at', 'http://127.0.0.1:1', 'could not be reached (ECONNREFUSED)'],
    ['of nothing', 'auth.example.com', '--url: url must be an address'],
  ])('one %s is told', async (_which, url, told) => {
    const args = ['settings', 'get', 'shop', ...at(url, 'app:shop')]
    expect(refusal(await site.run(args, { [SECRET_VARIABLE]: 's' }))).toContain(told)
  })

  test('one of another server is told', async () => {
    const args = ['users', 'list', 'shop', ...at(site.emulator.origin, 'app:shop')]
    expect(refusal(await site.run(args, { [SECRET_VARIABLE]: 's' }))).toMatch(/answer 404/)
  })
})

describe('on a terminal', () => {
  const ROOT_FOLDER = resolve(__dirname, '../../..')
  const CLI = [
    '-r',
    `${ROOT_FOLDER}/test/support/register-ts.cjs`,
    `${ROOT_FOLDER}/src/server/cli.ts`,
  ]

  /** Runs a command on a terminal of its own, which `script` makes, and types an answer when it is asked. */
  async function answer(args: readonly string[], typed: string): Promise<string> {
    const command = [process.execPath, ...CLI, ...args].join(' ')
    const child = spawn('script', ['-qec', command, '/dev/null'], { cwd: site.place.folder })
    let shown = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (!shown.includes('[y/N]') && (shown + text).includes('[y/N]')) child.stdin.write(typed)
      shown += text
    })
    const [code] = await once(child, 'close')
    return `${shown}exit ${String(code)}`
  }

  test.each([
    ['n', 'n\n'],
    ['just return', '\n'],
    ['the end of input', '\u0004'],
    ['Ctrl+C', '\u0003'],
  ])('%s changes nothing, and exits 1', async (_which, typed) => {
    const shown = await answer(['apps', 'delete', 'shop'], typed)
    expect(shown).toContain('Delete the app shop with its users and settings? [y/N]')
    expect(shown).toMatch(/Nothing was changed\.\s+exit 1$/)
    expect(await site.client(shop).me()).toMatchObject({ id: 'app:shop' })
  })

  test('y does it', async () => {
    await site.client(ROOT).apps.create('typed')
    const shown = await answer(['apps', 'delete', 'typed'], 'y\n')
    expect(shown).toMatch(/Deleted the app typed\.\s+exit 0$/)
  })
})

test.each([[['settings']], [['users', 'lock']], [['keys', 'rotate']], [['apps', 'delete']]])(
  '%j --help has examples',
  async (command) => {
    const help = await site.run([...command, '--help'])
    expect(help.stdout).toContain('Examples:')
    expect(help.exitCode).toBe(0)
  },
)
