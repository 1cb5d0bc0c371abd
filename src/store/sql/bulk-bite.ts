import { sql, type Kysely } from 'kysely'

import { MAX_IDS, type BulkBite } from '../../bulk/bulk-store'
import { eventOf, type BulkAction, type BulkChange } from '../../bulk/bulk-change'
import { defineQuery, type Statement } from './define-query'
import { idList, idParams, type IdParams } from './id-list'
import type { Schema } from './schema'

/** A bite as the statements take it. */
interface Bite {
  readonly appId: string
  readonly bulkId: string
  readonly nowMs: number
  readonly drivenUntilMs: number
  readonly secret: string
  /** Name of the change in the audit trail. */
  readonly reason: string
  readonly actor: string
  readonly detail: string
}

const EVENT_COLUMNS = [
  'app_id',
  'at',
  'id',
  'outcome',
  'reason',
  'way',
  'user_id',
  'network',
] as const

interface Change {
  /** NULL: stays as it is. */
  readonly active: number | null
  readonly moreEpochs: number
  /** Whom it is for: users who are active, locked, or either. */
  readonly oneState: number
  readonly otherState: number
}

type Params = Bite & IdParams

/** Two processes at one bulk change wait for each other here: what stands behind finds what the other has left. */
const hold = defineQuery((db, params: Params) =>
  db
    .updateTable('bulks')
    .set({ driven_until: params.drivenUntilMs, updated_at: params.nowMs })
    .where('app_id', '=', params.appId)
    .where('bulk_id', '=', params.bulkId)
    .where('state', '=', 'running')
    .returning('bulk_id as id'),
)

const change = defineQuery((db, params: Params & Change) =>
  db
    .updateTable('users')
    .set({
      active: sql<number>`coalesce(${params.active}, active)`,
      token_secret: freshSecret(params),
      session_epoch: sql<number>`session_epoch + ${params.moreEpochs}`,
      updated_at: params.nowMs,
    })
    .where('app_id', '=', params.appId)
    .where(isOfBite(params))
    .where('active', 'in', [params.oneState, params.otherState])
    .returning('id'),
)

/** The others have none of the fresh secrets. */
const noteChanged = defineQuery((db, params: Params) =>
  noteAll(db, params, sql`token_secret = ${freshSecret(params)}`),
)

const noteDeleted = defineQuery((db, params: Params) => noteAll(db, params, isOfBite(params)))

const countChanged = defineQuery((db, params: Params) =>
  countAll(db, params, sql`token_secret = ${freshSecret(params)}`),
)

/** Whoever deletes one of them by himself has done so before this, or finds them deleted. */
const holdUsers = defineQuery((db, params: Params) =>
  db
    .updateTable('users')
    .set((users) => ({ active: users.ref('active') }))
    .where('app_id', '=', params.appId)
    .where(isOfBite(params)),
)

/** Before they are deleted. */
const countDeleted = defineQuery((db, params: Params) => countAll(db, params, sql`1 = 1`))

const noteErasures = defineQuery((db, params: Params) =>
  db
    .insertInto('erasures')
    .columns(['app_id', 'user_id', 'deleted_at'])
    .expression((select) =>
      select
        .selectFrom('users')
        .select(['app_id', 'id', sql<number>`${params.nowMs}`.as('deleted_at')])
        .where('app_id', '=', params.appId)
        .where(isOfBite(params)),
    )
    .onConflict((conflict) => conflict.doNothing()),
)

const deleteUsers = defineQuery((db, params: Params) =>
  db.deleteFrom('users').where('app_id', '=', params.appId).where(isOfBite(params)).returning('id'),
)

const takeOff = defineQuery((db, params: Params) =>
  db
    .deleteFrom('bulk_users')
    .where('app_id', '=', params.appId)
    .where('bulk_id', '=', params.bulkId)
    .where(sql<boolean>`user_id in (${idList(params, MAX_IDS)})`)
    .where(isRunning(params)),
)

/** Unlike any other: it tells, and counts, whom this bite has changed. */
function freshSecret({ secret }: Bite) {
  return sql<string>`${secret} || id`
}

function isRunning({ appId, bulkId }: Bite) {
  return sql<boolean>`exists (select 1 from bulks where bulks.app_id = ${appId} and bulks.bulk_id = ${bulkId} and bulks.state = 'running')`
}

/** Users of the bite who are on the set still. */
function isOfBite(params: Params) {
  const { appId, bulkId } = params
  return sql<boolean>`users.id in (${idList(params, MAX_IDS)}) and exists (select 1 from bulk_users where bulk_users.app_id = ${appId} and bulk_users.bulk_id = ${bulkId} and bulk_users.user_id = users.id) and ${isRunning(params)}`
}

function noteAll(db: Kysely<Schema>, params: Params, isNoted: ReturnType<typeof sql>) {
  return db
    .insertInto('audit')
    .columns([...EVENT_COLUMNS, 'actor', 'detail'])
    .expression((select) =>
      select
        .selectFrom('users')
        .select([
          'users.app_id',
          sql<number>`${params.nowMs}`.as('at'),
          sql<string>`${params.bulkId} || ':' || users.id`.as('event_id'),
          sql<string>`'success'`.as('outcome'),
          sql<string>`${params.reason}`.as('reason'),
          sql<string>`'operator'`.as('way'),
          'users.id',
          sql<string>`''`.as('network'),
          sql<string>`${params.actor}`.as('actor'),
          sql<string>`${params.detail}`.as('detail'),
        ])
        .where('users.app_id', '=', params.appId)
        .where(sql<boolean>`users.id in (${idList(params, MAX_IDS)}) and ${isNoted}`),
    )
}

function countAll(db: Kysely<Schema>, params: Params, isChanged: ReturnType<typeof sql>) {
  const { appId, bulkId } = params
  const ids = idList(params, MAX_IDS)
  const queued = sql`(select count(*) from bulk_users where bulk_users.app_id = ${appId} and bulk_users.bulk_id = ${bulkId} and bulk_users.user_id in (${ids}))`
  const found = sql`(select count(*) from users where users.app_id = ${appId} and ${isOfBite(params)})`
  const changed = sql`(select count(*) from users where users.app_id = ${appId} and ${isOfBite(params)} and ${isChanged})`
  return db
    .updateTable('bulks')
    .set({
      changed: sql<number>`changed + ${changed}`,
      unchanged: sql<number>`unchanged + ${found} - ${changed}`,
      gone: sql<number>`gone + ${queued} - ${found}`,
    })
    .where('app_id', '=', appId)
    .where('bulk_id', '=', bulkId)
    .where('state', '=', 'running')
}

/** What each action writes; a lock ends all sessions and tokens, and an unlock brings none back. */
const CHANGES: Readonly<Record<Exclude<BulkAction, 'delete'>, Change>> = {
  lock: { active: 0, moreEpochs: 1, oneState: 1, otherState: 1 },
  unlock: { active: 1, moreEpochs: 0, oneState: 0, otherState: 0 },
  sign_out: { active: null, moreEpochs: 1, oneState: 0, otherState: 1 },
}

/** The statements of one bite, for one transaction. */
export interface BiteStatements {
  /** The first has a row if it runs. */
  readonly statements: readonly [Statement<{ id: string }>, ...Statement[]]
  /** Which of them has a row for each user whom it changes. */
  readonly changeAt: number
}

export function biteStatements(
  bulk: BulkChange,
  { ids, isAudited, ...bite }: BulkBite,
): BiteStatements {
  const { appId, id: bulkId, action } = bulk
  const params = { ...bite, ...idParams(ids, MAX_IDS), ...eventOf(bulk), appId, bulkId }
  const statements: [Statement<{ id: string }>, ...Statement[]] = [hold(params)]
  if (action === 'delete') {
    statements.push(holdUsers(params), countDeleted(params), noteErasures(params))
    if (isAudited) statements.push(noteDeleted(params))
    const changeAt = statements.push(deleteUsers(params)) - 1
    return { statements: [...statements, takeOff(params)], changeAt }
  }
  const changeAt = statements.push(change({ ...params, ...CHANGES[action] })) - 1
  if (isAudited) statements.push(noteChanged(params))
  return { statements: [...statements, countChanged(params), takeOff(params)], changeAt }
}
