import { sql, type Kysely } from 'kysely'

import { MAX_IDS, type BulkRef, type BulkStep, type BulkStore } from '../../bulk/bulk-store'
import type { BulkChange } from '../../bulk/bulk-change'
import { biteStatements } from './bulk-bite'
import { fromBulkRow, toBulkRow } from './bulk-columns'
import { walkStatement } from './bulk-walk'
import { defineQuery } from './define-query'
import { isOneOf, idParams, type IdParams } from './id-list'
import type { Schema } from './schema'
import type { SqlExecutor } from './sql-executor'
import { fromUserRow, USER_COLUMNS } from './user-row'

interface Ref {
  readonly appId: string
  readonly id: string
}

const insertBulk = defineQuery((db, row: Schema['bulks']) =>
  db.insertInto('bulks').values({
    app_id: row.app_id,
    bulk_id: row.bulk_id,
    action: row.action,
    state: row.state,
    covers: row.covers,
    search: row.search,
    actor: row.actor,
    total: row.total,
    changed: row.changed,
    unchanged: row.unchanged,
    gone: row.gone,
    missing: row.missing,
    missing_count: row.missing_count,
    created_at: row.created_at,
    updated_at: row.updated_at,
    driven_until: row.driven_until,
    expires_at: row.expires_at,
  }),
)

const findBulk = defineQuery((db, { appId, id }: Ref) =>
  bulksOf(db, appId).where('bulk_id', '=', id),
)

const latestBulks = defineQuery((db, params: { appId: string; limit: number }) =>
  bulksOf(db, params.appId)
    .orderBy('bulks.created_at', 'desc')
    .orderBy('bulk_id')
    .limit(params.limit),
)

const countOpen = defineQuery((db, params: { appId: string }) =>
  bulksOf(db, params.appId)
    .clearSelect()
    .select((bulks) => bulks.fn.countAll().as('count'))
    .where('bulks.state', 'in', ['collecting', 'ready', 'running']),
)

/** An app that was deleted and made anew has none of those of the old one. */
function bulksOf(db: Kysely<Schema>, appId: string) {
  return db
    .selectFrom('bulks')
    .innerJoin('apps', 'apps.app_id', 'bulks.app_id')
    .selectAll('bulks')
    .where('bulks.app_id', '=', appId)
    .where('apps.deleted_at', 'is', null)
    .whereRef('bulks.created_at', '>=', 'apps.created_at')
}

const running = defineQuery((db, params: { limit: number }) =>
  db.selectFrom('bulks').selectAll().where('state', '=', 'running').limit(params.limit),
)

const addUsers = defineQuery((db, params: Ref & IdParams) =>
  db
    .insertInto('bulk_users')
    .columns(['app_id', 'bulk_id', 'user_id'])
    .expression((select) =>
      select
        .selectFrom('users')
        .select(['users.app_id', sql<string>`${params.id}`.as('bulk_id'), 'users.id'])
        .where(isOneOf(params, MAX_IDS)),
    )
    .onConflict((conflict) => conflict.doNothing())
    .returning('user_id as id'),
)

const findKnown = defineQuery((db, params: { appId: string } & IdParams) =>
  db.selectFrom('users').select('id').where(isOneOf(params, MAX_IDS)),
)

type StepParams = Ref & {
  readonly one: string
  readonly other: string
  readonly third: string
  readonly to: string
  readonly nowMs: number
  readonly drivenUntilMs: number
  readonly expiresAtMs: number
  readonly actor: string | undefined
  readonly total: number | undefined
  readonly missing: string | undefined
  readonly missingCount: number | undefined
}

const takeStep = defineQuery((db, params: StepParams) =>
  db
    .updateTable('bulks')
    .set({
      state: params.to,
      actor: sql<string>`coalesce(${params.actor}, actor)`,
      total: sql<number>`coalesce(${params.total}, total)`,
      missing: sql<string>`coalesce(${params.missing}, missing)`,
      missing_count: sql<number>`coalesce(${params.missingCount}, missing_count)`,
      updated_at: params.nowMs,
      driven_until: params.drivenUntilMs,
      expires_at: params.expiresAtMs,
    })
    .where('app_id', '=', params.appId)
    .where('bulk_id', '=', params.id)
    .where('state', 'in', [params.one, params.other, params.third])
    .returningAll(),
)

const finish = defineQuery(
  (db, params: Ref & { readonly nowMs: number; readonly expiresAtMs: number }) =>
    db
      .updateTable('bulks')
      .set({ state: 'done', updated_at: params.nowMs, expires_at: params.expiresAtMs })
      .where('app_id', '=', params.appId)
      .where('bulk_id', '=', params.id)
      .where('state', '=', 'running')
      .where((where) =>
        where.not(
          where.exists(
            db
              .selectFrom('bulk_users')
              .select('user_id')
              .where('app_id', '=', params.appId)
              .where('bulk_id', '=', params.id),
          ),
        ),
      )
      .returning('bulk_id as id'),
)

const nextIds = defineQuery((db, params: Ref & { afterId: string; limit: number }) =>
  db
    .selectFrom('bulk_users')
    .select('user_id as id')
    .where('app_id', '=', params.appId)
    .where('bulk_id', '=', params.id)
    .where('user_id', '>', params.afterId)
    .orderBy('user_id')
    .limit(params.limit),
)

const sampleUsers = defineQuery((db, params: { appId: string } & IdParams) =>
  db.selectFrom('users').select(USER_COLUMNS).where(isOneOf(params, MAX_IDS)).orderBy('id'),
)

const findOld = defineQuery((db, params: { nowMs: number }) =>
  db
    .selectFrom('bulks')
    .select(['app_id as appId', 'bulk_id as id'])
    .where('expires_at', '<=', params.nowMs)
    .orderBy('expires_at')
    .limit(1),
)

/** It is still shown, but nobody of its set will be looked at. */
const findCancelled = defineQuery((db, _params: object) =>
  db
    .selectFrom('bulks')
    .select(['app_id as appId', 'bulk_id as id'])
    .where('state', '=', 'cancelled')
    .where((where) =>
      where.exists(
        where
          .selectFrom('bulk_users')
          .select('user_id')
          .whereRef('bulk_users.app_id', '=', 'bulks.app_id')
          .whereRef('bulk_users.bulk_id', '=', 'bulks.bulk_id'),
      ),
    )
    .limit(1),
)

/** By a range of its key: PostgreSQL, which knows nothing yet of a set just written, would look for each of a list in all of it. */
const clear = defineQuery((db, params: Ref & { to: string }) =>
  db
    .deleteFrom('bulk_users')
    .where('app_id', '=', params.appId)
    .where('bulk_id', '=', params.id)
    .where('user_id', '<=', params.to)
    .returning('user_id as id'),
)

const deleteOld = defineQuery((db, params: Ref & { nowMs: number }) =>
  db
    .deleteFrom('bulks')
    .where('app_id', '=', params.appId)
    .where('bulk_id', '=', params.id)
    .where('expires_at', '<=', params.nowMs)
    .returning('bulk_id as id'),
)

const findWebhook = defineQuery((db, params: { appId: string }) =>
  db.selectFrom('webhooks').select('id').where('app_id', '=', params.appId).limit(1),
)

/** Changes of many users, in SQL. */
export function sqlBulkStore(
  executor: SqlExecutor,
  { longBiteMs }: Pick<BulkStore, 'longBiteMs'>,
): BulkStore {
  const addIds = async ({ appId, id }: BulkRef, ids: readonly string[]): Promise<number> => {
    if (ids.length === 0) return 0
    const [added] = await executor.write([addUsers({ appId, id, ...idParams(ids, MAX_IDS) })])
    return added.length
  }
  const next: BulkStore['next'] = async ({ appId, id }, afterId, limit) => {
    const rows = await executor.read(nextIds({ appId, id, afterId, limit }))
    return rows.map((row) => row.id)
  }
  return {
    longBiteMs,
    async insert(bulk) {
      await executor.write([insertBulk(toBulkRow(bulk))])
    },
    async find({ appId, id }) {
      const [row] = await executor.read(findBulk({ appId, id }))
      return row && fromBulkRow(row)
    },
    async list(appId, limit) {
      return (await executor.read(latestBulks({ appId, limit }))).map(fromBulkRow)
    },
    async countOpen(appId) {
      const [row] = await executor.read(countOpen({ appId }))
      return Number(row?.count ?? 0)
    },
    async listRunning(limit) {
      return (await executor.read(running({ limit }))).map(fromBulkRow)
    },
    async add(ref, ids) {
      const known = await executor.read(findKnown({ appId: ref.appId, ...idParams(ids, MAX_IDS) }))
      return { known: known.map(({ id }) => id), added: await addIds(ref, ids) }
    },
    async addPage(bulk, page) {
      const rows = await executor.read(walkStatement(bulk.appId, page, MAX_IDS))
      const before = rows.filter(({ createdAtMs }) => createdAtMs <= bulk.createdAtMs)
      const added = await addIds(
        bulk,
        before.map(({ id }) => id),
      )
      const last = rows.length === MAX_IDS ? rows.at(-1) : undefined
      return { added, next: last && { key: last.key, id: last.id } }
    },
    async step({ appId, id }, step) {
      const [rows] = await executor.write([takeStep(toStepParams({ appId, id }, step))])
      const [row] = rows
      return row && fromBulkRow(row)
    },
    async sample(ref, limit) {
      const ids = await next(ref, '', Math.min(limit, MAX_IDS))
      const params = { appId: ref.appId, ...idParams(ids, MAX_IDS) }
      return (await executor.read(sampleUsers(params))).map(fromUserRow)
    },
    next,
    async apply(bulk: BulkChange, bite) {
      const isHeard = (await executor.read(findWebhook({ appId: bulk.appId }))).length > 0
      const { statements, changes } = biteStatements(bulk, bite, isHeard)
      const rows: unknown[][] = await executor.write(statements)
      if (rows[0]?.length === 0) return undefined
      return [...changes].filter(([at]) => rows[at]?.length === 1).map(([, userId]) => userId)
    },
    async finish({ appId, id }, nowMs, expiresAtMs) {
      const [rows] = await executor.write([finish({ appId, id, nowMs, expiresAtMs })])
      return rows.length > 0
    },
    async removeOld(nowMs, limit) {
      for (let removed = 0; removed < limit;) {
        const [old] = [
          ...(await executor.read(findOld({ nowMs }))),
          ...(await executor.read(findCancelled({}))),
        ]
        if (old === undefined) return removed
        const to = (await next(old, '', limit - removed)).at(-1)
        const statement = to === undefined ? deleteOld({ ...old, nowMs }) : clear({ ...old, to })
        removed += (await executor.write([statement]))[0].length
      }
      return limit
    },
  }
}

function toStepParams({ appId, id }: Ref, { from, ...step }: BulkStep): StepParams {
  const [one, other = one, third = one] = from
  const { actor, total, missingCount } = step
  const values = { actor, total, missing: step.missing?.join(' '), missingCount }
  return { ...step, ...values, appId, id, one, other, third }
}
