import { sql } from 'kysely'

import type { PeriodFailures, PeriodSums, RollUp } from '../../stats/roll-up'
import type { SqlValue, Statement } from './define-query'
import { refs, written } from './moved-tables'
import { FAILURES_KEY, SUM_COLUMNS, SUMS_KEY } from './sums-columns'

type Row = Readonly<Record<string, SqlValue>>

interface Target {
  readonly table: 'sign_in_sums' | 'sign_in_failures'
  readonly key: readonly string[]
  readonly counts: readonly string[]
}

/** Rows of one statement: each costs less than alone. */
const TOGETHER = 8

const SUMS: Target = { table: 'sign_in_sums', key: SUMS_KEY, counts: SUM_COLUMNS }
const FAILURES: Target = { table: 'sign_in_failures', key: FAILURES_KEY, counts: ['n'] }

const addSums = addingTo(SUMS)
const addFailures = addingTo(FAILURES)

/**
 * Adds to the sums of periods. A period that the batch has is one row of one statement; the order is that of the roll-up, the
 * same on every node, so that none waits for one that waits for it.
 */
export function addRollUp({ sums, failures }: RollUp): readonly Statement[] {
  return [...addSums(sums.map(toSumsRow)), ...addFailures(failures.map(toFailuresRow))]
}

function addingTo(target: Target): (rows: readonly Row[]) => readonly Statement[] {
  const one = addingRows(target, 1)
  const many = addingRows(target, TOGETHER)
  return (rows) => {
    const statements: Statement[] = []
    let next = 0
    for (; next + TOGETHER <= rows.length; next += TOGETHER) {
      statements.push(many(rows.slice(next, next + TOGETHER)))
    }
    for (const row of rows.slice(next)) statements.push(one([row]))
    return statements
  }
}

/** A statement for so many rows, whose parameters are numbered by row and column. */
function addingRows(
  { table, key, counts }: Target,
  size: number,
): (rows: readonly Row[]) => Statement {
  const columns = [...key, ...counts]
  const numbers = Array.from({ length: size }, (_, row) =>
    columns.map((_column, column) => `p${row * columns.length + column}`),
  )
  const insert = written<Row, object>((params) => {
    const rows = numbers.map(
      (names) => sql`(${sql.join(names.map((name) => sql`${params[name]}`))})`,
    )
    const sums = counts.map(
      (name) =>
        sql`${sql.ref(name)} = ${sql.ref(`${table}.${name}`)} + ${sql.ref(`excluded.${name}`)}`,
    )
    return sql`insert into ${sql.table(table)} (${refs(columns)}) values ${sql.join(rows)}
      on conflict (${refs(key)}) do update set ${sql.join(sums)}`
  })
  return (rows) => {
    const values: Record<string, SqlValue> = {}
    for (const [row, names] of numbers.entries()) {
      for (const [column, name] of names.entries()) {
        values[name] = rows[row]?.[columns[column] ?? ''] ?? 0
      }
    }
    return insert(values)
  }
}

function toSumsRow({ app, span, atMs, sums }: PeriodSums): Row {
  const { browser, amazonToken, appToken, device } = sums
  return {
    app_id: app,
    span,
    at: atMs,
    begun: sums.begun,
    returned: sums.returned,
    browser,
    amazon_token: amazonToken,
    app_token: appToken,
    device,
    succeeded: browser + amazonToken + appToken + device,
    declined: sums.declined,
    failed: sums.failed,
    new_users: sums.newUsers,
    revoked: sums.revoked,
    timed: sums.timed,
    amazon_ms: Math.round(sums.amazonMs),
    own_ms: Math.round(sums.ownMs),
    ...numbered('amazon', sums.amazonTimes),
    ...numbered('own', sums.ownTimes),
  }
}

function numbered(name: string, counts: readonly number[]): Row {
  return Object.fromEntries(counts.map((count, index) => [`${name}_${index}`, count]))
}

function toFailuresRow({ app, span, atMs, way, reason, count }: PeriodFailures): Row {
  return { app_id: app, span, at: atMs, way, reason, n: count }
}
