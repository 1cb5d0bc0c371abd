import { setTimeout } from 'node:timers/promises'
import { storeContract } from '../../../src/store-contract'
import { OPTIONAL_PARTS } from '../../../src/store/own/part-methods'
import type { SqlStore } from '../../../src/store/sql/open-sql-store'
import type { OptionalPart, Store } from '../../../src/store/store'
import { openRows } from '../../bench/open-rows'
import { buildApp, buildUser, openStore } from './open-store'
import { startChild } from './start-child'

function only(entries: readonly (readonly [string, string])[]) {
  return { settings: new Map(entries), kept: [] }
}

/**
 * What every SQL store does, whatever its dialect: the contract of all stores, and what only stores of SQL can show.
 *
 * @param freshUrl Gives the URL of an empty store that other processes can open too.
 * @param empty Takes everything out of a store that is open.
 */
export function describeStoreContract(
  dialect: string,
  freshUrl: () => string | Promise<string>,
  empty: (url: string) => Promise<void>,
): void {
  describe(`the contract in ${dialect}`, () => {
    let url: string
    let stores: SqlStore[]
    beforeAll(async () => {
      url = await freshUrl()
      stores = [openStore(url), openStore(url)]
      for (const store of stores) await store.ready()
    })
    afterAll(async () => {
      for (const store of stores) await store.close()
    })
    /** One that stays open when its case ends. */
    function opened(at: 0 | 1): Store {
      const store = stores[at]
      if (store === undefined) throw new Error('not open')
      return Object.assign(Object.create(store) as Store, { close: () => Promise.resolve() })
    }

    const cases = storeContract({
      async open() {
        await empty(url)
        return opened(0)
      },
      reopen: () => opened(1),
      parts: Object.keys(OPTIONAL_PARTS) as OptionalPart[],
    })
    for (const { name, run } of cases) test(name, run)
  })

  describe(dialect, () => {
    let url: string
    let store: SqlStore

    beforeEach(async () => {
      url = await freshUrl()
      store = openStore(url)
      await store.apps.insert(buildApp(), new Map())
    })
    afterEach(() => store.close())

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

    test('an app without webhooks wants to be told of nothing', async () => {
      expect(await store.apps.find('shop')).toEqual({
        app: buildApp(),
        known: new Map(),
        webhookEvents: [],
      })
    })

    test('before any key is noted, those that have sealed the secrets of apps count', async () => {
      expect(await store.sealingKeys.list()).toEqual(['k1.sea'])
    })

    test('an upsert for an app whose users still go is refused, and so it is afterwards', async () => {
      const upsert = () => store.users.upsert(buildUser(), {})
      await store.apps.delete('shop', 5)
      await expect(upsert()).rejects.toMatchObject({ code: 'app_not_found' })
      await store.apps.removeDeleted(10)
      await expect(upsert()).rejects.toMatchObject({ code: 'app_not_found' })
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
