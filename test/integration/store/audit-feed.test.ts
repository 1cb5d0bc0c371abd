import type { AuditEvent } from '../../../src/audit/audit-event'
import { createAuditFeed, type AuditFeed, type FeedListener } from '../../../src/audit/audit-feed'
import type { AuditHistory } from '../../../src/audit/audit-history'
import { AmazonAuthError } from '../../../src/errors'
import type { SqlStore } from '../../../src/store/sql/open-sql-store'
import { until } from '../../support/until'
import { openStore } from './open-store'

jest.setTimeout(60_000)

let store: SqlStore
let feed: AuditFeed
let looks: number
let isDown: boolean
beforeEach(() => {
  store = openStore('sqlite::memory:')
  looks = 0
  isDown = false
  const page: AuditHistory['page'] = (filter, wanted) => {
    looks += 1
    if (isDown) return Promise.reject(new AmazonAuthError('store_unavailable'))
    return store.auditHistory.page(filter, wanted)
  }
  feed = createAuditFeed({ history: { page }, now: Date.now })
})
afterEach(async () => {
  feed.close()
  await store.close()
})

const event = (values: Partial<AuditEvent>): AuditEvent => ({
  atMs: Date.now(),
  app: 'shop',
  outcome: 'success',
  reason: 'ok',
  way: 'browser',
  userId: '1',
  requestId: undefined,
  network: '',
  ...values,
})

/** Follows, and notes what it is told. */
function follow(app: string | undefined, onlyFailures = false) {
  const told = { ids: [] as string[], troubles: [] as boolean[], ends: 0, isPartial: false }
  const listener: FeedListener = {
    onEvents: (events, isPartial) => {
      told.ids.push(...events.map(({ requestId = '' }) => requestId))
      told.isPartial ||= isPartial
    },
    onTrouble: (isTroubled) => void told.troubles.push(isTroubled),
    onEnd: () => void (told.ends += 1),
  }
  const stop = feed.follow({ app, onlyFailures }, listener)
  return Object.assign(told, { stop })
}

test('each event is told once, a late one too, to those who follow its app', async () => {
  const [shop, every, failures] = [follow('shop'), follow(undefined), follow('shop', true)]
  await store.audit.append([event({ requestId: 'a' }), event({ requestId: 'b', app: 'news' })])
  await until(() => every.ids.length === 2)
  const failed = { outcome: 'failure', reason: 'access_denied' } as const
  await store.audit.append([event({ requestId: 'late', atMs: Date.now() - 8_000, ...failed })])
  await store.audit.append([event({ requestId: 'change', way: 'operator' })])
  await until(() => every.ids.includes('late') && failures.ids.length === 1)
  await store.audit.append([event({ requestId: 'last' })])
  await until(() => shop.ids.includes('last') && every.ids.includes('last'))
  expect(every.ids.toSorted()).toEqual(['a', 'b', 'last', 'late'])
  expect(shop.ids.toSorted()).toEqual(['a', 'last', 'late'])
  expect(failures.ids).toEqual(['late'])
})

test('many who follow the same are one question, and nobody is none', async () => {
  const followers = Array.from({ length: 50 }, () => follow('shop'))
  expect(feed.count()).toBe(50)
  await store.audit.append([event({ requestId: 'a' })])
  await until(() => followers.every(({ ids }) => ids.length === 1))
  const seen = looks
  expect(seen).toBeLessThan(10)
  for (const { stop } of followers) stop()
  expect(feed.count()).toBe(0)
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  expect(looks).toBeLessThanOrEqual(seen + 1)
})

test('more than one look takes are told in part, the latest of them, and said so', async () => {
  const shop = follow('shop')
  await until(() => looks > 0)
  const flood = Array.from({ length: 1_200 }, (_, n) =>
    event({ requestId: String(n), atMs: Date.now() + n }),
  )
  await store.audit.append(flood)
  await until(() => shop.ids.includes('1199'))
  expect(shop.isPartial).toBe(true)
  expect(new Set(shop.ids).size).toBe(shop.ids.length)
})

test('a store that stops to answer is told once, and what came meanwhile when it answers', async () => {
  const shop = follow('shop')
  await until(() => looks > 0)
  isDown = true
  await until(() => shop.troubles.length === 1)
  await store.audit.append([event({ requestId: 'meanwhile' })])
  const late = follow('shop')
  expect(late.troubles).toEqual([true])
  isDown = false
  await until(() => shop.ids.includes('meanwhile') && late.ids.includes('meanwhile'))
  expect(shop.troubles).toEqual([true, false])
})

test('it ends for all when the process does, and at once for who comes later', () => {
  const [one, other] = [follow('shop'), follow(undefined)]
  feed.close()
  const later = follow('shop')
  expect([one.ends, other.ends, later.ends, feed.count()]).toEqual([1, 1, 1, 0])
})
