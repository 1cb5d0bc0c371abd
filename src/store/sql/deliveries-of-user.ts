import type { KeptOfUser } from '../../users/kept-of-user'
import { defineQuery } from './define-query'
import type { SqlExecutor } from './sql-executor'

interface Page {
  readonly appId: string
  readonly userId: string
  readonly beforeId: string
  readonly limit: number
}

const PAGE = 500
/** Behind every id. */
const LAST_ID = 'z'

const latestFirst = defineQuery((db, params: Page) =>
  db
    .selectFrom('webhook_deliveries')
    .select(['id', 'webhook_id as webhook', 'type', 'at', 'state'])
    .where('app_id', '=', params.appId)
    .where('user_id', '=', params.userId)
    .where('id', '<', params.beforeId)
    .orderBy('id', 'desc')
    .limit(params.limit),
)

/** But the last: that they are gone. It holds their number alone, which leads to nobody. */
const deleteSome = defineQuery((db, params: Omit<Page, 'beforeId'>) =>
  db
    .deleteFrom('webhook_deliveries')
    .where('app_id', '=', params.appId)
    .where('user_id', '=', params.userId)
    .where('id', 'in', (some) =>
      some
        .selectFrom('webhook_deliveries')
        .select('id')
        .where('app_id', '=', params.appId)
        .where('user_id', '=', params.userId)
        .where('type', '<>', 'user.deleted')
        .limit(params.limit),
    )
    .where('type', '<>', 'user.deleted')
    .returning('id'),
)

/** What endpoints of the app were told of a user. */
export function deliveriesOfUser(executor: SqlExecutor): KeptOfUser {
  return {
    name: 'webhook_deliveries',
    async page(appId, userId, position) {
      const page = { appId, userId, beforeId: position?.id ?? LAST_ID, limit: PAGE }
      const rows = await executor.read(latestFirst(page))
      const last = rows.length === PAGE ? rows.at(-1) : undefined
      return { items: rows, next: last && { atMs: last.at, id: last.id } }
    },
    // What still waits goes, too: that the user is gone is told, and says it all.
    async erase(appId, userId, limit) {
      const [deleted] = await executor.write([deleteSome({ appId, userId, limit })])
      return deleted.length
    },
  }
}
