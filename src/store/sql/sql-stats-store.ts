import { sql, type Kysely, type RawBuilder } from 'kysely'

import { ALL_APPS } from '../../stats/roll-up'
import type { Span } from '../../stats/span'
import type { StatsRange, StatsStore } from '../../stats/stats-store'
import type { Sums } from '../../stats/sums'
import { defineQuery, type Statement } from './define-query'
import { refs, written } from './moved-tables'
import type { Schema, SignInSums } from './schema'
import type { SqlExecutor } from './sql-executor'
import { FAILURES_KEY, SUMS_KEY } from './sums-columns'

interface Range extends StatsRange {
  readonly limit: number
}

const findSums = defineQuery((db, { app, span, fromMs, untilMs }: StatsRange) =>
  db
    .selectFrom('sign_in_sums')
    .selectAll()
    .where('app_id', '=', app)
    .where('span', '=', span)
    .where('at', '>=', fromMs)
    .where('at', '<', untilMs)
    .orderBy('at'),
)

const findFailures = defineQuery((db, { app, span, fromMs, untilMs, limit }: Range) =>
  db
    .selectFrom('sign_in_failures')
    .select(['reason', 'way', ({ fn }) => fn.sum<number>('n').as('count')])
    .where('app_id', '=', app)
    .where('span', '=', span)
    .where('at', '>=', fromMs)
    .where('at', '<', untilMs)
    .groupBy(['reason', 'way'])
    .orderBy('count', 'desc')
    .orderBy('reason')
    .limit(limit),
)

interface Day {
  readonly dayMs: number
  readonly limit: number
}

/** Each has an index of its own, for which the span has to stand in the words of the query. */
const BUSIEST = {
  succeeded: defineQuery((db, params: Day) => busiest(db, 'succeeded', params)),
  failed: defineQuery((db, params: Day) => busiest(db, 'failed', params)),
}

function busiest(db: Kysely<Schema>, by: 'succeeded' | 'failed', { dayMs, limit }: Day) {
  return db
    .selectFrom('sign_in_sums')
    .selectAll()
    .where(sql<boolean>`span = 'day'`)
    .where('at', '=', dayMs)
    .where(by, '>', 0)
    .orderBy(by, 'desc')
    .limit(limit)
}

const deleteOldSums = deleteOld('sign_in_sums', SUMS_KEY)
const deleteOldFailures = deleteOld('sign_in_failures', FAILURES_KEY)
const deleteSumsOfApp = deleteOfApp('sign_in_sums', SUMS_KEY)
const deleteFailuresOfApp = deleteOfApp('sign_in_failures', FAILURES_KEY)

/** There are as many codes of errors as ways to fail; an end to them all the same. */
const MAX_FAILURES = 500

/** Sums of sign-ins, in SQL. */
export function sqlStatsStore(executor: SqlExecutor): StatsStore {
  return {
    async read(range) {
      const rows = await executor.read(findSums(range))
      return rows.map((row) => ({ atMs: row.at, sums: toSums(row) }))
    },
    readFailures: (range) => executor.read(findFailures({ ...range, limit: MAX_FAILURES })),
    async listBusiest(by, dayMs, limit) {
      // One of them is that of all apps.
      const rows = await executor.read(BUSIEST[by]({ dayMs, limit: limit + 1 }))
      const apps = rows.map((row) => ({ app: row.app_id, sums: toSums(row) }))
      return apps.filter(({ app }) => app !== ALL_APPS).slice(0, limit)
    },
    deleteBefore: (span, atMs, limit) =>
      inTurn(executor, limit, [
        (rest) => deleteOldSums({ span, atMs, limit: rest }),
        (rest) => deleteOldFailures({ span, atMs, limit: rest }),
      ]),
  }
}

/** Removes at most so many of what was counted of an app; returns how many. */
export function deleteStatsOfApp(
  executor: SqlExecutor,
  app: string,
  limit: number,
): Promise<number> {
  return inTurn(executor, limit, [
    (rest) => deleteSumsOfApp({ app, limit: rest }),
    (rest) => deleteFailuresOfApp({ app, limit: rest }),
  ])
}

async function inTurn(
  executor: SqlExecutor,
  limit: number,
  deletions: readonly ((limit: number) => Statement)[],
): Promise<number> {
  let removed = 0
  for (const deletion of deletions) {
    if (removed === limit) break
    const [rows] = await executor.write([deletion(limit - removed)])
    removed += rows.length
  }
  return removed
}

type TableName = 'sign_in_sums' | 'sign_in_failures'

function deleteOld(table: TableName, key: readonly string[]) {
  return written<{ readonly span: Span; readonly atMs: number; readonly limit: number }, object>(
    ({ span, atMs, limit }) =>
      deleteSome(table, key, sql`span = ${span} and at < ${atMs} order by at limit ${limit}`),
  )
}

function deleteOfApp(table: TableName, key: readonly string[]) {
  return written<{ readonly app: string; readonly limit: number }, object>(({ app, limit }) =>
    deleteSome(table, key, sql`app_id = ${app} limit ${limit}`),
  )
}

function deleteSome(table: TableName, key: readonly string[], which: RawBuilder<unknown>) {
  return sql`delete from ${sql.table(table)} where (${refs(key)}) in
    (select ${refs(key)} from ${sql.table(table)} where ${which}) returning at`
}

function toSums(row: SignInSums): Sums {
  return {
    begun: row.begun,
    returned: row.returned,
    browser: row.browser,
    amazonToken: row.amazon_token,
    appToken: row.app_token,
    device: row.device,
    declined: row.declined,
    failed: row.failed,
    newUsers: row.new_users,
    revoked: row.revoked,
    timed: row.timed,
    amazonMs: row.amazon_ms,
    ownMs: row.own_ms,
    amazonTimes: BUCKETS.map((index) => row[`amazon_${index}`]),
    ownTimes: BUCKETS.map((index) => row[`own_${index}`]),
  }
}

const BUCKETS = [0, 1, 2, 3, 4, 5, 6, 7] as const
