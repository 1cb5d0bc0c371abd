import type { AuditEvent } from '../../audit/audit-event'
import type { AuditPosition, HistoryFilter } from '../../audit/audit-history'
import { ensure, expect } from '../expect'
import type { Group } from '../group'

const REASONS = ['access_denied', 'state_mismatch', 'account_locked'] as const

/** Some of each kind, several at each time, rare ones far back. */
function build(n: number): AuditEvent {
  const isChange = n % 29 === 0
  const isFailure = !isChange && n % 7 === 0
  return {
    atMs: 1_000_000 + Math.floor(n / 3),
    app: n < 20 ? 'rare' : n % 2 === 0 ? 'shop' : 'news',
    outcome: isFailure ? 'failure' : 'success',
    reason: isChange ? 'setting_put' : isFailure ? (REASONS[n % 3] ?? '') : 'ok',
    way: isChange ? 'operator' : n < 30 ? 'device' : 'browser',
    userId: isFailure || isChange ? undefined : String(n % 11),
    requestId: undefined,
    network: '192.0.2.0/24',
    actor: isChange ? 'app:para' : undefined,
    step: 'issue_token',
    tookMs: n,
  }
}

const EVENTS = Array.from({ length: 400 }, (_none, n) => build(n))

const FILTERS: readonly HistoryFilter[] = [
  { about: 'sign_ins' },
  { about: 'sign_ins', app: 'rare' },
  { about: 'sign_ins', app: 'nosuch' },
  { about: 'sign_ins', outcome: 'success', app: 'news' },
  { about: 'sign_ins', outcome: 'failure', notReason: 'access_denied' },
  { about: 'sign_ins', app: 'shop', outcome: 'failure', reason: 'account_locked' },
  { about: 'sign_ins', way: 'device' },
  { about: 'sign_ins', app: 'shop', userIds: ['4', '7', 'nobody'], outcome: 'success' },
  { about: 'sign_ins', app: 'shop', userIds: [] },
  { about: 'sign_ins', sinceMs: 1_000_010, untilMs: 1_000_090 },
  { about: 'changes' },
  { about: 'changes', actor: 'app:para', reason: 'setting_put', app: 'news' },
]

/** What a filter means, told once more and plainly. */
export function isMeant(event: AuditEvent, filter: HistoryFilter): boolean {
  const { about, userIds, notReason, sinceMs = 0, untilMs = Infinity, ...same } = filter
  const isOfUser = userIds === undefined || userIds.includes(event.userId ?? '')
  const isWithin = event.atMs >= sinceMs && event.atMs < untilMs
  const isSame = Object.entries(same).every(([name, value]) => Reflect.get(event, name) === value)
  const isOfKind = (event.way === 'operator') === (about === 'changes')
  return isOfKind && isOfUser && isWithin && isSame && event.reason !== notReason
}

const told = ({ atMs, tookMs, app, reason, userId }: AuditEvent): string =>
  [atMs, tookMs, app, reason, userId].join(' ')

/** The audit trail: what is written is what is read. */
export const auditTrail: Group = {
  part: 'auditHistory',
  needs: ['audit', 'auditHistory'],
  async arrange({ store }) {
    await store.audit.append(EVENTS)
  },
  cases({ store }) {
    async function readAll(filter: HistoryFilter): Promise<readonly AuditEvent[]> {
      const events: AuditEvent[] = []
      let before: AuditPosition | undefined
      for (let pages = 0; pages < 500; pages += 1) {
        const page = await store.auditHistory.page(filter, { limit: 30, before })
        ensure(page.events.length <= 30, 'a page has more than it may')
        events.push(...page.events)
        before = page.next
        if (before === undefined) return events
      }
      throw new Error('the pages of the audit trail have no end')
    }
    return {
      ...Object.fromEntries(
        FILTERS.map((filter) => [
          `has each event of ${JSON.stringify(filter)} once, the latest first`,
          async () => {
            const events = await readAll(filter)
            const meant = EVENTS.filter((event) => isMeant(event, filter))
            expect(events.map(told).toSorted()).toEqual(meant.map(told).toSorted())
            const times = events.map(({ atMs }) => atMs)
            expect(times).toEqual(times.toSorted((a, b) => b - a))
          },
        ]),
      ),
      'an event comes back with all that it was written with': async () => {
        const { events } = await store.auditHistory.page({ about: 'changes' }, { limit: 1 })
        const due = EVENTS.findLast((event) => event.way === 'operator')
        ensure(due !== undefined && events[0] !== undefined, 'a change is not found')
        const { id, ...event } = events[0]
        ensure(typeof id === 'string' && id !== '', 'an event has no id')
        expect(event).toEqual(due)
      },
      'the last sign-in is one that succeeded, and no change by an operator': async () => {
        const atMs = 9_000_000
        const late = { ...build(1), app: 'last', userId: '5' }
        await store.audit.append([
          { ...late, atMs },
          { ...late, outcome: 'failure', reason: 'account_locked', atMs: atMs + 1 },
          { ...late, way: 'operator', reason: 'user_locked', atMs: atMs + 2 },
        ])
        const lastSignIns = await store.auditHistory.findLastSignIns('last', ['5', '6'])
        expect(lastSignIns.get('5')).toBe(atMs)
        expect(lastSignIns.get('6')).toBeUndefined()
      },
      'what is older than a time goes, at most as many as asked, the oldest first': async () => {
        expect(await store.audit.deleteBefore(1_000_010, 20)).toBe(20)
        expect(await store.audit.deleteBefore(1_000_010, 20)).toBe(10)
        expect(await store.audit.deleteBefore(1_000_010, 20)).toBe(0)
        const left = [
          ...(await readAll({ about: 'sign_ins' })),
          ...(await readAll({ about: 'changes' })),
        ]
        expect(left).toHaveLength(370)
      },
    }
  },
}
