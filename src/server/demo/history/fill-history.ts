import { actorOfApp } from '../../../audit/actor'
import type { AuditEvent } from '../../../audit/audit-event'
import type { OperatorAction } from '../../../audit/operator-action'
import type { AuthServices } from '../../../http/auth-services'
import type { UserDetails } from '../../../users/user'
import { EVENTS, inventVisits, type Visit } from './invent-visits'
import { LOCKED_VISITOR, VISITORS } from './visitors'

type Services = Pick<AuthServices, 'apps' | 'audit' | 'upsertUser' | 'userAdmin'>

const DAY_MS = 86_400_000
/** How long people look at Amazon's page before they allow. */
const THINKING_MS = 9_000
/** Of documentation. */
const NETWORKS = ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8:7::/48']

/**
 * Gives the two shops a past, so that operators have something to look at: users, sign-ins that went well or did not, and
 * changes. It takes the ways that real ones take; only their clock is another.
 *
 * @param nowMs Milliseconds since 1970.
 */
export async function fillHistory(services: Services, nowMs: number): Promise<void> {
  const past = new Past(services)
  for (const visit of inventVisits(nowMs)) await past.live(visit)
  await lockVisitor(past.userOf('acme', LOCKED_VISITOR), services, nowMs)
  record({ app: 'zenith', reason: 'setting_put', detail: 'az_secret' }, EVENTS.mendedDaysAgo)

  function record(change: Omit<PastChange, 'userId'>, daysAgo: number): void {
    services.audit.record(changeBy(services, nowMs - daysAgo * DAY_MS, change))
  }
}

async function lockVisitor(
  userId: string | undefined,
  services: Services,
  nowMs: number,
): Promise<void> {
  if (userId === undefined) return
  const atMs = Math.floor(nowMs - EVENTS.lockedDaysAgo * DAY_MS)
  await services.userAdmin.patch('acme', userId, { active: false })
  services.audit.record(changeBy(services, atMs, { app: 'acme', reason: 'user_locked', userId }))
}

interface PastChange extends Pick<AuditEvent, 'app' | 'detail'> {
  readonly reason: OperatorAction
  readonly userId?: string
}

function changeBy({ apps }: Services, atMs: number, change: PastChange): AuditEvent {
  return {
    userId: undefined,
    ...change,
    atMs: Math.floor(atMs),
    outcome: 'success',
    way: 'operator',
    actor: actorOfApp(apps.rootId),
    requestId: undefined,
    network: '192.0.2.0/24',
  }
}

/** Lives through visits, in their order. */
class Past {
  /** Ids of users, by app and visitor. */
  private readonly users = new Map<string, string>()

  constructor(private readonly services: Services) {}

  userOf(app: Visit['app'], name: string): string | undefined {
    return this.users.get(
      keyOf(
        app,
        VISITORS.findIndex((visitor) => visitor.name === name),
      ),
    )
  }

  async live(visit: Visit): Promise<void> {
    const { app, atMs, end } = visit
    const { audit } = this.services
    const createdAtMs = atMs - THINKING_MS
    audit.countBegin(app, createdAtMs)
    if (end === 'left') return
    const user = end === 'ok' ? await this.signIn(visit) : undefined
    const begin = { nonce: `${app} ${atMs} ${visit.visitor}`, createdAtMs }
    audit.record(eventOf(visit, user), { isOfApp: true, begin })
  }

  private async signIn({ app: appId, atMs, visitor }: Visit): Promise<SignedIn | undefined> {
    const key = keyOf(appId, visitor)
    const known = this.users.get(key)
    if (known !== undefined) return { id: known, isNew: undefined }
    const { apps, upsertUser } = this.services
    const app = await apps.find(appId)
    if (app === undefined) return undefined
    const { id } = await upsertUser(app, detailsOf(visitor), { ...OPTIONS, atMs })
    this.users.set(key, id)
    return { id, isNew: true }
  }
}

interface SignedIn {
  readonly id: string
  readonly isNew: true | undefined
}

const OPTIONS = { linkByEmail: false, renewTokenSecret: false } as const

function eventOf(visit: Visit, user: SignedIn | undefined): AuditEvent {
  const { app, atMs, visitor, end, step, tookMs, amazonMs } = visit
  return {
    atMs,
    app,
    outcome: end === 'ok' ? 'success' : 'failure',
    reason: end,
    way: 'browser',
    userId: user?.id,
    isNew: user?.isNew,
    requestId: undefined,
    network: NETWORKS[visitor % NETWORKS.length] ?? '',
    step,
    tookMs,
    amazonMs,
  }
}

function detailsOf(visitor: number): UserDetails {
  return { identifier: `az:${visitor}`, ...VISITORS[visitor], scopes: 'profile' }
}

function keyOf(app: string, visitor: number): string {
  return `${app} ${visitor}`
}
