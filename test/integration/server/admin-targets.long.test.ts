import type { AppKeys, SettingValues, UserExport } from '../../../src/client'
import { openSite, ROOT, type Site } from './admin'
import { refusal, type Ended } from './command-line'

const CLIENT_ID = 'amzn1.application-oa2-client.shop'
const AZ_SECRET = 'amzn1.oa2-cs.v1.this-must-not-be-shown'

let site: Site

beforeAll(async () => {
  site = await openSite()
})
afterAll(() => site.close())

describe.each(['atStore', 'atServer'] as const)('commands %s', (aim) => {
  function runAs(keys: AppKeys, args: readonly string[], input?: string): Promise<Ended> {
    const { args: where, environment } = site[aim](keys)
    return site.run([...args, ...where], environment, input)
  }

  /** Runs to the end, which must be a good one. */
  async function done(keys: AppKeys, args: readonly string[], input?: string): Promise<string> {
    const running = await runAs(keys, args, input)
    expect([running.stderr, running.exitCode]).toEqual(['', 0])
    return running.stdout
  }

  async function refused(keys: AppKeys, args: readonly string[]): Promise<string> {
    return refusal(await runAs(keys, args))
  }

  /** An app to work on, made beforehand. */
  async function newApp(name: string, settings: SettingValues = {}): Promise<AppKeys> {
    const keys = await site.client(ROOT).apps.create(`${name}-${aim}`)
    await site.client(keys).settings.replace(settings)
    return keys
  }

  async function appNames(): Promise<readonly string[]> {
    const { items } = await site.client(ROOT).apps.list({ limit: 100 })
    return items.map(({ appIdentifier }) => appIdentifier)
  }

  test('apps create makes an app with its settings; apps list names it', async () => {
    const args = ['--az-app-id', 'amzn1.shop', '--az-secret', '-', '--signin-success', '/home']
    const name = `shop-${aim}`
    const made = await done(ROOT, ['apps', 'create', name, ...args], `${AZ_SECRET}\n`)
    const [, secretKey = ''] = /secret key {2}(\S+)/.exec(made) ?? []
    const keys = { accessKey: `app:${name}`, secretKey }
    expect(await site.client(keys).settings.read()).toEqual({
      az_app_id: 'amzn1.shop',
      az_secret: '********',
      signin_success: '/home',
    })
    const table = await done(ROOT, ['apps', 'list'])
    expect(table).toMatch(new RegExp(`^${name} +child +active +since \\d{4}-\\d\\d-\\d\\d$`, 'm'))
    expect(table).toMatch(/^para +root +active/m)
    const listed = JSON.parse(await done(ROOT, ['apps', 'list', '--json'])) as { id: string }[]
    expect(listed.map(({ id }) => id)).toEqual(expect.arrayContaining([`app:${name}`, 'app:para']))
  })

  test('an app that is there is not made again, and keeps its keys', async () => {
    const keys = await newApp('twice')
    expect(await refused(ROOT, ['apps', 'create', `twice-${aim}`])).toContain('twice')
    expect(await site.client(keys).me()).toMatchObject({ id: keys.accessKey })
  })

  test('of first settings that are refused no app is left', async () => {
    const bad = ['apps', 'create', `bad-${aim}`, '--set', 'security.strict=perhaps']
    expect(await refused(ROOT, bad)).toContain('security.strict must be true or false')
    expect(await appNames()).not.toContain(`bad-${aim}`)
  })

  test('settings are set, printed and removed; secrets come from standard input and stay masked', async () => {
    const keys = await newApp('set')
    const app = keys.accessKey
    await Promise.all([
      done(keys, ['settings', 'set', app, 'security.strict', 'true']),
      done(keys, ['settings', 'set', app, 'motto', 'so long']),
      done(keys, ['settings', 'set', app, 'list', '[1,"two"]']),
      done(keys, ['settings', 'set', app, 'az_secret', '-'], `${AZ_SECRET}\n`),
    ])
    const all = await done(keys, ['settings', 'get', app])
    expect(all.split('\n')).toEqual([
      'az_secret = "********"  # stored',
      'list = [1,"two"]  # stored',
      'motto = "so long"  # stored',
      'security.strict = true  # stored',
      '',
    ])
    expect(await done(keys, ['settings', 'get', app, 'motto'])).toBe('so long\n')
    expect(await done(keys, ['settings', 'get', app, 'motto', '--json'])).toBe('"so long"\n')
    expect(await done(keys, ['settings', 'get', app, 'az_secret'])).toBe('********\n')

    await done(keys, ['settings', 'delete', app, 'motto'])
    expect(await refused(keys, ['settings', 'get', app, 'motto'])).toContain('motto of')
    const left = await done(keys, ['settings', 'get', app, '--json'])
    expect(JSON.parse(left)).toEqual({
      az_secret: '********',
      list: [1, 'two'],
      'security.strict': true,
    })
    // A dozen processes.
  }, 60_000)

  test('a setting a letter away from a known one is stored, and warned of', async () => {
    const keys = await newApp('near')
    const app = keys.accessKey
    const set = await runAs(keys, ['settings', 'set', app, 'signin_sucess', '/home'])
    expect(set.exitCode).toBe(0)
    expect(set.stderr).toMatch(/^Warning: .*signin_sucess.*signin_success/)
    expect(await site.client(keys).settings.read()).toEqual({ signin_sucess: '/home' })
  })

  test('settings of hostile names are set, shown without steering the terminal, and removed', async () => {
    const keys = await newApp('odd')
    const app = keys.accessKey
    const names = ['%2F/a b?#=', '__proto__', 'a\u001b[2Jb']
    const forEach = (args: (name: string) => string[]) =>
      Promise.all(names.map((name) => done(keys, args(name))))
    await forEach((name) => ['settings', 'set', app, name, '{"a":[null]}'])
    const stored = await site.client(keys).settings.read()
    expect(Object.entries(stored)).toEqual(
      expect.arrayContaining(names.map((name) => [name, { a: [null] }])),
    )
    const shown = await done(keys, ['settings', 'get', app])
    expect(shown).toContain('a\\u001b[2Jb = {"a":[null]}  # stored\n')
    expect(shown).not.toContain('\u001b')
    await forEach((name) => ['settings', 'delete', app, name])
    expect(await done(keys, ['settings', 'get', app, '--json'])).toBe('{}\n')
  })

  test('users are listed, locked, unlocked and deleted', async () => {
    const keys = await newApp('users', { az_app_id: CLIENT_ID, az_secret: 'x' })
    const app = keys.accessKey
    const client = site.client(keys)
    const signIn = () =>
      client.signIn.withAmazonToken({
        app,
        token: site.emulator.issueAccessToken({ clientId: CLIENT_ID }),
      })
    const { user, token } = await signIn()
    const listed = await done(keys, ['users', 'list', app])
    expect(listed).toMatch(
      new RegExp(
        `^${user.id} +active +since \\S+ +Ada Lindqvist +ada@example.com\\n1 of 1 user\\n$`,
      ),
    )
    const asJson = await done(keys, ['users', 'list', app, '--json'])
    expect(JSON.parse(asJson)).toEqual({ items: [user], totalHits: 1 })

    expect(await done(keys, ['users', 'lock', app, user.id])).toMatch(/^\d+ +locked /)
    await expect(client.signIn.renew(token)).rejects.toMatchObject({ status: 401 })
    await expect(signIn()).rejects.toMatchObject({ status: 400 })
    const unlocked = await done(keys, ['users', 'unlock', app, user.id, '--json'])
    expect(JSON.parse(unlocked)).toMatchObject({ id: user.id, active: true })
    await signIn()

    expect(await refused(keys, ['users', 'delete', app, user.id])).toContain('--yes')
    await done(keys, ['users', 'delete', app, user.id, '--yes'])
    expect(await done(keys, ['users', 'list', app])).toBe('0 of 0 users\n')
    expect(await refused(keys, ['users', 'lock', app, user.id])).toContain('No user of this app')
  })

  test('a user is signed out everywhere, exported, and unlinked from Amazon', async () => {
    const keys = await newApp('life', { az_app_id: `${CLIENT_ID}.${aim}`, az_secret: 'x' })
    const app = keys.accessKey
    const client = site.client(keys)
    const signIn = () =>
      client.signIn.withAmazonToken({
        app,
        token: site.emulator.issueAccessToken({ clientId: `${CLIENT_ID}.${aim}` }),
      })
    const { user, token } = await signIn()
    expect(await done(keys, ['users', 'signout', app, user.id])).toMatch(/^\d+ +active /)
    await expect(client.signIn.renew(token)).rejects.toMatchObject({ status: 401 })
    const exported = JSON.parse(await done(keys, ['users', 'export', app, user.id])) as UserExport
    expect(exported).toMatchObject({ user: { id: user.id, email: user.email }, cut_off: [] })
    expect(await refused(keys, ['users', 'unlink', app, user.id])).toContain('--yes')
    const unlinked = await done(keys, ['users', 'unlink', app, user.id, '--yes', '--json'])
    expect(JSON.parse(unlinked)).toMatchObject({ identifier: `unlinked:${user.id}` })
    const listed = await done(keys, ['users', 'list', app])
    expect(listed).toMatch(new RegExp(`^${user.id} +active, unlinked +since `, 'm'))
    expect((await signIn()).user.id).not.toBe(user.id)
    for (const command of ['signout', 'export', 'unlink']) {
      const args = ['users', command, app, '1', ...(command === 'unlink' ? ['--yes'] : [])]
      expect(await refused(keys, args)).toContain('No user of this app')
    }
  })

  test('users are listed a page at a time, in the order asked for', async () => {
    const keys = await newApp('pages')
    const app = keys.accessKey
    await Promise.all(['Bea', 'Al', 'Cy'].map((name) => site.addUser(keys, name)))
    const byName = ['users', 'list', app, '--sort', 'name', '--asc', '--limit', '2']
    const first = await done(keys, byName)
    expect(first).toMatch(/ Al .*\n.* Bea .*\n2 of 3 users; --page 2 shows more\n$/)
    expect(await done(keys, [...byName, '--page', '2'])).toMatch(/ Cy .*\n1 of 3 users\n$/)
  })

  test('a name that would steer the terminal is shown, not obeyed', async () => {
    const keys = await newApp('steer')
    await site.addUser(keys, '\u001b[2J\u009b1m\u202eEve\nroot')
    for (const more of [[], ['--json']]) {
      const shown = await done(keys, ['users', 'list', keys.accessKey, ...more])
      expect(shown).toContain('\\u001b[2J\\u009b1m\\u202eEve')
      // oxlint-disable-next-line no-control-regex -- these are what must not come out
      expect(shown).not.toMatch(/[\u001b\u009b\u202e]|^root/m)
    }
  })

  test('keys rotate wants --yes, prints the new secret once, and ends the old one', async () => {
    const keys = await newApp('rotate')
    expect(await refused(keys, ['keys', 'rotate', keys.accessKey])).toContain('--yes')
    expect(await site.client(keys).me()).toMatchObject({ id: keys.accessKey })
    const rotated = await done(keys, ['keys', 'rotate', keys.accessKey, '--yes', '--json'])
    const renewed = JSON.parse(rotated) as AppKeys
    expect(renewed.secretKey).toMatch(/^[\w-]{43}$/)
    await site.untilEnded(keys)
    expect(await site.client(renewed).me()).toMatchObject({ id: keys.accessKey })
    const shown = await done(renewed, ['keys', 'rotate', keys.accessKey, '--yes'])
    expect(shown).toMatch(/shown only now[^]*secret key {2}[\w-]{43}\n/)
  })

  test('apps delete wants --yes, and deletes the app', async () => {
    await newApp('gone')
    const name = `gone-${aim}`
    expect(await refused(ROOT, ['apps', 'delete', name])).toContain('--yes')
    expect(await appNames()).toContain(name)
    await done(ROOT, ['apps', 'delete', name, '--yes'])
    expect(await appNames()).not.toContain(name)
    expect(await refused(ROOT, ['apps', 'delete', name, '--yes'])).toContain(`no app ${name}`)
  })

  test.each([
    ['the root app cannot be deleted', ['apps', 'delete', 'para', '--yes'], 'cannot be deleted'],
    ['a configured secret is not rotated', ['keys', 'rotate', 'para', '-y'], 'root_secret_key'],
    ['a bad value is not stored', ['settings', 'set', 'para', 'security.strict', 'x'], 'true or'],
    ['a setting needs a name', ['settings', 'set', 'para', '', 'x'], 'name of a setting'],
    ['half of a pair is no setting', ['apps', 'create', 'a', '--az-app-id', 'x'], 'or neither'],
    ['a page is counted from 1', ['users', 'list', 'para', '--page', '0'], 'from 1 to'],
    ['an order must be known', ['users', 'list', 'para', '--sort', 'x'], 'timestamp'],
  ])('%s', async (_fact, args, told) => {
    expect(await refused(ROOT, args)).toContain(told)
  })
})
