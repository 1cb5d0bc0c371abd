import { setTimeout } from 'node:timers/promises'
import type { SqlStore } from '../../../src/store/sql/open-sql-store'
import type { AuditEvent } from '../../../src/audit/audit-event'
import { exportUser } from '../../../src/users/export-user'
import type { RelinkOutcome } from '../../../src/users/relink'
import { UserIdTakenError, type User } from '../../../src/users/user'
import { openRows } from '../../bench/open-rows'
import { buildApp, buildUser, openStore } from './open-store'
import { startChild } from './start-child'

const ODD_IDS = [
  '__proto__',
  'constructor',
  'toString',
  '../x',
  "a'--",
  '"; DROP TABLE users; --',
  '%',
  'x'.repeat(10_000),
]
const ODD_NAMES = ['Zoë Müller', '李小龍', '👩‍👩‍👧‍👦', '\u202eevil\u202c', 'O\'Hara \\ "x" \n\t', '']

function only(entries: readonly (readonly [string, string])[]) {
  return { settings: new Map(entries), kept: [] }
}

/**
 * What every SQL store does, whatever its dialect.
 *
 * @param freshUrl Gives the URL of an empty store that other processes can open too.
 */
export function describeStoreContract(
  dialect: string,
  freshUrl: () => string | Promise<string>,
): void {
  describe(dialect, () => {
    let url: string
    let store: SqlStore

    beforeEach(async () => {
      url = await freshUrl()
      store = openStore(url)
      await store.apps.insert(buildApp(), new Map())
    })
    afterEach(() => store.close())

    describe('apps', () => {
      test('an inserted app is found with its settings', async () => {
        const app = buildApp({ id: 'news', active: false, updatedAtMs: 1_800_000_000_000 })
        const settings = new Map([
          ['az_app_id', '"amzn1.x"'],
          ['a.b', '{"deep":[1,null]}'],
        ])
        expect(await store.apps.insert(app, settings)).toBe(true)
        expect(await store.apps.findWhole('news')).toEqual({ app, settings })
      })

      test('an app without settings is found with none', async () => {
        expect(await store.apps.findWhole('shop')).toEqual({ app: buildApp(), settings: new Map() })
      })

      test('an insert with a taken id changes neither the app nor its settings', async () => {
        await store.apps.putSetting('shop', { name: 'a', value: '1' }, 5)
        const before = await store.apps.findWhole('shop')
        const second = buildApp({ name: 'Other', sealedSecret: 'k1.other' })
        expect(await store.apps.insert(second, new Map([['a', '2']]))).toBe(false)
        expect(await store.apps.findWhole('shop')).toEqual(before)
      })

      test('apps are listed by id, page after page', async () => {
        for (const id of ['b', 'a', 'c']) await store.apps.insert(buildApp({ id }), new Map())
        const first = await store.apps.list({ limit: 2 })
        const second = await store.apps.list({ afterId: 'b', limit: 2 })
        expect([first, second].map((page) => page.map((app) => app.id))).toEqual([
          ['a', 'b'],
          ['c', 'shop'],
        ])
        expect(second[1]).toEqual(buildApp())
      })

      test('a replaced secret is found; an unknown app has none to replace', async () => {
        expect(await store.apps.replaceSecret('shop', 'k1.new', 9)).toBe(true)
        expect(await store.apps.replaceSecret('nope', 'k1.new', 9)).toBe(false)
        const found = await store.apps.findWhole('shop')
        expect(found?.app).toEqual(buildApp({ sealedSecret: 'k1.new', updatedAtMs: 9 }))
      })

      test('an app is switched and renamed, each alone or both, and an unknown one is not', async () => {
        const state = async () => {
          const app = (await store.apps.find('shop'))?.app
          return [app?.name, app?.active, app?.updatedAtMs]
        }
        expect(await store.apps.patch('shop', { active: false }, 7)).toBe(true)
        expect(await state()).toEqual(['The shop', false, 7])
        expect(await store.apps.patch('shop', { name: 'Laden' }, 8)).toBe(true)
        expect(await state()).toEqual(['Laden', false, 8])
        expect(await store.apps.patch('shop', { name: 'Shop', active: true }, 9)).toBe(true)
        expect(await state()).toEqual(['Shop', true, 9])
        expect(await store.apps.patch('nope', { active: false }, 9)).toBe(false)
      })

      test('a setting is put, put again and deleted, and each time the app is updated', async () => {
        expect(await store.apps.putSetting('shop', { name: 'a', value: '1' }, 7)).toBe('done')
        expect(await store.apps.putSetting('shop', { name: 'a', value: '2' }, 8)).toBe('done')
        expect(await store.apps.findWhole('shop')).toEqual({
          app: buildApp({ updatedAtMs: 8 }),
          settings: new Map([['a', '2']]),
        })
        await store.apps.deleteSetting('shop', 'a', 9)
        await store.apps.deleteSetting('shop', 'never-there', 10)
        expect(await store.apps.findWhole('shop')).toEqual({
          app: buildApp({ updatedAtMs: 10 }),
          settings: new Map(),
        })
      })

      test('settings are changed together where they are still what they were, and only there', async () => {
        await store.apps.putSetting('shop', { name: 'kept', value: '1' }, 5)
        await store.apps.putSetting('shop', { name: 'going', value: '2' }, 5)
        const changes = [
          { name: 'kept', from: '1', to: '"new"' },
          { name: 'fresh', from: undefined, to: 'true' },
          { name: 'going', from: '2', to: undefined },
          { name: 'nowhere', from: '9', to: undefined },
          { name: 'other', from: '9', to: '10' },
        ]
        expect(await store.apps.changeSettings('shop', changes, 6)).toEqual([
          'kept',
          'fresh',
          'going',
        ])
        const found = await store.apps.findWhole('shop')
        expect(found?.app.updatedAtMs).toBe(6)
        expect(found?.settings.get('kept')).toBe('"new"')
        expect(found?.settings.get('fresh')).toBe('true')
        expect(['going', 'other'].some((name) => found?.settings.has(name))).toBe(false)
        expect(await store.apps.changeSettings('shop', changes, 7)).toEqual([])
        expect(await store.apps.changeSettings('nope', [], 7)).toBeUndefined()
      })

      test('of 20 who change one setting at once, having seen the same, one does', async () => {
        const done = await Promise.all(
          Array.from({ length: 20 }, (_none, at) =>
            store.apps.changeSettings(
              'shop',
              [{ name: 'raced', from: undefined, to: String(at) }],
              9,
            ),
          ),
        )
        expect(done.flat()).toEqual(['raced'])
      })

      test('an app gets no more settings than it may have, however many are put at once', async () => {
        const all = Array.from({ length: 990 }, (_, n) => [`k${n}`, '1'] as const)
        await store.apps.replaceSettings('shop', only(all), 7)
        const names = Array.from({ length: 40 }, (_, n) => `more${n}`)
        const outcomes = await Promise.all(
          names.map((name) => store.apps.putSetting('shop', { name, value: '1' }, 8)),
        )
        expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(10)
        expect(outcomes.filter((outcome) => outcome === 'no_room')).toHaveLength(30)
        expect((await store.apps.findWhole('shop'))?.settings.size).toBe(1000)
        const known = { name: 'k1', value: '2' }
        expect(await store.apps.putSetting('shop', known, 9)).toBe('done')
      })

      test('an app gets no larger settings than it may have, and a refused one changes nothing', async () => {
        const half = 'é'.repeat(64 * 1024)
        expect(await store.apps.putSetting('shop', { name: 'a', value: half }, 7)).toBe('done')
        const outcomes = await Promise.all(
          ['b', 'c', 'd', 'e'].map((name) =>
            store.apps.putSetting('shop', { name, value: half.slice(2) }, 8),
          ),
        )
        expect(outcomes.sort()).toEqual(['done', 'no_room', 'no_room', 'no_room'])
        const before = await store.apps.findWhole('shop')
        expect(await store.apps.putSetting('shop', { name: 'f', value: half }, 9)).toBe('no_room')
        expect(await store.apps.putSetting('shop', { name: 'a', value: `${half}${half}` }, 9)).toBe(
          'no_room',
        )
        expect(await store.apps.findWhole('shop')).toEqual(before)
        expect(await store.apps.putSetting('shop', { name: 'a', value: '1' }, 9)).toBe('done')
        expect(await store.apps.putSetting('shop', { name: 'f', value: half }, 9)).toBe('done')
      })

      test('of all settings a login reads those that have a meaning, by ours and by Para’s names', async () => {
        const known: [string, string][] = [
          ['az_app_id', '"id"'],
          ['security.one_session_per_user', 'true'],
        ]
        await store.apps.replaceSettings('shop', only([...known, ['colour', '"red"']]), 7)
        expect(await store.apps.find('shop')).toEqual({
          app: buildApp({ updatedAtMs: 7 }),
          known: new Map(known),
          webhookEvents: [],
        })
        expect((await store.apps.findWhole('shop'))?.settings.size).toBe(3)
      })

      test('replaced settings keep nothing of the old ones', async () => {
        await store.apps.putSetting('shop', { name: 'old', value: '1' }, 7)
        expect(await store.apps.replaceSettings('shop', only([['new', '2']]), 8)).toBe(true)
        expect((await store.apps.findWhole('shop'))?.settings).toEqual(new Map([['new', '2']]))
        expect(await store.apps.replaceSettings('shop', only([]), 9)).toBe(true)
        expect((await store.apps.findWhole('shop'))?.settings).toEqual(new Map())
      })

      test('kept settings stay as they are, whatever their names hold', async () => {
        const names = ['az_secret', 'secret', 'a.b%_', 'çé 🔑', "x'y"]
        for (const name of names) await store.apps.putSetting('shop', { name, value: name }, 7)
        const kept = ['az_secret', 'a.b%_', "x'y"]
        const settings = new Map([['new', '1']])
        await store.apps.replaceSettings('shop', { settings, kept }, 8)
        expect((await store.apps.findWhole('shop'))?.settings).toEqual(
          new Map([...kept.map((name) => [name, name] as const), ['new', '1']]),
        )
      })

      test('a deleted app whose users still go is found in no way, takes nothing, and keeps its name', async () => {
        for (const id of ['1', '2', '3']) {
          await store.users.upsert(buildUser({ id, identifier: id }), {})
        }
        await store.apps.delete('shop', 5)
        expect(await store.apps.removeDeleted(2)).toBe(2)
        expect(await store.apps.findWhole('shop')).toBeUndefined()
        expect(await store.apps.list({ limit: 5 })).toEqual([])
        expect(await store.apps.count()).toBe(0)
        expect(await store.apps.listSealed({ afterId: '', limit: 5 })).toEqual([])
        expect(await store.apps.replaceSecret('shop', 'k1.new', 9)).toBe(false)
        expect(await store.apps.putSetting('shop', { name: 'a', value: '1' }, 9)).toBe('no_app')
        expect(await store.apps.replaceSettings('shop', only([['a', '1']]), 9)).toBe(false)
        expect(await store.apps.insert(buildApp(), new Map())).toBe(false)
        expect(await store.apps.removeDeleted(2)).toBe(2)
        expect(await store.apps.removeDeleted(2)).toBe(0)
        expect(await store.apps.insert(buildApp(), new Map())).toBe(true)
        expect((await store.apps.findWhole('shop'))?.settings).toEqual(new Map())
        expect(await countUsers(store)).toBe(0)
      })

      test('what several deleted apps have left is removed in bites', async () => {
        for (const id of ['a', 'b', 'c']) {
          await store.apps.insert(buildApp({ id }), new Map())
          await store.users.upsert(buildUser({ appId: id }), {})
          await store.apps.delete(id, 5)
        }
        expect(await store.apps.removeDeleted(4)).toBe(4)
        expect(await store.apps.removeDeleted(4)).toBe(2)
        expect(await store.apps.insert(buildApp({ id: 'c' }), new Map())).toBe(true)
      })

      test('sealed texts are listed by app, and replaced where they are still the same', async () => {
        await store.apps.insert(buildApp({ id: 'a' }), new Map([['x', '1']]))
        await store.apps.putSetting('shop', { name: 'y', value: '2' }, 5)
        const [first] = await store.apps.listSealed({ afterId: '', limit: 1 })
        expect(first).toEqual({
          id: 'a',
          sealedSecret: 'k1.sealed',
          settings: new Map([['x', '1']]),
        })
        const rest = await store.apps.listSealed({ afterId: 'a', limit: 9 })
        expect(rest.map(({ id, settings }) => [id, settings.get('y')])).toEqual([['shop', '2']])
        const changes = [
          { appId: 'a', setting: undefined, from: 'k1.sealed', to: 'k2.sealed' },
          { appId: 'shop', setting: 'y', from: '2', to: '3' },
          { appId: 'shop', setting: 'y', from: '2', to: '4' },
          { appId: 'nope', setting: undefined, from: 'k1.sealed', to: 'k2.sealed' },
        ]
        expect(await store.apps.reseal(changes)).toBe(2)
        expect((await store.apps.findWhole('a'))?.app).toEqual(
          buildApp({ id: 'a', sealedSecret: 'k2.sealed' }),
        )
        expect((await store.apps.findWhole('shop'))?.settings).toEqual(new Map([['y', '3']]))
      })

      test('apps are counted, and passed over by an offset', async () => {
        for (const id of ['b', 'a']) await store.apps.insert(buildApp({ id }), new Map())
        expect(await store.apps.count()).toBe(3)
        const page = await store.apps.list({ offset: 1, limit: 5 })
        expect(page.map((app) => app.id)).toEqual(['b', 'shop'])
      })

      test('apps are found by what id or name begins with', async () => {
        await store.apps.insert(buildApp({ id: 'shop-2', name: 'Bakery' }), new Map())
        await store.apps.insert(buildApp({ id: 'news', name: 'Shopping News' }), new Map())
        const find = async (search: string) => {
          const apps = await store.apps.list({ limit: 9, search })
          expect(await store.apps.count(search)).toBe(apps.length)
          return apps.map(({ id }) => id)
        }
        expect(await find('shop')).toEqual(['news', 'shop', 'shop-2'])
        expect(await find('BAK')).toEqual(['shop-2'])
        expect(await find('x')).toEqual([])
        const behind = await store.apps.list({ afterId: 'news', limit: 1, search: 'shop' })
        expect(behind.map(({ id }) => id)).toEqual(['shop'])
      })

      test('an unknown app takes no settings and does not come to be by them', async () => {
        expect(await store.apps.putSetting('nope', { name: 'a', value: '1' }, 7)).toBe('no_app')
        expect(await store.apps.replaceSettings('nope', only([['a', '1']]), 7)).toBe(false)
        expect(await store.apps.replaceSettings('nope', only([]), 7)).toBe(false)
        await store.apps.deleteSetting('nope', 'a', 7)
        expect(await store.apps.findWhole('nope')).toBeUndefined()
      })

      test('a deleted app takes its settings and users along, and leaves those of others', async () => {
        await store.apps.insert(buildApp({ id: 'news' }), new Map([['a', '1']]))
        await store.users.upsert(buildUser({ appId: 'news' }), {})
        await store.users.upsert(buildUser(), {})
        expect(await store.apps.delete('news', 5)).toBe(true)
        expect(await store.apps.delete('news', 6)).toBe(false)
        expect(await store.apps.removeDeleted(10)).toBe(2)
        expect(await store.apps.insert(buildApp({ id: 'news' }), new Map())).toBe(true)
        expect((await store.apps.findWhole('news'))?.settings).toEqual(new Map())
        expect(await store.users.findById('news', '1001')).toBeUndefined()
        expect(await store.users.findById('shop', '1001')).toEqual(buildUser())
      })

      test('settings that two processes write at once are all there afterwards', async () => {
        const writers = [1, 2].map(() => startChild(['put-settings', url, '30']))
        expect(await Promise.all(writers.map((writer) => writer.exitCode))).toEqual([0, 0])
        expect((await store.apps.findWhole('shop'))?.settings.size).toBe(60)
      })

      test('a process killed while it replaces settings leaves those of one call', async () => {
        await killDuringWork(['replace-settings-forever', url], 5)
        const settings = (await store.apps.findWhole('shop'))?.settings
        expect(settings?.size).toBe(20)
        expect(new Set(settings?.values()).size).toBe(1)
      })
    })

    test('keys are noted; before any is, those that have sealed the secrets of apps count', async () => {
      expect(await store.sealingKeys.list()).toEqual(['k1.sea'])
      await store.sealingKeys.add('bbbbbb')
      await store.sealingKeys.add('aaaaaa')
      await store.sealingKeys.add('bbbbbb')
      expect(await store.sealingKeys.list()).toEqual(['aaaaaa', 'bbbbbb'])
      await store.sealingKeys.keepOnly('bbbbbb')
      expect(await store.sealingKeys.list()).toEqual(['bbbbbb'])
    })

    test('nodes that serve are noted once, by when they were seen last, until they are forgotten', async () => {
      const node = { id: 'a', label: 'web-1 (pid 7)', keyIds: ['bbbbbb', 'aaaaaa'], seenAtMs: 1000 }
      await store.servingNodes.note(node)
      await store.servingNodes.note({ ...node, seenAtMs: 2000 })
      await store.servingNodes.note({ ...node, id: 'b', label: 'web-2 (pid 7)' })
      expect(await store.servingNodes.listSeenSince(2000)).toEqual([{ ...node, seenAtMs: 2000 }])
      expect(await store.servingNodes.deleteSeenBefore(2000, 5)).toBe(1)
      await store.servingNodes.forget('a')
      expect(await store.servingNodes.listSeenSince(0)).toEqual([])
    })

    describe('users', () => {
      test('an unknown user is found in no way', async () => {
        expect(await store.users.findById('shop', '1001')).toBeUndefined()
        expect(await store.users.findByIdentifier('shop', 'az:amzn1.account.A')).toBeUndefined()
        expect(await store.users.findByEmail('shop', 'ann@example.com')).toBeUndefined()
      })

      test('a new user is inserted as given, and found in every way', async () => {
        const user = buildUser({ active: false, sessionEpoch: 3 })
        expect(await store.users.upsert(user, { email: 'x@example.com', name: 'X' })).toEqual(user)
        expect(await store.users.findById('shop', user.id)).toEqual(user)
        expect(await store.users.findByIdentifier('shop', user.identifier)).toEqual(user)
        expect(await store.users.findByEmail('shop', user.email)).toEqual(user)
      })

      test('an upsert of a known user writes only the changes and the time', async () => {
        await store.users.upsert(buildUser(), {})
        const again = buildUser({ id: '2002', email: 'b@example.com', name: 'B', groups: 'admins' })
        const changes = { name: 'Ann B', tokenSecret: 'new-secret' }
        const updated = buildUser({ ...changes, updatedAtMs: 1_800_000_000_000 })
        expect(
          await store.users.upsert({ ...again, updatedAtMs: 1_800_000_000_000 }, changes),
        ).toEqual(updated)
        expect(await store.users.findById('shop', '1001')).toEqual(updated)
        expect(await store.users.findById('shop', '2002')).toBeUndefined()
      })

      test('an upsert of a locked user answers nothing and writes nothing', async () => {
        await store.users.upsert(buildUser(), {})
        await store.users.update('shop', '1001', { active: false, updatedAtMs: 5 })
        expect(await store.users.upsert(buildUser(), { name: 'New' })).toBeUndefined()
        expect(await store.users.findById('shop', '1001')).toEqual(
          buildUser({ active: false, updatedAtMs: 5 }),
        )
      })

      test('an upsert with the id of somebody else is refused with UserIdTakenError', async () => {
        await store.users.upsert(buildUser(), {})
        const clash = store.users.upsert(buildUser({ identifier: 'az:B', name: 'Bob' }), {})
        await expect(clash).rejects.toBeInstanceOf(UserIdTakenError)
        expect(await store.users.findById('shop', '1001')).toEqual(buildUser())
      })

      test('an upsert for an app that is gone is refused with app_not_found', async () => {
        const upsert = () => store.users.upsert(buildUser(), {})
        await store.apps.delete('shop', 5)
        await expect(upsert()).rejects.toMatchObject({ code: 'app_not_found' })
        await store.apps.removeDeleted(10)
        await expect(upsert()).rejects.toMatchObject({ code: 'app_not_found' })
        await store.apps.insert(buildApp(), new Map())
        expect(await store.users.findById('shop', '1001')).toBeUndefined()
      })

      test('one Amazon account in two apps is two users, and a change in one leaves the other', async () => {
        await store.apps.insert(buildApp({ id: 'news' }), new Map())
        await store.users.upsert(buildUser(), {})
        await store.users.upsert(buildUser({ appId: 'news' }), {})
        await store.users.update('news', '1001', { name: 'Nina', updatedAtMs: 5 })
        await store.users.delete('news', '1001', 1)
        expect(await store.users.findById('shop', '1001')).toEqual(buildUser())
      })

      test('of users with one email the first created is found, in that app only', async () => {
        await store.apps.insert(buildApp({ id: 'news' }), new Map())
        const first = buildUser({ id: '3', identifier: 'az:3', createdAtMs: 10 })
        const second = buildUser({ id: '1', identifier: 'az:1', createdAtMs: 20 })
        const elsewhere = buildUser({ appId: 'news', id: '2', identifier: 'az:2', createdAtMs: 1 })
        for (const user of [second, first, elsewhere]) await store.users.upsert(user, {})
        expect(await store.users.findByEmail('shop', 'ann@example.com')).toEqual(first)
      })

      test('an update writes what it names and keeps the rest', async () => {
        await store.users.upsert(buildUser(), {})
        const locked = { active: false, updatedAtMs: 5 }
        const update = { ...locked, endsSessions: true }
        expect(await store.users.update('shop', '1001', update)).toEqual(
          buildUser({ ...locked, sessionEpoch: 1 }),
        )
        const rest = {
          identifier: 'az:B',
          email: 'b@example.com',
          name: '',
          picture: 'p',
          groups: 'g',
          active: true,
          tokenSecret: 't',
          updatedAtMs: 6,
        }
        expect(await store.users.update('shop', '1001', rest)).toEqual(
          buildUser({ ...rest, sessionEpoch: 1 }),
        )
      })

      test('all who end the sessions of a user at once count', async () => {
        await store.users.upsert(buildUser(), {})
        const end = () => store.users.update('shop', '1001', { endsSessions: true, updatedAtMs: 5 })
        await Promise.all(Array.from({ length: 10 }, end))
        expect(await store.users.findById('shop', '1001')).toMatchObject({ sessionEpoch: 10 })
      })

      test('an update of nobody, or to an identifier of another user, answers nothing', async () => {
        await store.users.upsert(buildUser(), {})
        await store.users.upsert(buildUser({ id: '2', identifier: 'az:B' }), {})
        expect(await store.users.update('shop', '3', { updatedAtMs: 5 })).toBeUndefined()
        const clash = { identifier: 'az:B', updatedAtMs: 5 }
        expect(await store.users.update('shop', '1001', clash)).toBeUndefined()
        expect(await store.users.findById('shop', '1001')).toEqual(buildUser())
      })

      test('a token secret is renewed only while it is the one that was read', async () => {
        await store.users.upsert(buildUser(), {})
        const renewed = await store.users.renewTokenSecret(buildUser(), 'second', 7)
        expect(renewed).toEqual(buildUser({ tokenSecret: 'second', updatedAtMs: 7 }))
        expect(await store.users.renewTokenSecret(buildUser(), 'third', 8)).toBeUndefined()
        const stranger = buildUser({ id: '7' })
        expect(await store.users.renewTokenSecret(stranger, 'third', 8)).toBeUndefined()
        expect(await store.users.findById('shop', '1001')).toEqual(renewed)
      })

      test('a deleted user is gone, once', async () => {
        await store.users.upsert(buildUser(), {})
        expect(await store.users.delete('shop', '1001', 1)).toBe(true)
        expect(await store.users.delete('shop', '1001', 1)).toBe(false)
        expect(await store.users.findByIdentifier('shop', 'az:amzn1.account.A')).toBeUndefined()
      })

      describe('of whom there are sign-ins in the audit trail', () => {
        const event = (values: Partial<AuditEvent> = {}): AuditEvent => ({
          atMs: 1,
          app: 'shop',
          outcome: 'success',
          reason: 'ok',
          way: 'browser',
          userId: '1001',
          requestId: 'r1',
          network: '192.0.2.0/24',
          ...values,
        })
        const signIns = async (userId: string, appId = 'shop') => {
          const kind = store.users.kept.find(({ name }) => name === 'sign_ins')
          return (await kind?.page(appId, userId, undefined))?.items
        }

        test('these are read a page at a time, the latest first, each once', async () => {
          const events = Array.from({ length: 1201 }, (_, n) => event({ atMs: n >> 2 }))
          await store.audit.append(events)
          const exported = await exportUser(buildUser(), store.users.kept, 5)
          const times = exported.kept.sign_ins?.map((item) => (item as { at: number }).at) ?? []
          expect(times).toHaveLength(1201)
          expect(times).toEqual(times.toSorted((a, b) => b - a))
          expect(exported.cut_off).toEqual([])
        })

        test('and who is deleted, what they changed as an operator stays, without who it was', async () => {
          const [actor, way] = ['user:shop/1001', 'operator'] as const
          await store.users.upsert(buildUser(), {})
          const change = { reason: 'app_put', way, actor, detail: 'name', userId: undefined }
          const changes = Array.from({ length: 5 }, (_, n) =>
            event({ ...change, atMs: n, app: 'x' }),
          )
          await store.audit.append([...changes, event({ ...change, actor: 'user:shop/100' })])
          const exported = await exportUser(buildUser(), store.users.kept, 5)
          expect(exported.kept.operator_changes).toHaveLength(5)
          expect(exported.kept.operator_changes?.[0]).toEqual({
            ...{ at: 4, app: 'x', change: 'app_put', detail: 'name', network: '192.0.2.0/24' },
          })
          await store.users.delete('shop', '1001', 100)
          while ((await store.users.eraseDeleted(100, 2)) > 0);
          const { events } = await store.auditHistory.page({ about: 'changes' }, { limit: 9 })
          const actors = events.map((found) => found.actor).toSorted()
          expect(actors).toEqual([...Array.from({ length: 5 }, () => 'user:'), 'user:shop/100'])
        })

        test('and who is deleted, they lose the number of the user, in bites and of that user alone', async () => {
          await store.users.upsert(buildUser(), {})
          await store.apps.insert(buildApp({ id: 'news' }), new Map())
          await store.audit.append([
            ...Array.from({ length: 7 }, (_, n) => event({ atMs: n })),
            event({ userId: '1002' }),
            event({ app: 'news' }),
          ])
          await store.users.delete('shop', '1001', 100)
          expect(await store.users.eraseDeleted(99, 4)).toBe(0)
          expect(await signIns('1001')).toHaveLength(7)
          expect(await store.users.eraseDeleted(100, 4)).toBe(4)
          expect(await signIns('1001')).toHaveLength(3)
          expect(await store.users.eraseDeleted(100, 100)).toBe(4)
          expect(await store.users.eraseDeleted(100, 100)).toBe(0)
          expect(await signIns('1001')).toEqual([])
          expect(await signIns('1002')).toHaveLength(1)
          expect(await signIns('1001', 'news')).toHaveLength(1)
        })
      })

      describe('of before and after all ids of Amazon changed', () => {
        const old = buildUser({ id: '1', identifier: 'az:OLD' })
        const fresh = buildUser({ id: '2', identifier: 'az:NEW', email: 'Ann@Example.com' })
        const pair = { oldId: '1', newId: '2', oldIdentifier: 'az:OLD', newIdentifier: 'az:NEW' }
        beforeEach(async () => {
          await store.users.upsert(old, {})
          await store.users.upsert(fresh, {})
        })
        const both = () => Promise.all(['1', '2'].map((id) => store.users.findById('shop', id)))

        test('the old one gets the new identifier and keeps sessions and tokens; the new one is locked, without', async () => {
          expect(await store.relinking.relink('shop', [pair], 9)).toEqual(['done'])
          const [one, two] = await both()
          expect(one).toEqual({ ...old, identifier: 'az:NEW', updatedAtMs: 9 })
          expect(two).toEqual({
            ...fresh,
            identifier: 'relinked:1:2',
            active: false,
            sessionEpoch: 1,
            tokenSecret: two?.tokenSecret,
            updatedAtMs: 9,
          })
          expect(two?.tokenSecret).not.toBe(fresh.tokenSecret)
          expect(await store.relinking.relink('shop', [pair, pair], 10)).toEqual([
            'already',
            'already',
          ])
          expect(await both()).toEqual([one, two])
        })

        test('who is deleted then goes with the record that was locked, and an export has both', async () => {
          await store.relinking.relink('shop', [pair], 9)
          const one = (await store.users.findById('shop', '1')) ?? old
          const { kept } = await exportUser(one, store.users.kept, 5)
          expect(kept.relinked_records).toMatchObject([{ id: '2', email: fresh.email }])
          await store.users.upsert(buildUser({ id: '12', identifier: 'relinked:11:12' }), {})
          await store.users.delete('shop', '1', 10)
          while ((await store.users.eraseDeleted(10, 2)) > 0);
          expect(await both()).toEqual([undefined, undefined])
          expect(await store.users.findById('shop', '12')).toBeDefined()
          expect(await store.relinking.undo('shop', [pair], 11)).toEqual(['both_gone'])
        })

        test('an undo gives both back what they had; sessions, tokens and what Amazon told of the old one end', async () => {
          expect(await store.relinking.undo('shop', [pair], 8)).toEqual(['already'])
          await store.relinking.relink('shop', [pair], 9)
          const told = { profile: '{"phone":"555-NEW"}', scopes: 'profile postal_code' }
          await store.users.update('shop', '1', { ...told, updatedAtMs: 9 })
          expect(await store.relinking.undo('shop', [pair], 10)).toEqual(['done'])
          const [one, two] = await both()
          expect(one).toMatchObject({ identifier: 'az:OLD', active: true, sessionEpoch: 1 })
          expect(one).toMatchObject({ profile: null, scopes: null })
          expect(one?.tokenSecret).not.toBe(old.tokenSecret)
          expect(two).toMatchObject({ identifier: 'az:NEW', active: true, sessionEpoch: 1 })
          expect(await store.relinking.undo('shop', [pair], 11)).toEqual(['already'])
        })

        test.each<[string, RelinkOutcome, () => Promise<unknown>]>([
          ['the new one is deleted', 'new_gone', () => store.users.delete('shop', '2', 5)],
          ['the old one is deleted', 'old_gone', () => store.users.delete('shop', '1', 5)],
          [
            'the new one is locked',
            'new_locked',
            () => store.users.update('shop', '2', { active: false, updatedAtMs: 5 }),
          ],
          [
            'the old one has another identifier',
            'old_changed',
            () => store.users.update('shop', '1', { identifier: 'az:X', updatedAtMs: 5 }),
          ],
          [
            'the new one has another identifier',
            'new_changed',
            () => store.users.update('shop', '2', { identifier: 'az:X', updatedAtMs: 5 }),
          ],
          [
            'the new one was relinked to another',
            'new_relinked',
            async () => {
              await store.users.upsert(buildUser({ id: '7', identifier: 'az:O7' }), {})
              const other = { ...pair, oldId: '7', oldIdentifier: 'az:O7' }
              await store.relinking.relink('shop', [other], 5)
            },
          ],
        ])(
          'where %s meanwhile, it is %s and nothing is changed',
          async (_fact, outcome, meanwhile) => {
            await meanwhile()
            const before = await both()
            expect(await store.relinking.relink('shop', [pair], 9)).toEqual([outcome])
            expect(await both()).toEqual(before)
          },
        )

        test('an undo leaves a pair as it is when the old identifier has gone to somebody else, and does the others', async () => {
          const more = { oldId: '3', newId: '4', oldIdentifier: 'az:O3', newIdentifier: 'az:N4' }
          await store.users.upsert(buildUser({ id: '3', identifier: 'az:O3' }), {})
          await store.users.upsert(buildUser({ id: '4', identifier: 'az:N4' }), {})
          await store.relinking.relink('shop', [pair, more], 9)
          await store.users.upsert(buildUser({ id: '5', identifier: 'az:OLD' }), {})
          const before = await both()
          expect(await store.relinking.undo('shop', [pair, more], 10)).toEqual([
            'old_identifier_taken',
            'done',
          ])
          expect(await both()).toEqual(before)
        })

        test.each<[string, RelinkOutcome, () => Promise<unknown>]>([
          [
            'the new one was unlocked',
            'new_unlocked',
            () => store.users.update('shop', '2', { active: true, updatedAtMs: 10 }),
          ],
          ['the new one is deleted', 'new_gone', () => store.users.delete('shop', '2', 10)],
          [
            'the old one has another identifier',
            'old_changed',
            () => store.users.update('shop', '1', { identifier: 'az:X', updatedAtMs: 10 }),
          ],
          [
            'the new one has another identifier',
            'new_changed',
            () => store.users.update('shop', '2', { identifier: 'az:X', updatedAtMs: 10 }),
          ],
        ])(
          'where %s since the relink, an undo finds it %s, and changes nothing',
          async (_fact, outcome, meanwhile) => {
            await store.relinking.relink('shop', [pair], 9)
            await meanwhile()
            const before = await both()
            expect(await store.relinking.undo('shop', [pair], 11)).toEqual([outcome])
            expect(await both()).toEqual(before)
          },
        )

        test('of pairs that want the same old user, tried at once by many, one is done', async () => {
          await store.users.upsert(buildUser({ id: '3', identifier: 'az:N3' }), {})
          const rival = { ...pair, newId: '3', newIdentifier: 'az:N3' }
          const outcomes = await Promise.all(
            Array.from({ length: 12 }, (_, n) =>
              store.relinking.relink('shop', [n % 2 === 0 ? pair : rival], 9),
            ),
          )
          expect(outcomes.flat().filter((outcome) => outcome === 'done')).toHaveLength(1)
          const won = (await store.users.findById('shop', '1'))?.identifier
          expect(['az:NEW', 'az:N3']).toContain(won)
          const loser = won === 'az:NEW' ? '3' : '2'
          expect(await store.users.findById('shop', loser)).toMatchObject({
            active: true,
            sessionEpoch: 0,
          })
        })

        test('they come in the order of their emails, whatever the case, each once', async () => {
          for (const [id, email] of [
            ['3', 'ann@example.com'],
            ['4', 'Zoe@example.com'],
            ['5', 'bea@example.com'],
            ['6', 'ANN@EXAMPLE.COM'],
          ] as const) {
            await store.users.upsert(buildUser({ id, email, identifier: `az:${id}` }), {})
          }
          const ids: string[] = []
          for (let after: User | undefined; ;) {
            const page: readonly User[] = await store.relinking.pageByEmail('shop', after, 2)
            ids.push(...page.map(({ id }) => id))
            after = page.at(-1)
            if (page.length < 2) break
          }
          expect(ids).toEqual(['1', '2', '3', '6', '5', '4'])
        })
      })

      test.each([
        ['timestamp', false, ['1', '2', '3']],
        ['timestamp', true, ['3', '2', '1']],
        ['updated', false, ['3', '1', '2']],
        ['name', false, ['2', '3', '1']],
        ['email', true, ['2', '1', '3']],
        ['id', true, ['3', '2', '1']],
      ] as const)('users are listed by %s, descending: %s', async (sort, descending, ids) => {
        await insertThreeUsers(store)
        const page = { offset: 0, limit: 10, sort, descending }
        const { users, total } = await store.users.list('shop', page)
        expect(users.map((user) => user.id)).toEqual(ids)
        expect(total).toBe(3)
      })

      test('a page of users tells the total, also beyond the end and in an empty app', async () => {
        await insertThreeUsers(store)
        const order = { sort: 'id', descending: false, limit: 2 } as const
        const second = await store.users.list('shop', { ...order, offset: 2 })
        expect([second.users.map((user) => user.id), second.total]).toEqual([['3'], 3])
        expect(await store.users.list('shop', { ...order, offset: 9 })).toEqual({
          users: [],
          total: 3,
        })
        expect(await store.users.list('nope', { ...order, offset: 0 })).toEqual({
          users: [],
          total: 0,
        })
      })

      test('ids of different lengths are listed as the numbers they are, page after page', async () => {
        const ids = ['9', '10', '999999999999999999', '1000000000000000000', '2']
        for (const id of ids) {
          await store.users.upsert(buildUser({ id, identifier: `az:${id}` }), {})
        }
        const sorted = ids.toSorted((a, b) => Number(BigInt(a) - BigInt(b)))
        const page = { sort: 'id', limit: 2 } as const
        for (const descending of [false, true]) {
          const seen: string[] = []
          for (let offset = 0; offset < ids.length; offset += 2) {
            const { users } = await store.users.list('shop', { ...page, offset, descending })
            seen.push(...users.map(({ id }) => id))
          }
          expect(seen).toEqual(descending ? sorted.toReversed() : sorted)
        }
      })

      test('in each order each user of 12,000 stands on one page, whether pages are numbered or begin behind a user', async () => {
        await insertManyUsers(url, 12_000)
        for (const sort of ['timestamp', 'updated', 'name', 'email', 'id'] as const) {
          const order = { sort, descending: true, limit: 10 }
          const all = await store.users.list('shop', { ...order, limit: 12_000, offset: 0 })
          const ids = all.users.map(({ id }) => id)
          expect([sort, new Set(ids).size, all.total]).toEqual([sort, 12_000, 12_000])
          for (const offset of [4_999, 5_000, 9_997, 11_995]) {
            const { users, total } = await store.users.list('shop', { ...order, offset })
            expect([users.map(({ id }) => id), total]).toEqual([
              ids.slice(offset, offset + 10),
              12_000,
            ])
            const after = all.users[offset - 1]
            const behind = await store.users.list('shop', { ...order, offset: 0, after })
            expect(behind.users).toEqual(users)
          }
          const up = { ...order, descending: false, offset: 5_003 }
          const { users } = await store.users.list('shop', up)
          expect(users.map(({ id }) => id)).toEqual(ids.toReversed().slice(5_003, 5_013))
        }
      })

      test('users are found by what name, email or identifier begins with, in their app only', async () => {
        const people = [
          { id: '1', identifier: 'az:A1', name: 'Ann Lee', email: 'z@example.com' },
          { id: '2', identifier: 'az:a2', name: 'bea', email: 'ANNA@example.com' },
          { id: '3', identifier: 'az:A3', name: "A'nn", email: 'c_c@example.com' },
          { id: '4', identifier: 'az:A4', name: '李小龍', email: 'cxc@example.com' },
        ]
        for (const person of people) await store.users.upsert(buildUser(person), {})
        await store.apps.insert(buildApp({ id: 'news' }), new Map())
        await store.users.upsert(buildUser({ ...people[0], appId: 'news' }), {})
        const page = { offset: 0, limit: 10, sort: 'id', descending: false } as const
        const find = async (search: string) => {
          const { users, total } = await store.users.list('shop', { ...page, search })
          expect(total).toBe(users.length)
          return users.map(({ id }) => id)
        }
        expect(await find('ann')).toEqual(['1', '2'])
        expect(await find('ANN L')).toEqual(['1'])
        expect(await find('az:A')).toEqual(['1', '3', '4'])
        expect(await find("A'")).toEqual(['3'])
        expect(await find('c_')).toEqual(['3'])
        expect(await find('李')).toEqual(['4'])
        expect(await find('nn')).toEqual([])
        expect(await find('%')).toEqual([])
        const second = await store.users.list('shop', { ...page, search: 'a', offset: 1, limit: 1 })
        expect([second.users.map(({ id }) => id), second.total]).toEqual([['2'], 4])
      })

      test('50 first logins of one person at once make one user', async () => {
        const ids = Array.from({ length: 50 }, (_, index) => String(index))
        const users = await Promise.all(
          ids.map((id) => store.users.upsert(buildUser({ id }), { name: `Name ${id}` })),
        )
        expect(new Set(users.map((user) => user?.id)).size).toBe(1)
        expect(await countUsers(store)).toBe(1)
      })

      test('first logins of one person in two processes at once make one user', async () => {
        const children = [1, 2].map(() => startChild(['upsert-one-person', url, '25']))
        const ids = await Promise.all(children.map((child) => child.restOfLines()))
        expect(ids.map((lines) => lines.length)).toEqual([25, 25])
        expect(new Set(ids.flat()).size).toBe(1)
        expect(await countUsers(store)).toBe(1)
      })

      test('processes killed during upserts lose no user that was answered, and leave none half written', async () => {
        for (const id of await killDuringWork(['upsert-forever', url], 5)) {
          expect((await store.users.findByIdentifier('shop', `az:${id}`))?.name).toBe(`Name ${id}`)
        }
        expect(await store.users.upsert(buildUser(), {})).toEqual(buildUser())
      })
    })

    describe('sessions', () => {
      const session = { data: '{"cookie":{}}', expiresAtMs: 2000 }

      test('a session is found until it ends', async () => {
        await store.sessions.put('hash', session)
        expect(await store.sessions.find('hash', 1999)).toEqual(session)
        expect(await store.sessions.find('hash', 2000)).toBeUndefined()
        expect(await store.sessions.find('other', 0)).toBeUndefined()
      })

      test('a session put again holds the new data', async () => {
        await store.sessions.put('hash', session)
        await store.sessions.put('hash', { data: '{}', expiresAtMs: 3000 })
        expect(await store.sessions.find('hash', 0)).toEqual({ data: '{}', expiresAtMs: 3000 })
      })

      test('a deleted session is gone', async () => {
        await store.sessions.put('hash', session)
        await store.sessions.delete('hash')
        await store.sessions.delete('hash')
        expect(await store.sessions.find('hash', 0)).toBeUndefined()
      })

      test('sessions that have ended are removed, at most as many as asked, and live ones stay', async () => {
        for (let index = 0; index < 5; index += 1) {
          await store.sessions.put(`ended${index}`, { data: '{}', expiresAtMs: 1000 + index })
        }
        await store.sessions.put('live', session)
        expect(await store.sessions.deleteExpired(1999, 3)).toBe(3)
        expect(await store.sessions.deleteExpired(1999, 3)).toBe(2)
        expect(await store.sessions.deleteExpired(1999, 3)).toBe(0)
        expect(await store.sessions.find('ended4', 0)).toBeUndefined()
        expect(await store.sessions.find('live', 0)).toEqual(session)
      })
    })

    describe('single use', () => {
      const use = { appId: 'shop', name: 'token 1', expiresAtMs: 2000 }

      test('what is taken once is gone, for its app alone', async () => {
        expect(await store.singleUse.take(use)).toBe(true)
        expect(await store.singleUse.take(use)).toBe(false)
        expect(await store.singleUse.take({ ...use, name: 'token 2' })).toBe(true)
        expect(await store.singleUse.take({ ...use, appId: 'other' })).toBe(true)
      })

      test('of 50 that take it at once through two connections, one has it', async () => {
        const second = openStore(url)
        const takes = Array.from({ length: 50 }, (_, n) =>
          (n % 2 === 0 ? store : second).singleUse.take(use),
        )
        expect((await Promise.all(takes)).filter(Boolean)).toHaveLength(1)
        await second.close()
      })

      test('what has had its time is forgotten, at most as many as asked, and nothing else', async () => {
        for (let index = 0; index < 5; index += 1) {
          await store.singleUse.take({ ...use, name: `${index}`, expiresAtMs: 1000 + index })
        }
        await store.singleUse.take(use)
        expect(await store.singleUse.deleteExpired(1999, 3)).toBe(3)
        expect(await store.singleUse.deleteExpired(1999, 3)).toBe(2)
        expect(await store.singleUse.deleteExpired(1999, 3)).toBe(0)
        expect(await store.singleUse.take({ ...use, name: '0' })).toBe(true)
        expect(await store.singleUse.take(use)).toBe(false)
      })
    })

    describe('odd text', () => {
      test.each(ODD_IDS.map((id) => [id.slice(0, 30), id]))(
        'an app, setting, user and session named %s are unknown, then kept',
        async (id) => {
          expect(await store.apps.findWhole(id)).toBeUndefined()
          expect(await store.users.findById('shop', id)).toBeUndefined()
          expect(await store.sessions.find(id, 0)).toBeUndefined()
          const user = buildUser({ appId: id, id, identifier: id, email: id, name: id })
          await store.apps.insert(buildApp({ id }), new Map([[id, id]]))
          await store.users.upsert(user, {})
          await store.sessions.put(id, { data: id, expiresAtMs: 1 })
          expect(await store.apps.findWhole(id)).toEqual({
            app: buildApp({ id }),
            settings: new Map([[id, id]]),
          })
          expect(await store.users.findByIdentifier(id, id)).toEqual(user)
          expect(await store.sessions.find(id, 0)).toEqual({ data: id, expiresAtMs: 1 })
          expect(await store.apps.findWhole('shop')).toEqual({
            app: buildApp(),
            settings: new Map(),
          })
        },
      )

      test.each(ODD_NAMES)('the name %j comes back as it was given', async (name) => {
        expect((await store.users.upsert(buildUser({ name }), {}))?.name).toBe(name)
        expect((await store.users.findById('shop', '1001'))?.name).toBe(name)
      })

      test.each([
        ['a\ud800b', 'a\ufffdb'],
        ['\udc00', '\ufffd'],
        ['a\0b', 'a\ufffdb'],
      ])('%j, which not every store can hold, is kept and found as %j', async (text, kept) => {
        await store.users.upsert(buildUser({ identifier: text, name: text }), {})
        expect((await store.users.findByIdentifier('shop', text))?.name).toBe(kept)
        expect((await store.users.findByIdentifier('shop', kept))?.name).toBe(kept)
      })
    })

    test('ids, identifiers and ids of apps are told apart by case', async () => {
      await store.users.upsert(buildUser(), {})
      expect(await store.users.findByIdentifier('shop', 'AZ:AMZN1.ACCOUNT.A')).toBeUndefined()
      expect(await store.apps.findWhole('SHOP')).toBeUndefined()
    })

    test('four processes that start on an empty store at once all come up', async () => {
      const empty = await freshUrl()
      const children = [1, 2, 3, 4].map(() => startChild(['open', empty]))
      const lines = await Promise.all(children.map((child) => child.restOfLines()))
      expect(lines).toEqual([['ready'], ['ready'], ['ready'], ['ready']])
    })

    test('a store opened again has kept everything', async () => {
      await store.users.upsert(buildUser(), {})
      await store.close()
      store = openStore(url)
      expect(await store.users.findById('shop', '1001')).toEqual(buildUser())
    })

    test('a closed store is not healthy and answers store_unavailable', async () => {
      expect(await store.isHealthy()).toBe(true)
      await store.close()
      expect(await store.isHealthy()).toBe(false)
      await expect(store.apps.findWhole('shop')).rejects.toMatchObject({
        code: 'store_unavailable',
      })
    })
  })
}

/** Some with equal names, emails and times; some with ids a digit longer. */
async function insertManyUsers(url: string, count: number): Promise<void> {
  const rows = await openRows(url)
  const users = Array.from({ length: count }, (_none, n) => ({
    app_id: 'shop',
    id: String(7_000 + n),
    identifier: `az:${n}`,
    email: `${n % 100}@example.com`,
    name: `${n % 2 === 0 ? 'P' : 'p'}erson ${n % 7}`,
    picture: '',
    groups: 'users',
    active: 1,
    token_secret: 't',
    session_epoch: 0,
    created_at: 1_000 + (n % 2),
    updated_at: 2_000 - (n % 5),
  }))
  await rows.insert('users', users)
  await rows.close()
}

async function insertThreeUsers(store: SqlStore): Promise<void> {
  const rows = [
    { id: '1', name: 'c', email: 'b', createdAtMs: 1, updatedAtMs: 8 },
    { id: '2', name: 'a', email: 'c', createdAtMs: 2, updatedAtMs: 9 },
    { id: '3', name: 'b', email: 'a', createdAtMs: 3, updatedAtMs: 7 },
  ]
  for (const row of rows) {
    await store.users.upsert(buildUser({ ...row, identifier: `az:${row.id}` }), {})
  }
}

async function countUsers(store: SqlStore): Promise<number> {
  const page = { offset: 0, limit: 1, sort: 'id', descending: false } as const
  return (await store.users.list('shop', page)).total
}

/** Lets processes work side by side and kills each at a random moment; gives the lines they had printed. */
async function killDuringWork(command: [string, string], processes: number): Promise<string[]> {
  const printed = Array.from({ length: processes }, async () => {
    const child = startChild(command)
    const first = await child.nextLine()
    await setTimeout(Math.random() * 50)
    child.kill()
    return [...(first === undefined ? [] : [first]), ...(await child.restOfLines())]
  })
  return (await Promise.all(printed)).flat()
}
