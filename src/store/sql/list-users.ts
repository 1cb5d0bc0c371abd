import { setImmediate } from 'node:timers/promises'

import { sql, type Kysely, type RawBuilder } from 'kysely'

import type { User, UserPage, UserSortKey } from '../../users/user'
import { defineQuery } from './define-query'
import { folded, foldedText, startsWith, textRange, type TextRange } from './folded'
import type { Schema } from './schema'
import type { SqlExecutor } from './sql-executor'
import { fromUserRow, USER_COLUMNS, type UserRow } from './user-row'

/** Rows that one question passes over: SQLite does so on the event loop, in about a millisecond. */
const BITE = 5_000
/** Rows that one question counts, in about a millisecond. */
const COUNT_BITE = 20_000
/** Users that a search finds by each of name, email and identifier. */
const MAX_FOUND = 1_000

/** What the first column of each order is; an index has it, and the id behind it. */
const ORDERS = {
  timestamp: orderBy(sql.ref('created_at'), (user) => user.createdAtMs),
  updated: orderBy(sql.ref('updated_at'), (user) => user.updatedAtMs),
  name: orderBy(folded('name'), (user) => foldedText(user.name)),
  email: orderBy(folded('email'), (user) => foldedText(user.email)),
  // Ids are numbers that get a digit more now and then.
  id: orderBy(sql`length(id)`, (user) => user.id.length),
} satisfies Record<UserSortKey, unknown>

/** A place in an order. */
interface Position {
  readonly key: string | number
  readonly id: string
}

interface OfApp {
  readonly appId: string
}

interface Range extends OfApp {
  readonly offset: number
  readonly limit: number
}

type Found = TextRange & OfApp

const total = sql<number>`count(*)`.as('total')

const passIds = defineQuery((db, params: OfApp & { afterId: string }) =>
  usersOf(db, params.appId)
    .select('id')
    .where('id', '>', params.afterId)
    .orderBy('id')
    .limit(sql.lit(1))
    .offset(sql.lit(COUNT_BITE - 1)),
)

/** Asked when they are fewer than a bite. */
const countBehind = defineQuery((db, params: OfApp & { afterId: string }) =>
  usersOf(db, params.appId).select(total).where('id', '>', params.afterId),
)

const countFound = defineQuery((db, params: Found) =>
  usersOf(db, params.appId).select(total).where(isFound(params)),
)

function usersOf(db: Kysely<Schema>, appId: string) {
  return db.selectFrom('users').where('app_id', '=', appId)
}

/**
 * A page of an app's users, and how many there are. No question reads more than some thousand rows, however many users
 * the app has and however far behind the page lies; between two of them the event loop is free.
 */
export async function listUsers(
  executor: SqlExecutor,
  appId: string,
  page: UserPage & { readonly after?: User | undefined },
): Promise<{ users: readonly User[]; total: number }> {
  const { offset, limit, sort, descending, search, after } = page
  const order = ORDERS[sort]
  const queries = order[descending ? 'descending' : 'ascending']
  if (search !== undefined) {
    const found = { appId, ...textRange(search) }
    const rows = await executor.read(queries.found({ ...found, offset, limit }))
    const [count] = await executor.read(countFound(found))
    return { users: rows.map(fromUserRow), total: count?.total ?? 0 }
  }
  const total = await countUsersOf(executor, appId)
  const from = after && { key: order.keyOf(after), id: after.id }
  const start =
    offset < total ? await passOver(executor, queries, { appId, from, offset }) : undefined
  if (start === undefined) return { users: [], total }
  const { position, left } = start
  const range = { appId, limit, offset: left }
  const rows =
    position === undefined
      ? await executor.read(queries.first(range))
      : await readBehind(executor, queries, position, range)
  return { users: rows.map(fromUserRow), total }
}

async function readBehind(
  executor: SqlExecutor,
  queries: Queries,
  position: Position,
  range: Range,
): Promise<readonly UserRow[]> {
  const { appId, offset, limit } = range
  const rows = await executor.read(queries.run({ ...range, ...position }))
  if (rows.length === limit) return rows
  const passed = offset === 0 ? 0 : await countRun(executor, queries, appId, position)
  const beyond = { appId, key: position.key, offset: Math.max(0, offset - passed) }
  const more = await executor.read(queries.beyond({ ...beyond, limit: limit - rows.length }))
  return [...rows, ...more]
}

async function countRun(
  executor: SqlExecutor,
  queries: Queries,
  appId: string,
  position: Position,
): Promise<number> {
  const [run] = await executor.read(queries.countRun({ appId, ...position }))
  return run?.total ?? 0
}

async function countUsersOf(executor: SqlExecutor, appId: string): Promise<number> {
  let passed = 0
  for (let afterId = ''; ; passed += COUNT_BITE) {
    const [last] = await executor.read(passIds({ appId, afterId }))
    if (last === undefined) {
      const [rest] = await executor.read(countBehind({ appId, afterId }))
      return passed + (rest?.total ?? 0)
    }
    afterId = last.id
    await setImmediate()
  }
}

/** @returns Undefined: there are not so many. */
async function passOver(
  executor: SqlExecutor,
  queries: Queries,
  { appId, from, offset }: { appId: string; from: Position | undefined; offset: number },
): Promise<{ position: Position | undefined; left: number } | undefined> {
  let position = from
  let left = offset
  for (; left >= BITE; left -= BITE) {
    const last =
      position === undefined
        ? (await executor.read(queries.firstBite({ appId })))[0]
        : await passBite(executor, queries, appId, position)
    if (last === undefined) return undefined
    position = last
    await setImmediate()
  }
  return { position, left }
}

/** Those of the same key first; of them there are fewer than a bite, where the next bite ends beyond. */
async function passBite(
  executor: SqlExecutor,
  queries: Queries,
  appId: string,
  position: Position,
): Promise<Position | undefined> {
  const [inRun] = await executor.read(queries.runBite({ appId, ...position }))
  if (inRun !== undefined) return inRun
  const passed = await countRun(executor, queries, appId, position)
  const beyond = { appId, key: position.key, offset: BITE - 1 - passed }
  return (await executor.read(queries.beyondBite(beyond)))[0]
}

type Queries = ReturnType<typeof queriesOf>

function orderBy(key: RawBuilder<unknown>, keyOf: (user: User) => string | number) {
  return { keyOf, ascending: queriesOf(key, 'asc'), descending: queriesOf(key, 'desc') }
}

function queriesOf(key: RawBuilder<unknown>, direction: 'asc' | 'desc') {
  const [least, next] =
    direction === 'asc' ? [sql`${key} >`, sql`id >`] : [sql`${key} <`, sql`id <`]
  const inOrder = (db: Kysely<Schema>, { appId }: OfApp) =>
    usersOf(db, appId).orderBy(key, direction).orderBy('id', direction)
  const beyond = (db: Kysely<Schema>, params: OfApp & Pick<Position, 'key'>) =>
    inOrder(db, params).where(sql<boolean>`${least} ${params.key}`)
  /** Behind a place, among those of the same key: of these there may be any number. */
  const run = (db: Kysely<Schema>, params: OfApp & Position) =>
    usersOf(db, params.appId).where(sql<boolean>`${key} = ${params.key} and ${next} ${params.id}`)
  const place = [key.as('key'), sql<string>`id`.as('id')] as const
  const [one, toLastOfBite] = [sql.lit(1), sql.lit(BITE - 1)]
  return {
    first: defineQuery((db, params: Range) =>
      inOrder(db, params).select(USER_COLUMNS).limit(params.limit).offset(params.offset),
    ),
    run: defineQuery((db, params: Position & Range) =>
      run(db, params)
        .select(USER_COLUMNS)
        .orderBy('id', direction)
        .limit(params.limit)
        .offset(params.offset),
    ),
    beyond: defineQuery((db, params: Pick<Position, 'key'> & Range) =>
      beyond(db, params).select(USER_COLUMNS).limit(params.limit).offset(params.offset),
    ),
    firstBite: defineQuery((db, params: OfApp) =>
      inOrder(db, params).select(place).limit(one).offset(toLastOfBite).$castTo<Position>(),
    ),
    runBite: defineQuery((db, params: Position & OfApp) =>
      run(db, params)
        .select(place)
        .orderBy('id', direction)
        .limit(one)
        .offset(toLastOfBite)
        .$castTo<Position>(),
    ),
    countRun: defineQuery((db, params: Position & OfApp) => run(db, params).select(total)),
    beyondBite: defineQuery((db, params: Pick<Position, 'key'> & OfApp & { offset: number }) =>
      beyond(db, params).select(place).limit(one).offset(params.offset).$castTo<Position>(),
    ),
    // Hides the key from the planners: walking its index for what was found would mean reading all of it.
    found: defineQuery((db, params: Found & { offset: number; limit: number }) =>
      usersOf(db, params.appId)
        .select(USER_COLUMNS)
        .where(isFound(params))
        .orderBy(sql`coalesce(${key}, null)`, direction)
        .orderBy('id', direction)
        .limit(params.limit)
        .offset(params.offset),
    ),
  }
}

/** Each of three indices gives its first matches; an OR of them all would read whatever matches. */
function isFound({ appId, from, to, exactFrom, exactTo }: Found) {
  const ids = (column: RawBuilder<unknown>, least: string, end: string, name: string) =>
    sql`select id from (select id from users where app_id = ${appId} and ${startsWith(column, least, end)} order by ${column} limit ${sql.lit(MAX_FOUND)}) as ${sql.ref(name)}`
  return sql<boolean>`id in (${ids(folded('name'), from, to, 'by_name')} union ${ids(folded('email'), from, to, 'by_email')} union ${ids(sql`identifier collate binary`, exactFrom, exactTo, 'by_identifier')})`
}
