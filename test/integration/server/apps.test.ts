import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs'

import { Workplace } from './command-line'

const AZ_SECRET = 'amzn1.oa2-cs.v1.this-must-not-lie-open'

let place: Workplace

beforeAll(() => {
  place = new Workplace()
  place.write('application.conf', ['para.store.url = "sqlite:data/store.db"'])
})
afterAll(() => place.clear())

function create(name: string, ...more: readonly string[]) {
  const keys = ['--az-app-id', 'amzn1.shop', '--az-secret', '-']
  return place.run(['apps', 'create', name, ...keys, ...more], `${AZ_SECRET}\n`)
}

test('create prints the keys of the app, with its secret read from standard input', async () => {
  const made = await create('shop', '--signin-success', '/home', '--set', 'session_timeout=3600')
  expect(made.stderr).toContain('Keys of the root app')
  expect(made.stdout).toMatch(/access key {2}app:shop\n {2}secret key {2}[\w-]{43}\n/)

  const shown = await place.run(['settings', 'get', 'shop', '--json'])
  expect(JSON.parse(shown.stdout)).toEqual({
    az_app_id: 'amzn1.shop',
    az_secret: '********',
    signin_success: '/home',
    session_timeout: 3600,
  })
})

test('create heads its answer with the name it made, and says what became of a name typed otherwise', async () => {
  const plain = await place.run(['apps', 'create', 'app:plain'])
  expect(plain.stdout).toMatch(/^Made the app plain\.\n/)
  expect(plain.stderr).toBe('')
  const odd = await place.run(['apps', 'create', 'Köln & Bonn'])
  expect(odd.stderr).toContain('"Köln & Bonn" is the app Kln--Bonn: of a name stay letters')
  expect(odd.stdout).toMatch(/^Made the app Kln--Bonn\.\n[^]*Keys of the app Kln--Bonn/)
  const listed = await place.run(['apps', 'list'])
  expect(listed.stdout).toContain('Kln--Bonn')
})

test('a reader that has seen enough ends a command quietly; a full disk does not', async () => {
  const cut = place.start(['apps', 'list'])
  cut.child.stdout?.destroy()
  expect([await cut.exit(), cut.stderr]).toEqual([0, ''])
  const full = openSync('/dev/full', 'w')
  const failed = place.start(['apps', 'list'], {}, ['ignore', full, 'pipe', 'ipc'])
  expect(await failed.exit()).toBe(1)
  expect(failed.stderr).toBe('Standard output cannot be written (ENOSPC).\n')
  closeSync(full)
})

test('neither the client secret nor the key of the app lies open in any file of the store', async () => {
  const made = await create('vault')
  const [, secretKey = ''] = /secret key {2}(\S+)/.exec(made.stdout) ?? []
  expect(secretKey).not.toBe('')
  const files = readdirSync(place.path('data'))
  expect(files).toContain('store.db')
  const bytes = files.map((file) => readFileSync(place.path(`data/${file}`), 'latin1')).join('')
  expect(bytes).toContain('vault')
  expect(bytes).not.toContain(AZ_SECRET)
  expect(bytes).not.toContain(secretKey)
})

test('list names all apps, the root app among them', async () => {
  await create('listed')
  const listed = await place.run(['apps', 'list', '--json'])
  const names = (JSON.parse(listed.stdout) as { appIdentifier: string }[]).map(
    ({ appIdentifier }) => appIdentifier,
  )
  expect(names).toEqual(expect.arrayContaining(['listed', 'para']))
  const table = await place.run(['apps', 'list'])
  expect(table.stdout).toMatch(/^listed +child +active/m)
  expect(table.stdout).toMatch(/^para +root +active/m)
})

test('disable switches an app off, enable on again, and rename changes its name; the root app stays on', async () => {
  await create('switched')
  const stateOf = async () => (await place.run(['apps', 'list'])).stdout
  const off = await place.run(['apps', 'disable', 'app:switched'])
  expect(off.stdout).toBe('The app switched is off.\n')
  expect(await stateOf()).toMatch(/^switched +child +inactive/m)
  expect((await place.run(['apps', 'enable', 'switched'])).stdout).toBe('The app switched is on.\n')
  expect(await stateOf()).toMatch(/^switched +child +active/m)
  const renamed = await place.run(['apps', 'rename', 'switched', 'The Switch'])
  expect(renamed.stdout).toBe('The app switched is named The Switch.\n')
  const root = await place.run(['apps', 'disable', 'para'])
  expect(root.exitCode).toBe(1)
  expect(root.stderr).toContain('The root app cannot be switched off.')
})

test('settings get and export tell what the configuration says, and where it stands', async () => {
  const file = new Workplace()
  file.write('application.conf', [
    'para.az_app_id = "amzn1.root"',
    'para.apps.news {',
    '  az_app_id = "amzn1.news", az_secret = "planted"',
    '  signin_success = "/file"',
    '}',
  ])
  const environment = { para_az_secret: 'planted', para_store_url: 'sqlite:store.db' }
  const run = async (...args: readonly string[]) => {
    const running = await file.run(args, '', environment)
    expect(running.exitCode).toBe(0)
    return running
  }
  await run('settings', 'set', 'news', 'signin_success', '/stored')
  const news = await run('settings', 'get', 'news')
  expect(news.stdout.split('\n')).toEqual([
    'az_app_id = "amzn1.news"  # application.conf:3',
    'az_secret = "********"  # application.conf:3',
    'signin_success = "/stored"  # stored, which wins over application.conf:4',
    '',
  ])
  const root = await run('settings', 'get', 'para')
  expect(root.stdout.split('\n')).toEqual([
    'az_app_id = "amzn1.root"  # application.conf:1',
    'az_secret = "********"  # environment para_az_secret',
    '',
  ])
  const one = await run('settings', 'get', 'news', 'az_app_id')
  expect(one.stdout).toBe('amzn1.news\n')
  const exported = await run('export', '--out', 'all.jsonl')
  expect(exported.stdout).toContain(
    'Not in it, since the configuration has them:\n' +
      '  para: az_app_id (application.conf:1), az_secret (environment para_az_secret)\n' +
      '  news: az_app_id (application.conf:3), az_secret (application.conf:3), signin_success (application.conf:4)\n',
  )
  await file.clear()
})

test('what cannot be done exits 1 with what to do, and without a stack', async () => {
  await create('twice')
  const again = await create('twice')
  expect(again.exitCode).toBe(1)
  expect(again.stderr).toMatch(/^app_exists: Choose another name.*\napp: twice\n$/)

  const half = await place.run(['apps', 'create', 'half', '--az-app-id', 'x'])
  expect(half.exitCode).toBe(1)
  expect(half.stderr).toBe('Give both --az-app-id and --az-secret, or neither.\n')
})

test.each([
  [['settings', 'set', 'nobody', 'x', 'y']],
  [['settings', 'delete', 'nobody', 'x']],
  [['settings', 'get', 'nobody']],
  [['apps', 'delete', 'nobody', '--yes']],
  [['apps', 'disable', 'nobody']],
  [['apps', 'rename', 'nobody', 'x']],
  [['keys', 'rotate', 'nobody', '--yes']],
  [['users', 'list', 'nobody']],
])('%j names the app that there is not, and how to see those there are', async (args) => {
  const unknown = await place.run(args)
  expect(unknown.exitCode).toBe(1)
  expect(unknown.stderr).toMatch(
    /^There is no app nobody\. express-amazon-auth apps list .*, apps create nobody makes it\.\n$/m,
  )
  expect(unknown.stderr).not.toContain('not_found')
})

test('--version is the version of the package, and every command has a help with examples', async () => {
  const version = await place.run(['--version'])
  expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  for (const command of [[], ['serve'], ['emulator'], ['demo'], ['apps', 'create']]) {
    const help = await place.run([...command, '--help'])
    expect(help.stdout).toContain('Examples:')
    expect(help.exitCode).toBe(0)
  }
})
