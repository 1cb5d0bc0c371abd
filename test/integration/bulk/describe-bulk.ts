import { createBulkChanges, type BulkChanges } from '../../../src/bulk/create-bulk-changes'
import type { BulkAction, BulkChange, BulkCover } from '../../../src/bulk/bulk-change'
import type { UserChanged } from '../../../src/bulk/run-bulk'
import type { SqlStore } from '../../../src/store/sql/open-sql-store'
import { buildApp, buildUser, openStore, silentLogger } from '../store/open-store'
import { until } from '../../support/until'

const NOW_MS = 1_750_000_000_000
const ACTOR = 'app:para'

const EVENT = { app: 'shop', requestId: undefined, network: '192.0.2.0/24' } as const
const signedIn = (userId: string, atMs: number) =>
  ({ ...EVENT, atMs, userId, outcome: 'success', reason: 'ok', way: 'browser' }) as const

type Order = BulkCover & { readonly ids?: readonly string[] }

/**
 * What changes of many users do in every SQL store.
 *
 * @param freshUrl Gives the URL of an empty store.
 */
export function describeBulk(dialect: string, freshUrl: () => string | Promise<string>): void {
  describe(`changes of many users in ${dialect}`, () => {
    let url: string
    let store: SqlStore
    let nowMs: number
    let told: UserChanged[]
    let bulk: BulkChanges
    const opened: (() => Promise<void>)[] = []

    function openBulk(on: SqlStore, isAudited = true): BulkChanges {
      const made = createBulkChanges({
        store: on.bulk,
        isAudited,
        onChanged: (changed) => told.push(changed),
        logger: silentLogger,
        now: () => nowMs,
      })
      opened.push(() => made.close())
      return made
    }

    beforeEach(async () => {
      url = await freshUrl()
      store = openStore(url)
      nowMs = NOW_MS
      told = []
      bulk = openBulk(store)
      await store.apps.insert(buildApp(), new Map())
    })
    afterEach(async () => {
      for (const close of opened.splice(0)) await close()
      await store.close()
    })

    const add = (id: string, values: Parameters<typeof buildUser>[0] = {}) =>
      store.users.upsert(buildUser({ id, identifier: `az:${id}`, ...values }), {})
    const find = (id: string) => store.users.findById('shop', id)
    async function addMany(count: number): Promise<void> {
      for (let at = 0; at < count; at += 1) await add(String(1000 + at))
    }
    async function begin(action: BulkAction, covers: Order, appId = 'shop') {
      const begun = await bulk.begin(appId, { action, covers, actor: ACTOR })
      if (begun === undefined) throw new Error('not begun')
      await until(async () => (await bulk.find(begun))?.state === 'ready')
      return (await bulk.find(begun)) ?? begun
    }
    async function ended(ref: BulkChange): Promise<BulkChange> {
      let now = ref
      await until(async () => {
        now = (await bulk.find(ref)) ?? now
        return now.state === 'done' || now.state === 'cancelled'
      })
      return now
    }
    async function run(action: BulkAction, covers: Order): Promise<BulkChange> {
      const ready = await begin(action, covers)
      await bulk.start(ready, ACTOR)
      return ended(ready)
    }
    const events = async (userId: string) =>
      (await store.userTraces.kinds[0]?.page('shop', userId, undefined))?.items ?? []

    test('a lock ends sessions and tokens of each user of a list, and tells who was locked already and who is not there', async () => {
      await add('1')
      await add('2', { active: false })
      await add('3')
      const done = await run('lock', { kind: 'ids', ids: ['1', '2', '1', '99'] })
      expect(done).toMatchObject({ state: 'done', total: 2, changed: 1, unchanged: 1, gone: 0 })
      expect(done).toMatchObject({ missing: ['99'], missingCount: 1 })
      const locked = await find('1')
      expect(locked).toMatchObject({ active: false, sessionEpoch: 1, updatedAtMs: NOW_MS })
      expect(locked?.tokenSecret).not.toBe('token-secret')
      expect(await find('2')).toMatchObject({ tokenSecret: 'token-secret', sessionEpoch: 0 })
      expect(await find('3')).toEqual(buildUser({ id: '3', identifier: 'az:3' }))
      expect(told.map(({ userId }) => userId)).toEqual(['1'])
    })

    test('an unlock changes those who are locked alone, and brings back no session', async () => {
      await add('1', { active: false })
      await add('2')
      expect(await run('unlock', { kind: 'all' })).toMatchObject({ changed: 1, unchanged: 1 })
      const unlocked = await find('1')
      expect(unlocked).toMatchObject({ active: true, sessionEpoch: 0 })
      expect(unlocked?.tokenSecret).not.toBe('token-secret')
    })

    test('a sign-out gives each user a secret of its own', async () => {
      await add('1')
      await add('2')
      await run('sign_out', { kind: 'all' })
      const [one, other] = [await find('1'), await find('2')]
      expect(one).toMatchObject({ active: true, sessionEpoch: 1 })
      expect(one?.tokenSecret).not.toBe(other?.tokenSecret)
    })

    test('a deletion deletes users and notes them for erasure', async () => {
      await add('1')
      await add('2')
      await store.audit.append([signedIn('1', 5)])
      expect(await run('delete', { kind: 'ids', ids: ['1'] })).toMatchObject({ changed: 1 })
      expect(await find('1')).toBeUndefined()
      expect(await find('2')).toBeDefined()
      // Its sign-in, the event of the deletion, and the note itself.
      expect(await store.userTraces.eraseDeleted(NOW_MS, 10)).toBe(3)
      expect(await events('1')).toEqual([])
    })

    test('each change is in the audit trail under the user, and one that changed nothing is not', async () => {
      await add('1')
      await add('2', { active: false })
      await run('lock', { kind: 'all' })
      expect(await events('1')).toMatchObject([{ reason: 'user_locked', way: 'operator' }])
      expect(await events('2')).toEqual([])
    })

    test('without an audit trail nothing is written there', async () => {
      bulk = openBulk(store, false)
      await add('1')
      expect(await run('lock', { kind: 'all' })).toMatchObject({ changed: 1 })
      expect(await events('1')).toEqual([])
    })

    test('a search finds by the beginning of name, email and identifier, each user once, and text as it is', async () => {
      await add('1', { name: 'Ann%', email: 'ann%@example.com', identifier: 'x:1' })
      await add('2', { name: 'B', email: 'ANN%b@example.com', identifier: 'x:2' })
      await add('3', { name: 'C', email: 'c@example.com', identifier: 'ann%3' })
      await add('4', { name: 'Anna', email: 'd@example.com', identifier: 'x:4' })
      await add('5', { name: 'E', email: 'e@example.com', identifier: 'ANN%5' })
      const ready = await begin('lock', { kind: 'search', text: 'ann%' })
      expect(ready).toMatchObject({ total: 3, covers: { kind: 'search', text: 'ann%' } })
      expect((await bulk.sample(ready)).map(({ id }) => id)).toEqual(['1', '2', '3'])
      expect(await begin('lock', { kind: 'search', text: `'"_` })).toMatchObject({ total: 0 })
    })

    test('a search covers more users than a list finds, also where they all have one name', async () => {
      await addMany(350)
      expect(await begin('lock', { kind: 'search', text: 'ann' })).toMatchObject({ total: 350 })
    })

    test('who comes after it was begun is not in it, nor who is renamed to fit', async () => {
      await add('1')
      await add('2', { createdAtMs: NOW_MS + 1 })
      await add('3', { name: 'Bob', email: 'b@example.com' })
      const ready = await begin('lock', { kind: 'search', text: 'ann' })
      expect(ready.total).toBe(1)
      await store.users.update('shop', '3', { name: 'Ann', updatedAtMs: NOW_MS })
      await store.users.update('shop', '1', { name: 'Zed', email: 'z@z', updatedAtMs: NOW_MS })
      await add('4')
      await bulk.start(ready, ACTOR)
      expect(await ended(ready)).toMatchObject({ changed: 1, total: 1 })
      const all = await Promise.all(['1', '2', '3', '4'].map(find))
      expect(all.map((user) => user?.active)).toEqual([false, true, true, true])
    })

    test('who is deleted before it comes to them is counted as gone', async () => {
      await addMany(3)
      const ready = await begin('lock', { kind: 'all' })
      await store.users.delete('shop', '1001', NOW_MS)
      await bulk.start(ready, ACTOR)
      expect(await ended(ready)).toMatchObject({ total: 3, changed: 2, unchanged: 0, gone: 1 })
    })

    test('it starts once, and not before it is ready', async () => {
      await addMany(3)
      const ready = await begin('lock', { kind: 'all' })
      const starts = await Promise.all([bulk.start(ready, 'a'), bulk.start(ready, 'b')])
      expect(starts.filter((started) => started !== undefined)).toHaveLength(1)
      expect(await ended(ready)).toMatchObject({ changed: 3 })
      expect(await bulk.start(ready, 'c')).toBeUndefined()
    })

    test('two processes at one change each user once', async () => {
      await addMany(400)
      const ready = await begin('sign_out', { kind: 'all' })
      const other = openStore(url)
      const there = openBulk(other)
      await bulk.start(ready, ACTOR)
      nowMs += 60_000
      await there.find(ready)
      nowMs -= 60_000
      expect(await ended(ready)).toMatchObject({ changed: 400, unchanged: 0, gone: 0 })
      const epochs = new Set<number | undefined>()
      for (let at = 0; at < 400; at += 1) epochs.add((await find(String(1000 + at)))?.sessionEpoch)
      expect([...epochs]).toEqual([1])
      expect(told.map(({ userId }) => userId).sort()).toHaveLength(400)
      expect(new Set(told.map(({ userId }) => userId)).size).toBe(400)
      await there.close()
      await other.close()
    })

    test('cancelled, it changes nobody any more, and its set goes with the purge', async () => {
      await addMany(600)
      const ready = await begin('lock', { kind: 'all' })
      await bulk.start(ready, ACTOR)
      await until(async () => ((await bulk.find(ready))?.changed ?? 0) > 0)
      expect(await bulk.cancel(ready)).toMatchObject({ state: 'cancelled' })
      expect(await bulk.cancel(ready)).toBeUndefined()
      await bulk.close()
      const after = await store.bulk.find(ready)
      expect(after?.changed).toBeLessThan(600)
      await store.bulk.removeOld(NOW_MS, 1000)
      expect(await store.bulk.next(ready, '', 10)).toEqual([])
      expect(await store.bulk.find(ready)).toEqual(after)
    })

    test('what a process leaves that stops, the next one goes on with by itself', async () => {
      await addMany(300)
      const ready = await begin('lock', { kind: 'all' })
      await bulk.start(ready, ACTOR)
      await bulk.close()
      expect((await store.bulk.find(ready))?.state).toBe('running')
      nowMs += 60_000
      bulk = openBulk(store)
      bulk.resume()
      await until(async () => (await store.bulk.find(ready))?.state === 'done')
      expect(await store.bulk.find(ready)).toMatchObject({ changed: 300, unchanged: 0 })
    })

    test('one that nobody starts is forgotten after an hour, and one that was done after a week', async () => {
      await add('1')
      const ready = await begin('lock', { kind: 'all' })
      const done = await run('lock', { kind: 'all' })
      nowMs += 3_600_001
      expect(await store.bulk.removeOld(nowMs, 100)).toBe(2)
      expect(await bulk.find(ready)).toBeUndefined()
      expect(await bulk.find(done)).toMatchObject({ state: 'done' })
      nowMs += 7 * 86_400_000
      await store.bulk.removeOld(nowMs, 100)
      expect(await bulk.list('shop')).toEqual([])
    })

    test('another app has no part in it: neither its users nor its changes', async () => {
      await store.apps.insert(buildApp({ id: 'other' }), new Map())
      await add('1')
      await store.users.upsert(buildUser({ id: '1', appId: 'other' }), {})
      const ready = await begin('lock', { kind: 'ids', ids: ['1'] })
      expect(await bulk.find({ appId: 'other', id: ready.id })).toBeUndefined()
      expect(await bulk.start({ appId: 'other', id: ready.id }, ACTOR)).toBeUndefined()
      expect(await bulk.cancel({ appId: 'other', id: ready.id })).toBeUndefined()
      await bulk.start(ready, ACTOR)
      await ended(ready)
      expect(await store.users.findById('other', '1')).toMatchObject({ active: true })
    })

    test('an app that was deleted and made anew has none of the old one', async () => {
      await add('1')
      await begin('lock', { kind: 'all' })
      await store.apps.delete('shop', NOW_MS + 5)
      expect(await bulk.list('shop')).toEqual([])
      await store.apps.removeDeleted(100)
      await store.apps.insert(buildApp({ createdAtMs: NOW_MS + 10 }), new Map())
      expect(await bulk.list('shop')).toEqual([])
    })

    test('of one app five may wait or run at a time', async () => {
      await add('1')
      for (let at = 0; at < 5; at += 1) await begin('lock', { kind: 'all' })
      const order = { action: 'lock', covers: { kind: 'all' }, actor: ACTOR } as const
      expect(await bulk.begin('shop', order)).toBeUndefined()
    })

    test('last sign-ins are those of the audit trail, and what operators have done is none', async () => {
      await addMany(3)
      await store.audit.append([signedIn('1000', 5), signedIn('1000', 9), signedIn('1001', 7)])
      await run('lock', { kind: 'all' })
      const found = await store.auditHistory.findLastSignIns('shop', [
        '1000',
        '1001',
        '1002',
        'none',
      ])
      expect([...found]).toEqual([
        ['1000', 9],
        ['1001', 7],
      ])
    })
  })
}
