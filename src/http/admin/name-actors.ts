import { parseActor } from '../../audit/actor'
import type { ShownActor } from '../../pages/admin/actor-text'
import type { AdminVisit } from './admin-route'

/** Gives those who have changed something, as the audit trail has them, the names that they have now. */
export type ActorNames = (actor: string | undefined) => ShownActor

/**
 * Looks up who has changed something, each of them once. Whoever sees one app is not told the name of an operator of all: it
 * is that of a user of another.
 *
 * @throws {AmazonAuthError} `store_unavailable`
 */
export async function nameActors(
  actors: readonly (string | undefined)[],
  visit: Pick<AdminVisit, 'services' | 'operator'>,
): Promise<ActorNames> {
  const named = await Promise.all(
    [...new Set(actors)].map(async (actor) => [actor, await nameOne(actor ?? '', visit)] as const),
  )
  const names = new Map(named)
  return (actor) => names.get(actor) ?? { by: 'somebody' }
}

async function nameOne(
  text: string,
  { services, operator }: Pick<AdminVisit, 'services' | 'operator'>,
): Promise<ShownActor> {
  const actor = parseActor(text)
  if (actor === undefined) return { by: 'somebody' }
  const { kind, appId } = actor
  if (kind === 'app') {
    return appId === services.apps.rootId ? { by: 'root' } : { by: 'keys', app: appId }
  }
  if (operator.appId !== undefined && operator.appId !== appId) return { by: 'someOperator' }
  const user = await services.users.findById(appId, actor.userId)
  return user === undefined
    ? { by: 'somebody' }
    : { by: 'operator', name: user.name.trim() || user.identifier }
}
