import type { UserEvent } from '../../users/user-event'
import type { PlainEvent, StreamClaim, Try } from '../../webhooks/delivery'
import type { WebhookRecord } from '../../webhooks/webhook'
import { ensure, expect, expectRefusal } from '../expect'
import type { Group } from '../group'
import { buildUser } from '../samples'
import { isIdTaken } from '../told-errors'

const NOW_MS = 1_700_000_000_000
const LEASE_MS = 75_000
const KEY = { appId: 'shop', id: 'wh_1' }
const STREAM = { appId: 'shop', webhookId: 'wh_1', stream: '1001' }
const TRIED: Try = { atMs: NOW_MS, tookMs: 5, status: 500, error: 'status' }
const SIGNED_IN = { type: 'user.signed_in', detail: { way: 'browser' } } as const

function webhook(changes: Partial<WebhookRecord> = {}): WebhookRecord {
  return {
    ...KEY,
    url: 'https://example.com/hook',
    events: ['user.created', 'user.updated', 'user.signed_in', 'user.deleted'],
    off: undefined,
    sealed: 'k1.sealed',
    formerUntilMs: 0,
    failingSinceMs: undefined,
    createdAtMs: NOW_MS,
    updatedAtMs: NOW_MS,
    ...changes,
  }
}

/** Webhooks, and what waits for them. */
export const webhooks: Group = {
  part: 'webhooks',
  needs: ['webhooks', 'deliveries', 'userTraces'],
  async arrange({ store }) {
    await store.webhooks.insert(webhook(), 10)
  },
  cases({ store }) {
    const upsert = (...events: readonly UserEvent[]) => store.users.upsert(buildUser(), {}, events)
    const signIn = (nowMs = NOW_MS) => store.deliveries.tell(buildUser(), [SIGNED_IN], nowMs)
    const eventsOfApp = async () => (await store.apps.find('shop'))?.webhookEvents
    const typesOf = async () =>
      (await store.deliveries.list(KEY, { limit: 100 })).map(({ type }) => type).reverse()
    async function claim(nowMs = NOW_MS): Promise<StreamClaim> {
      const claimed = await store.deliveries.claim(STREAM, nowMs, nowMs + LEASE_MS)
      ensure(claimed !== undefined, 'a stream that nobody else has is refused')
      return claimed
    }
    async function settle(state: 'pending' | 'delivered' | 'given_up', againAtMs?: number) {
      const claimed = await claim()
      const head = await store.deliveries.findHead(claimed)
      ensure(head !== undefined, 'an event that waits is not found')
      const outcome = { tried: TRIED, state, againAtMs, nowMs: NOW_MS }
      await store.deliveries.settle(claimed, head, outcome)
      return head
    }
    return {
      'what the endpoints of an app want is read with it, as far as they are on': async () => {
        expect(await eventsOfApp()).toEqual([
          'user.created',
          'user.updated',
          'user.signed_in',
          'user.deleted',
        ])
        await store.webhooks.insert(webhook({ id: 'wh_2', events: ['login.failed'] }), 10)
        await store.webhooks.update(KEY, { active: false }, NOW_MS)
        expect(await eventsOfApp()).toEqual(['login.failed'])
        await store.webhooks.delete({ appId: 'shop', id: 'wh_2' }, NOW_MS)
        expect(await eventsOfApp()).toEqual([])
      },
      'of many that are added at once as many fit as may be, and none without its app':
        async () => {
          const added = await Promise.all(
            Array.from({ length: 6 }, (_, index) =>
              store.webhooks.insert(webhook({ id: `many_${index}` }), 4),
            ),
          )
          expect(added.filter((outcome) => outcome === 'done')).toHaveLength(3)
          expect(added.filter((outcome) => outcome === 'no_room')).toHaveLength(3)
          expect(await store.webhooks.insert(webhook({ appId: 'nope' }), 4)).toBe('no_app')
        },
      'an upsert writes user.created for who was not there, user.updated for who was, and nothing for who is locked':
        async () => {
          const events = [{ type: 'user.created' }, { type: 'user.updated' }, SIGNED_IN] as const
          await upsert(...events)
          expect(await typesOf()).toEqual(['user.created', 'user.signed_in'])
          await store.users.upsert(buildUser({ id: '2002' }), { name: 'Anna' }, events)
          expect((await typesOf()).slice(2)).toEqual(['user.updated', 'user.signed_in'])
          const [latest] = await store.deliveries.list(KEY, { limit: 1 })
          expect(latest?.user).toMatchObject({
            id: '1001',
            name: 'Anna',
            active: true,
            profile: null,
          })
          ensure(
            !JSON.stringify(latest).includes('token-secret'),
            'an event holds the token secret of the user',
          )
          await store.users.update('shop', '1001', { active: false, updatedAtMs: 5 })
          await upsert(...events)
          expect(await typesOf()).toHaveLength(4)
        },
      'an upsert that fails writes no event': async () => {
        await upsert()
        const clash = store.users.upsert(buildUser({ identifier: 'az:B' }), {}, [SIGNED_IN])
        await expectRefusal(clash, isIdTaken, 'UserIdTakenError')
        expect(await typesOf()).toEqual([])
      },
      'a deletion is told by the id alone, and what else waited of the user goes with what is erased':
        async () => {
          await upsert(SIGNED_IN)
          await store.users.delete('shop', '1001', NOW_MS)
          ensure((await store.userTraces.eraseDeleted(NOW_MS, 100)) > 0, 'nothing was done')
          const [last] = await store.deliveries.list(KEY, { limit: 10 })
          expect(last).toMatchObject({ type: 'user.deleted', userId: '1001', user: undefined })
          expect(await typesOf()).toEqual(['user.deleted'])
          await store.users.delete('shop', '1001', NOW_MS)
          expect(await typesOf()).toEqual(['user.deleted'])
        },
      'one event of a user after the other is the head, however clocks go': async () => {
        await upsert({ type: 'user.created' })
        await signIn(NOW_MS - 60_000)
        await signIn(NOW_MS + 60_000)
        expect((await settle('delivered')).type).toBe('user.created')
        expect((await settle('pending', NOW_MS - 1)).atMs).toBe(NOW_MS - 60_000)
        expect((await settle('given_up')).atMs).toBe(NOW_MS - 60_000)
        expect((await settle('delivered')).atMs).toBe(NOW_MS + 60_000)
        expect(await store.deliveries.findWaiting({ appId: '', id: '' })).toBeUndefined()
      },
      'of many that claim a stream at once one gets it, until its time is over or it is given back':
        async () => {
          await upsert(SIGNED_IN)
          const claims = await Promise.all(
            Array.from({ length: 8 }, () =>
              store.deliveries.claim(STREAM, NOW_MS, NOW_MS + LEASE_MS),
            ),
          )
          const [held, ...others] = claims.filter((claimed) => claimed !== undefined)
          expect(others).toEqual([])
          expect(await store.deliveries.listDue(KEY, NOW_MS, 10)).toEqual([])
          if (held !== undefined) await store.deliveries.release(held, NOW_MS)
          expect(await store.deliveries.listDue(KEY, NOW_MS, 10)).toEqual(['1001'])
          await claim()
          await claim(NOW_MS + LEASE_MS)
        },
      'whoever lost a stream cannot end it, and does not undo what another has settled':
        async () => {
          await upsert(SIGNED_IN)
          const slow = await claim()
          const head = await store.deliveries.findHead(slow)
          const fast = await claim(NOW_MS + LEASE_MS)
          await signIn()
          if (head === undefined) throw new Error('nothing waits')
          const outcome = { tried: TRIED, againAtMs: undefined, nowMs: NOW_MS }
          await store.deliveries.settle(fast, head, { ...outcome, state: 'delivered' })
          await store.deliveries.settle(slow, head, { ...outcome, state: 'pending', againAtMs: 1 })
          const [second, first] = await store.deliveries.list(KEY, { limit: 10 })
          expect(first).toMatchObject({ state: 'delivered', attempts: 1 })
          expect(second).toMatchObject({ state: 'pending', attempts: 0, nextTryAtMs: NOW_MS })
        },
      'a stream that grows while it is at its end goes on': async () => {
        await upsert(SIGNED_IN)
        const claimed = await claim()
        const head = await store.deliveries.findHead(claimed)
        await signIn()
        if (head === undefined) throw new Error('nothing waits')
        const outcome = { tried: TRIED, state: 'delivered', againAtMs: undefined, nowMs: NOW_MS }
        await store.deliveries.settle(claimed, head, { ...outcome, state: 'delivered' })
        expect(await store.deliveries.findDueAt(KEY)).toBe(NOW_MS)
        await settle('delivered')
        expect(await store.deliveries.findDueAt(KEY)).toBeUndefined()
      },
      'events without a user wait for none, and only where they are wanted': async () => {
        const event = (id: string, more: Partial<PlainEvent> = {}): PlainEvent => ({
          appId: 'shop',
          id,
          type: 'login.failed',
          atMs: NOW_MS,
          userId: undefined,
          detail: { reason: 'code_rejected' },
          ...more,
        })
        await store.deliveries.append([event('msg_1')])
        expect(await typesOf()).toEqual([])
        await store.webhooks.update(KEY, { events: ['login.failed'] }, NOW_MS)
        await store.webhooks.insert(webhook({ id: 'wh_2' }), 10)
        await store.deliveries.append([event('msg_1'), event('msg_2')])
        await store.deliveries.append([event('msg_3', { type: 'webhook.test', webhookId: 'wh_2' })])
        expect(await store.deliveries.listDue(KEY, NOW_MS, 10)).toEqual(['msg_1', 'msg_2'])
        const other = { appId: 'shop', id: 'wh_2' }
        expect(await store.deliveries.listDue(other, NOW_MS, 10)).toEqual(['msg_3'])
        expect(await store.deliveries.findWaitingOf('shop', 'wh_1')).toMatchObject({ id: 'wh_2' })
        expect(await store.deliveries.findWaiting(other)).toBeUndefined()
      },
      'what waits for an endpoint that is off is given up in bites, and one is sent again apart from the others':
        async () => {
          await upsert(SIGNED_IN)
          await signIn()
          await signIn()
          expect(await store.deliveries.giveUp(KEY, NOW_MS, 2)).toBe(2)
          ensure((await store.deliveries.giveUp(KEY, NOW_MS, 9)) < 9, 'more is said to be left')
          expect(await store.deliveries.findWaiting({ appId: '', id: '' })).toBeUndefined()
          const given = await store.deliveries.list(KEY, { limit: 10, state: 'given_up' })
          expect(given).toHaveLength(3)
          const { id = '' } = given[1] ?? {}
          expect(await store.deliveries.resend(KEY, id, NOW_MS)).toBe(true)
          expect(await store.deliveries.resend(KEY, id, NOW_MS)).toBe(false)
          expect(await store.deliveries.resend(KEY, 'msg_0', NOW_MS)).toBe(false)
          expect(await store.deliveries.listDue(KEY, NOW_MS, 10)).toEqual([id])
          expect(await store.deliveries.find(KEY, id)).toMatchObject({
            state: 'pending',
            attempts: 0,
          })
        },
      'of what waits the oldest is given up, once, with why, and the newest is sent': async () => {
        await upsert()
        for (let count = 0; count < 5; count += 1) await signIn(NOW_MS + count)
        expect(await store.deliveries.countWaiting(KEY, 6)).toEqual({ count: 5, edge: undefined })
        const { edge = '' } = await store.deliveries.countWaiting(KEY, 2)
        expect(await store.deliveries.giveUpBefore(KEY, edge, NOW_MS, 2)).toBe(2)
        expect(await store.deliveries.giveUpBefore(KEY, edge, NOW_MS, 2)).toBe(1)
        expect(await store.deliveries.giveUpBefore(KEY, edge, NOW_MS, 2)).toBe(0)
        const given = await store.deliveries.list(KEY, { limit: 9, state: 'given_up' })
        expect(given.map(({ atMs }) => atMs - NOW_MS)).toEqual([2, 1, 0])
        expect(given.map(({ tries }) => tries.at(-1)?.error)).toEqual(Array(3).fill('BACKLOG_FULL'))
        expect((await store.deliveries.countWaiting(KEY, 2)).count).toBe(2)
        const head = await store.deliveries.findHead(STREAM)
        expect(head?.atMs).toBe(NOW_MS + 3)
      },
      'pages go on behind the last one, and by state': async () => {
        await upsert()
        for (let count = 0; count < 5; count += 1) await signIn(NOW_MS + count)
        const [first, second] = await store.deliveries.list(KEY, { limit: 2 })
        expect([first?.atMs, second?.atMs]).toEqual([NOW_MS + 4, NOW_MS + 3])
        const rest = await store.deliveries.list(KEY, { limit: 9, beforeId: second?.id })
        expect(rest.map(({ atMs }) => atMs - NOW_MS)).toEqual([2, 1, 0])
        await settle('delivered')
        const delivered = await store.deliveries.list(KEY, { limit: 9, state: 'delivered' })
        expect(delivered.map(({ atMs }) => atMs - NOW_MS)).toEqual([0])
        expect(delivered[0]?.tries).toEqual([TRIED])
      },
      'what is done goes after its time, and all of a deleted endpoint, or app, goes in bites':
        async () => {
          await upsert(SIGNED_IN)
          await signIn()
          await settle('delivered')
          expect(await store.deliveries.deleteDoneBefore(NOW_MS, 10)).toBe(0)
          expect(await store.deliveries.deleteDoneBefore(NOW_MS + 1, 10)).toBe(1)
          expect(await typesOf()).toHaveLength(1)
          await store.webhooks.insert(webhook({ id: 'wh_2' }), 10)
          await signIn()
          await store.apps.delete('shop', NOW_MS)
          expect(await store.webhooks.list('shop')).toEqual([])
          expect(await store.webhooks.removeDeleted(2)).toBe(2)
          while ((await store.webhooks.removeDeleted(100)) === 100);
          expect(await store.webhooks.removeDeleted(100)).toBe(0)
          expect(await store.deliveries.isInUse()).toBe(false)
          expect(await typesOf()).toEqual([])
        },
      'secrets are replaced and sealed anew only as they were read': async () => {
        const by = { sealed: 'k1.second', formerUntilMs: 9 }
        expect(await store.webhooks.replaceSecrets(webhook(), by, 7)).toBe(true)
        expect(await store.webhooks.replaceSecrets(webhook(), by, 7)).toBe(false)
        expect(await store.webhooks.listSealed(undefined, 9)).toEqual([
          { ...KEY, sealed: 'k1.second' },
        ])
        const change = { ...KEY, sealed: 'k1.second', to: 'k2.second' }
        expect(await store.webhooks.reseal([change])).toBe(1)
        expect(await store.webhooks.reseal([change])).toBe(0)
        expect(await store.webhooks.find(KEY)).toEqual(
          webhook({ sealed: 'k2.second', formerUntilMs: 9, updatedAtMs: 7 }),
        )
      },
      'a change of an endpoint takes back that it fails, and it is switched off once': async () => {
        await store.webhooks.noteFailing(KEY, 5)
        expect((await store.webhooks.find(KEY))?.failingSinceMs).toBe(5)
        expect(await store.webhooks.switchOff(KEY, 'gone', 6)).toBe(true)
        expect(await store.webhooks.switchOff(KEY, 'failing', 7)).toBe(false)
        expect(await eventsOfApp()).toEqual([])
        const on = await store.webhooks.update(KEY, { active: true }, 8)
        expect(on).toMatchObject({ off: undefined, failingSinceMs: undefined })
      },
    }
  },
}
