import { claimMappingOf } from '../../../apps/claims-setting'
import type { AuditRecord } from '../../../audit/audit-history'
import { actorOfUser } from '../../../audit/actor'
import type { Fields } from '../../../claims/field'
import type { UserEvents } from '../../../pages/admin/users/user-events'
import { userPage, type ShownField, type ShownTokens } from '../../../pages/admin/users/user-page'
import { amazonIdOf, howGivenUp } from '../../../users/identity-provider'
import { readFields } from '../../../users/kept-profile'
import type { User } from '../../../users/user'
import { userClaims } from '../../../users/user-claims'
import { showAdminPage } from '../admin-answers'
import type { AppVisit } from '../admin-route'
import { nameActors } from '../name-actors'
import { placesOf } from './places-of'
import { toShownUser } from './to-shown-user'
import { usersPath } from './users-path'
import { appPath } from '../../../pages/admin/app-path'

const SIGN_INS = 20
/** By which ways and networks are told. */
const PLACES_OF = 200
const CHANGES = 20

/** Shows one user: what is kept of them, and what they and operators have done. */
export async function showUser(visit: AppVisit): Promise<void> {
  const { app, base, params, services, texts } = visit
  const { user: userId = '' } = params
  const user = await services.userAdmin.get(app.appIdentifier, userId)
  const whole = await services.apps.find(app.appIdentifier)
  const [tokens, events] = await Promise.all([tokensOf(user, visit), eventsOf(user, visit)])
  const mapping = whole && claimMappingOf(whole, services.policy)
  const claims = mapping && userClaims(user, mapping)
  const lastSignIns = await services.userAdmin.lastSignIns(app.appIdentifier, [user.id])
  const page = {
    ...{ app, tokens, events },
    user: toShownUser(user),
    path: base + usersPath(app),
    givenUp: howGivenUp(user.identifier),
    isLinked: amazonIdOf(user.identifier) !== undefined,
    scopes: user.scopes === null ? undefined : user.scopes.split(' '),
    further: toShown(readFields(user)),
    claims: claims && toShown(claims),
    lastSignInMs: lastSignIns.get(user.id),
    exportsAll: !services.lacks('userTraces'),
  }
  showAdminPage(visit, userPage(page, texts))
}

/** Whether the operator is a user by the id, and so would do it to themselves. */
export function isYourself({ operator, app }: AppVisit, userId: string): boolean {
  return operator.actor === actorOfUser(app.appIdentifier, userId)
}

function toShown(fields: Fields): readonly ShownField[] {
  return Object.entries(fields).map(([name, value]) => [name, String(value)] as const)
}

async function tokensOf({ id }: User, { app, services }: AppVisit): Promise<ShownTokens> {
  const whole = await services.apps.find(app.appIdentifier)
  if (whole === undefined || !services.keptTokens.isOnFor(whole)) return { state: 'off' }
  const kept = await services.keptTokens.stateOf(whole, id)
  return kept === undefined ? { state: 'none' } : { state: kept.state, sinceMs: kept.updatedAtMs }
}

async function eventsOf({ id }: User, visit: AppVisit): Promise<UserEvents | undefined> {
  const { app, base, services } = visit
  if (services.lacks('auditHistory')) return undefined
  const { appIdentifier } = app
  const of = { app: appIdentifier, userIds: [id] }
  const { auditHistory } = services
  const [signIns, changes] = await Promise.all([
    auditHistory.page({ about: 'sign_ins', ...of }, { limit: PLACES_OF }),
    auditHistory.page({ about: 'changes', ...of }, { limit: CHANGES }),
  ])
  const nameOf = await nameActors(
    changes.events.map(({ actor }) => actor),
    visit,
  )
  const query = new URLSearchParams({ person: id }).toString()
  const all = `${base}${appPath(appIdentifier, '/sign-ins')}?${query}`
  const succeeded = signIns.events.filter(({ outcome }) => outcome === 'success')
  return {
    signIns: signIns.events.slice(0, SIGN_INS).map(toSignIn),
    allSignIns: signIns.events.length > SIGN_INS ? all : undefined,
    places: placesOf(succeeded),
    placesOf: succeeded.length,
    changes: changes.events.map(({ atMs, reason, actor, detail = '' }) => {
      return { atMs, change: reason, by: nameOf(actor), detail }
    }),
  }
}

function toSignIn({ atMs, outcome, reason, way, network, tookMs, isNew }: AuditRecord) {
  const succeeded = outcome === 'success'
  const why = succeeded ? undefined : reason
  return { atMs, succeeded, reason: why, way, network, tookMs, isNew: isNew === true }
}
