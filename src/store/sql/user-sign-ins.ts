import type { Kysely } from 'kysely'

import type { KeptOfUser } from '../../users/kept-of-user'
import { defineQuery } from './define-query'
import type { Schema } from './schema'
import type { SqlExecutor } from './sql-executor'

interface OfUser {
  readonly appId: string
  readonly userId: string
}

interface Page extends OfUser {
  readonly limit: number
}

interface PageBefore extends Page {
  readonly atMs: number
  readonly id: string
}

const PAGE = 500

const first = defineQuery((db, params: Page) => latestFirst(db, params).selectAll())
const before = defineQuery((db, params: PageBefore) =>
  latestFirst(db, params)
    .selectAll()
    .where('at', '<=', params.atMs)
    .where((where) => where.or([where('at', '<', params.atMs), where('id', '<', params.id)])),
)

/** The number of a user who is gone leads to nobody; without it, the sign-ins of one person are not even told apart. */
const makeNameless = defineQuery((db, params: Page) =>
  db
    .updateTable('audit')
    .set({ user_id: null })
    .where('app_id', '=', params.appId)
    .where('id', 'in', (some) =>
      some
        .selectFrom('audit')
        .select('id')
        .where('app_id', '=', params.appId)
        .where('user_id', '=', params.userId)
        .limit(params.limit),
    )
    .where('user_id', '=', params.userId)
    .returning('id'),
)

/** When a user last signed in, as far as the audit trail goes back. */
export const findLastSignIn = defineQuery((db, { appId, userId }: OfUser) =>
  ofUser(db, { appId, userId })
    .where('outcome', '=', 'success')
    .where('way', '<>', 'operator')
    .select('at')
    .orderBy('at', 'desc')
    .limit(1),
)

/** What the audit trail has of a user. */
export function userSignIns(executor: SqlExecutor): KeptOfUser {
  return {
    name: 'sign_ins',
    async page(appId, userId, position) {
      const page = { appId, userId, limit: PAGE }
      const rows = await executor.read(
        position === undefined ? first(page) : before({ ...page, ...position }),
      )
      const last = rows.length === PAGE ? rows.at(-1) : undefined
      return { items: rows.map(toItem), next: last && { atMs: last.at, id: last.id } }
    },
    async erase(appId, userId, limit) {
      const [events] = await executor.write([makeNameless({ appId, userId, limit })])
      return events.length
    },
  }
}

function ofUser(db: Kysely<Schema>, { appId, userId }: OfUser) {
  return db.selectFrom('audit').where('app_id', '=', appId).where('user_id', '=', userId)
}

function latestFirst(db: Kysely<Schema>, params: Page) {
  return ofUser(db, params).orderBy('at', 'desc').orderBy('id', 'desc').limit(params.limit)
}

/** Without who has changed something about the user: that is another person. */
function toItem(row: Schema['audit']) {
  const { at, outcome, reason, way, network, request_id = null, step = null } = row
  const { took_ms = null, amazon_ms = null, is_new } = row
  const isNew = is_new === 1
  return { at, outcome, reason, way, network, request_id, step, took_ms, amazon_ms, is_new: isNew }
}
