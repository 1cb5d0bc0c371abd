import { sql, type Kysely } from 'kysely'

import { eventOf, type BulkAction, type BulkChange } from '../../bulk/bulk-change'
import type { BulkBite } from '../../bulk/bulk-store'
import { updated, type UserEvent } from '../../users/user-event'
import { defineQuery, type Statement } from './define-query'
import type { Schema } from './schema'
import { tell } from './sql-outbox'

/** One user of a bite. Each has statements of their own, by whole keys: a list of ids is a matter of luck with planners. */
interface One {
  readonly appId: string
  readonly bulkId: string
  readonly userId: string
  readonly nowMs: number
  /** Unlike any other: it tells whom this bite has changed. */
  readonly secret: string
  /** Name of the change in the audit trail. */
  readonly reason: string
  readonly actor: string
  readonly detail: string
}

interface Change {
  /** NULL: stays as it is. */
  readonly active: number | null
  readonly moreEpochs: number
  /** Whom it is for: users who are active, locked, or either. */
  readonly oneState: number
  readonly otherState: number
}

type Whole = Pick<One, 'appId' | 'bulkId' | 'nowMs'> & { readonly drivenUntilMs: number }

/** Two processes at one bulk change wait for each other here: what stands behind finds what the other has left. */
const hold = defineQuery((db, params: Whole) =>
  db
    .updateTable('bulks')
    .set({ driven_until: params.drivenUntilMs, updated_at: params.nowMs })
    .where('app_id', '=', params.appId)
    .where('bulk_id', '=', params.bulkId)
    .where('state', '=', 'running')
    .returning('bulk_id as id'),
)

const change = defineQuery((db, params: One & Change) =>
  db
    .updateTable('users')
    .set({
      active: sql<number>`coalesce(${params.active}, active)`,
      token_secret: params.secret,
      session_epoch: sql<number>`session_epoch + ${params.moreEpochs}`,
      updated_at: params.nowMs,
    })
    .where('app_id', '=', params.appId)
    .where('id', '=', params.userId)
    .where('active', 'in', [params.oneState, params.otherState])
    .where(isStillMeant(params))
    .returning('id'),
)

const noteChanged = defineQuery((db, params: One) => note(db, params, isChanged(params)))
const noteDeleted = defineQuery((db, params: One) => note(db, params, isStillMeant(params)))
const countChanged = defineQuery((db, params: One) => count(db, params, isChanged(params)))
/** Before it is deleted. */
const countDeleted = defineQuery((db, params: One) => count(db, params, sql<boolean>`1 = 1`))

/** Whoever deletes the user by itself has done so before this, or finds it deleted. */
const holdUser = defineQuery((db, params: One) =>
  db
    .updateTable('users')
    .set((users) => ({ active: users.ref('active') }))
    .where('app_id', '=', params.appId)
    .where('id', '=', params.userId)
    .where(isStillMeant(params)),
)

const noteErasure = defineQuery((db, params: One) =>
  db
    .insertInto('erasures')
    .columns(['app_id', 'user_id', 'deleted_at'])
    .expression((select) =>
      select
        .selectFrom('users')
        .select(['app_id', 'id', sql<number>`${params.nowMs}`.as('deleted_at')])
        .where('app_id', '=', params.appId)
        .where('id', '=', params.userId)
        .where(isStillMeant(params)),
    )
    .onConflict((conflict) => conflict.doNothing()),
)

const deleteUser = defineQuery((db, params: One) =>
  db
    .deleteFrom('users')
    .where('app_id', '=', params.appId)
    .where('id', '=', params.userId)
    .where(isStillMeant(params))
    .returning('id'),
)

const takeOff = defineQuery((db, params: One) =>
  db
    .deleteFrom('bulk_users')
    .where('app_id', '=', params.appId)
    .where('bulk_id', '=', params.bulkId)
    .where('user_id', '=', params.userId)
    .where(isRunning(params)),
)

function isRunning({ appId, bulkId }: One) {
  return sql<boolean>`exists (select 1 from bulks where bulks.app_id = ${appId} and bulks.bulk_id = ${bulkId} and bulks.state = 'running')`
}

/** Whether it runs, and the user is on its set still. */
function isStillMeant(params: One) {
  const { appId, bulkId, userId } = params
  return sql<boolean>`exists (select 1 from bulk_users where bulk_users.app_id = ${appId} and bulk_users.bulk_id = ${bulkId} and bulk_users.user_id = ${userId}) and ${isRunning(params)}`
}

function isChanged({ secret }: One) {
  return sql<boolean>`users.token_secret = ${secret}`
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
  'actor',
  'detail',
] as const

function note(db: Kysely<Schema>, params: One, isNoted: ReturnType<typeof isChanged>) {
  return db
    .insertInto('audit')
    .columns(EVENT_COLUMNS)
    .expression((select) =>
      select
        .selectFrom('users')
        .select([
          'users.app_id',
          sql<number>`${params.nowMs}`.as('at'),
          sql<string>`${params.bulkId} || '-' || users.id`.as('event_id'),
          sql<string>`'success'`.as('outcome'),
          sql<string>`${params.reason}`.as('reason'),
          sql<string>`'operator'`.as('way'),
          'users.id',
          sql<string>`''`.as('network'),
          sql<string>`${params.actor}`.as('actor'),
          sql<string>`${params.detail}`.as('detail'),
        ])
        .where('users.app_id', '=', params.appId)
        .where('users.id', '=', params.userId)
        .where(isNoted),
    )
}

/** Counts the user as changed, as it was already, or as gone. */
function count(db: Kysely<Schema>, params: One, isCounted: ReturnType<typeof isChanged>) {
  const { appId, bulkId, userId } = params
  const found = sql`(select count(*) from users where users.app_id = ${appId} and users.id = ${userId})`
  const changed = sql`(select count(*) from users where users.app_id = ${appId} and users.id = ${userId} and ${isCounted})`
  return db
    .updateTable('bulks')
    .set({
      changed: sql<number>`changed + ${changed}`,
      unchanged: sql<number>`unchanged + ${found} - ${changed}`,
      gone: sql<number>`gone + 1 - ${found}`,
    })
    .where('app_id', '=', appId)
    .where('bulk_id', '=', bulkId)
    .where('state', '=', 'running')
    .where(
      sql<boolean>`exists (select 1 from bulk_users where bulk_users.app_id = ${appId} and bulk_users.bulk_id = ${bulkId} and bulk_users.user_id = ${userId})`,
    )
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
  /** Of which user each of them has a row if it changes them, if it is one that does. */
  readonly changes: ReadonlyMap<number, string>
}

/** @param isHeard Whether the app has anybody who may want to be told what befalls users. */
export function biteStatements(
  bulk: BulkChange,
  { ids, isAudited, secret, ...times }: BulkBite,
  isHeard: boolean,
): BiteStatements {
  const { appId, id: bulkId, action } = bulk
  const whole = { ...times, ...eventOf(bulk), appId, bulkId }
  const statements: [Statement<{ id: string }>, ...Statement[]] = [hold(whole)]
  const changes = new Map<number, string>()
  for (const userId of ids) {
    const one = { ...whole, userId, secret: secret + userId }
    const { before, changing, after } = stepsOf(action, one, { isAudited, isHeard })
    statements.push(...before)
    changes.set(statements.push(changing) - 1, userId)
    statements.push(...after, takeOff(one))
  }
  return { statements, changes }
}

interface Told {
  readonly isAudited: boolean
  readonly isHeard: boolean
}

function stepsOf(action: BulkAction, one: One, { isAudited, isHeard }: Told) {
  const told = isHeard ? eventOfUser(action, one) : []
  if (action === 'delete') {
    const noted = isAudited ? [noteDeleted(one)] : []
    const before = [holdUser(one), countDeleted(one), ...told, noteErasure(one), ...noted]
    return { before, changing: deleteUser(one), after: [] }
  }
  const noted = isAudited ? [noteChanged(one)] : []
  const changing = change({ ...one, ...CHANGES[action] })
  return { before: [], changing, after: [...noted, ...told, countChanged(one)] }
}

/** As a change of this user alone tells it. */
const EVENTS: Readonly<Record<Exclude<BulkAction, 'delete'>, UserEvent | undefined>> = {
  lock: { type: 'user.locked' },
  unlock: updated(['active']),
  sign_out: undefined,
}

function eventOfUser(action: BulkAction, { appId, bulkId, userId, secret, nowMs }: One) {
  if (action === 'delete') {
    return tell(appId, { kind: 'meant', userId, bulkId }, { type: 'user.deleted' }, nowMs)
  }
  const event = EVENTS[action]
  if (event === undefined) return []
  return tell(appId, { kind: 'renewed', userId, tokenSecret: secret }, event, nowMs)
}
