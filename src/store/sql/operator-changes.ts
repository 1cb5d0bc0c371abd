import { actorOfUser } from '../../audit/actor'
import type { KeptOfUser } from '../../users/kept-of-user'
import { defineQuery } from './define-query'
import type { SqlExecutor } from './sql-executor'

interface OfActor {
  readonly actor: string
  readonly limit: number
}

interface Before extends OfActor {
  readonly atMs: number
  readonly id: string
}

const PAGE = 500
/** Later than any event. */
const NEWEST = { atMs: Number.MAX_SAFE_INTEGER, id: '' }

const before = defineQuery((db, params: Before) =>
  db
    .selectFrom('audit')
    .selectAll()
    .where('actor', '=', params.actor)
    .where('at', '<=', params.atMs)
    .where((where) => where.or([where('at', '<', params.atMs), where('id', '<', params.id)]))
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(params.limit),
)

/** That somebody has changed something is kept; who it was is not. */
const makeNameless = defineQuery((db, params: OfActor) =>
  db
    .updateTable('audit')
    .set({ actor: 'user:' })
    .where('id', 'in', (some) =>
      some.selectFrom('audit').select('id').where('actor', '=', params.actor).limit(params.limit),
    )
    .where('actor', '=', params.actor)
    .returning('id'),
)

/** What a user has changed as an operator, as far as the audit trail goes back. */
export function operatorChanges(executor: SqlExecutor): KeptOfUser {
  return {
    name: 'operator_changes',
    async page(appId, userId, position = NEWEST) {
      const params = { actor: actorOfUser(appId, userId), limit: PAGE, ...position }
      const rows = await executor.read(before(params))
      const last = rows.length === PAGE ? rows.at(-1) : undefined
      const items = rows.map(({ at, app_id: app, reason: change, detail = null, network }) => ({
        ...{ at, app, change, detail, network },
      }))
      return { items, next: last && { atMs: last.at, id: last.id } }
    },
    async erase(appId, userId, limit) {
      const [events] = await executor.write([
        makeNameless({ actor: actorOfUser(appId, userId), limit }),
      ])
      return events.length
    },
  }
}
