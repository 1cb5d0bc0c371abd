import type { AuditEvent } from '../../../src/audit/audit-event'
import type {
  AuditPosition,
  AuditRecord,
  HistoryFilter,
  PageWanted,
} from '../../../src/audit/audit-history'
import { isMeant } from '../../../src/store-contract/groups/audit-trail'
import type { SqlStore } from '../../../src/store/sql/open-sql-store'
import { createTestDatabase, describeOnPostgres } from '../../support/postgres'
import { openStore } from './open-store'

jest.setTimeout(60_000)

const APPS = ['shop', 'news', 'rare']
const REASONS = ['access_denied', 'state_mismatch', 'account_locked']

/** Some of each kind, several at each time, rare ones far back. */
function build(n: number): AuditEvent {
  const isChange = n % 97 === 0
  const isFailure = !isChange && n % 7 === 0
  return {
    atMs: 1_000_000 + Math.floor(n / 3),
    app: (n < 40 ? APPS[2] : APPS[n % 2]) ?? '',
    outcome: isFailure ? 'failure' : 'success',
    reason: isChange ? 'setting_put' : isFailure ? (REASONS[n % 3] ?? '') : 'ok',
    way: isChange ? 'operator' : n < 30 ? 'device' : 'browser',
    // Some changes are of users.
    userId: isFailure || (isChange && n % 2 === 0) ? undefined : String(n % 11),
    requestId: undefined,
    network: '192.0.2.0/24',
    actor: isChange ? (n % 2 === 0 ? 'app:para' : 'user:1') : undefined,
    step: 'issue_token',
    tookMs: n,
  }
}

const EVENTS = Array.from({ length: 6_000 }, (_, n) => build(n))

const FILTERS: readonly HistoryFilter[] = [
  { about: 'sign_ins' },
  { about: 'sign_ins', app: 'shop' },
  { about: 'sign_ins', app: 'rare' },
  { about: 'sign_ins', app: 'nosuch' },
  { about: 'sign_ins', outcome: 'failure' },
  { about: 'sign_ins', outcome: 'success', app: 'news' },
  { about: 'sign_ins', outcome: 'failure', notReason: 'access_denied' },
  { about: 'sign_ins', app: 'shop', outcome: 'failure', reason: 'account_locked' },
  { about: 'sign_ins', reason: 'state_mismatch' },
  { about: 'sign_ins', reason: 'ok', app: 'rare' },
  { about: 'sign_ins', way: 'device' },
  { about: 'sign_ins', way: 'device', app: 'rare', outcome: 'failure' },
  { about: 'sign_ins', app: 'shop', userIds: ['4'] },
  { about: 'sign_ins', app: 'shop', userIds: ['4', '7', '8', 'nobody'], outcome: 'success' },
  { about: 'sign_ins', app: 'shop', userIds: [] },
  { about: 'sign_ins', sinceMs: 1_000_100, untilMs: 1_000_900 },
  { about: 'sign_ins', app: 'news', outcome: 'failure', sinceMs: 1_000_500, untilMs: 1_001_000 },
  { about: 'changes' },
  { about: 'changes', app: 'shop' },
  { about: 'changes', app: 'news', userIds: ['4', '5'] },
  { about: 'changes', actor: 'app:para', reason: 'setting_put' },
]

async function readAll(store: SqlStore, filter: HistoryFilter, wanted: PageWanted) {
  const events: AuditRecord[] = []
  let pages = 0
  let before: AuditPosition | undefined
  do {
    const page = await store.auditHistory.page(filter, { ...wanted, before })
    expect(page.events.length).toBeLessThanOrEqual(wanted.limit)
    events.push(...page.events)
    before = page.next
    pages += 1
  } while (before !== undefined)
  return { events, pages }
}

const inOrder = (events: readonly AuditEvent[]) =>
  events.map(({ atMs, tookMs }) => `${atMs} ${tookMs}`).toSorted()

function historyIn(open: () => Promise<{ url: string; drop(): Promise<void> }>): void {
  let store: SqlStore
  let place: Awaited<ReturnType<typeof open>>
  beforeAll(async () => {
    place = await open()
    store = openStore(place.url)
    await store.ready()
    for (let n = 0; n < EVENTS.length; n += 500) await store.audit.append(EVENTS.slice(n, n + 500))
  })
  afterAll(async () => {
    await store.close()
    await place.drop()
  })

  test.each(FILTERS)('has each event of %j once, the latest first', async (filter) => {
    const { events } = await readAll(store, filter, { limit: 70 })
    const meant = EVENTS.filter((event) => isMeant(event, filter))
    expect(inOrder(events)).toEqual(inOrder(meant))
    const times = events.map(({ atMs }) => atMs)
    expect(times).toEqual(times.toSorted((a, b) => b - a))
  })

  test('a page that is cut off tells from where to go on, and nothing is missed', async () => {
    const filter = { about: 'sign_ins', way: 'device' } as const
    const first = await store.auditHistory.page(filter, { limit: 50, patienceMs: 0 })
    expect(first).toMatchObject({ events: [], isCutOff: true, next: { id: '' } })
    const { events, pages } = await readAll(store, filter, { limit: 50, patienceMs: 0 })
    expect(pages).toBeGreaterThan(2)
    expect(inOrder(events)).toEqual(inOrder(EVENTS.filter((event) => isMeant(event, filter))))
  })

  test('the last sign-in is one that succeeded, and no change by an operator', async () => {
    const atMs = 9_000_000
    const late = { ...build(1), app: 'last', userId: '5' }
    const failed = { outcome: 'failure', reason: 'account_locked' } as const
    await store.audit.append([
      { ...late, atMs },
      { ...late, ...failed, atMs: atMs + 1 },
      { ...late, way: 'operator', reason: 'user_locked', atMs: atMs + 2 },
    ])
    const lastSignIns = await store.auditHistory.findLastSignIns('last', ['5', '6'])
    expect(lastSignIns.get('5')).toBe(atMs)
    expect(lastSignIns.get('6')).toBeUndefined()
  })

  test('an event has all that was written', async () => {
    const event = { ...build(1), app: 'whole', isNew: true, amazonMs: 0, detail: 'a "b"' } as const
    await store.audit.append([event])
    const { events } = await store.auditHistory.page(
      { about: 'sign_ins', app: 'whole' },
      { limit: 1 },
    )
    expect(events).toEqual([{ id: expect.any(String), ...event }])
  })
}

describe('the history in SQLite', () =>
  historyIn(() => Promise.resolve({ url: 'sqlite::memory:', drop: () => Promise.resolve() })))
describeOnPostgres('with a server', () =>
  describe('the history in PostgreSQL', () => historyIn(() => createTestDatabase())),
)
