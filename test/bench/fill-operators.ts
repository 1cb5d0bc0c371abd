import { readFileSync } from 'node:fs'

import Database from 'libsql'
import { Client } from 'pg'

import { SUM_COLUMNS } from '../../src/store/sql/sums-columns'

/** How much pages for operators have to show. */
export interface OperatorsWorld {
  readonly apps: number
  /** Half of them are of `app-0`, the rest spread over the others. */
  readonly users: number
  /** Events of the audit trail, over 89 days: 30 in a hundred of `app-0`, the rest of the busy apps. */
  readonly events: number
  /** How many apps have sums by hour and day. */
  readonly busyApps: number
  /** Events of the first webhook of `app-0`. */
  readonly deliveries: number
}

/** A database that statements are run on, one after the other. */
export interface Statements {
  readonly dialect: 'sqlite' | 'postgres'
  run(sql: string): Promise<void>
  /** The first column of the first row. */
  value(sql: string): Promise<string>
  close(): Promise<void>
}

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const KEPT_DAYS = 89
const USER_DAYS = 700
/** Where ids of users begin to count, see users/user-id.ts. */
const EPOCH_MS = 1_704_067_200_000

export async function openStatements(url: string): Promise<Statements> {
  return url.startsWith('sqlite:') ? onSqlite(url.slice('sqlite:'.length)) : onPostgres(url)
}

function onSqlite(file: string): Statements {
  const database = new Database(file)
  database.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -400000')
  return {
    dialect: 'sqlite',
    run(sql) {
      database.exec(sql)
      return Promise.resolve()
    },
    value(sql) {
      const row = database.prepare(sql).get() as object
      return Promise.resolve(String(Object.values(row)[0]))
    },
    close() {
      database.close()
      return Promise.resolve()
    },
  }
}

async function onPostgres(connectionString: string): Promise<Statements> {
  const client = new Client({ connectionString })
  await client.connect()
  await client.query(`SET synchronous_commit = off; SET maintenance_work_mem = '1GB'`)
  return {
    dialect: 'postgres',
    async run(sql) {
      await client.query(sql)
    },
    async value(sql) {
      const { rows } = await client.query<Record<string, unknown>>(sql)
      return String(Object.values(rows[0] ?? {})[0])
    },
    close: () => client.end(),
  }
}

/** Fills a store whose apps are there, as `seed` has made them. */
export async function fillOperators(
  to: Statements,
  world: OperatorsWorld,
  tell: (line: string) => void,
): Promise<void> {
  const nowMs = Date.now()
  const parts = [
    ['users', usersOf(to, world, nowMs)],
    ['audit', eventsOf(to, world, nowMs)],
    ['sign_in_sums', sumsOf(to, world, nowMs)],
    ['sign_in_failures', failuresOf()],
  ] as const
  for (const [table, statements] of parts) {
    const startedAtMs = performance.now()
    await withoutIndices(to, table, statements)
    const rows = await to.value(`select count(*) from ${table}`)
    tell(`${table}: ${rows} rows in ${((performance.now() - startedAtMs) / 1000).toFixed(0)} s`)
  }
  await to.run(to.dialect === 'postgres' ? 'vacuum analyze' : 'pragma wal_checkpoint(truncate)')
}

/** Events of a webhook, all of them done. */
export async function fillDeliveries(
  to: Statements,
  webhookId: string,
  { deliveries, users }: OperatorsWorld,
): Promise<void> {
  const first = Date.now() - 2 * DAY_MS
  const at = `(${first} + n * ${Math.floor((1.9 * DAY_MS) / deliveries)})`
  const user = userId(`(n * 31 % ${users / 2})`, users, Date.now())
  await to.run(`insert into webhook_deliveries (app_id, webhook_id, id, stream, seq, user_id, type, at, detail, state,
      attempts, tries, done_at)
    select 'app-0', '${webhookId}', ${text(to, `(${10 ** 12} + n)`)}, ${text(to, user)}, ${at}, ${text(to, user)},
      'user.signed_in', ${at}, '{}', case when n % 100 = 0 then 'given_up' else 'delivered' end, 1, '[]', ${at}
    from ${series(to, deliveries)}`)
  await to.run('analyze')
}

/** Indices of a table are made when its rows are in it: it takes a fraction of the time. */
async function withoutIndices(
  to: Statements,
  table: string,
  statements: readonly string[],
): Promise<void> {
  const isPostgres = to.dialect === 'postgres'
  const all = isPostgres
    ? `select coalesce(json_agg(json_build_object('name', indexname, 'sql', indexdef)), '[]')::text from pg_indexes
        where tablename = '${table}' and indexname not in (select conname from pg_constraint)`
    : `select json_group_array(json_object('name', name, 'sql', sql)) from sqlite_master
        where type = 'index' and tbl_name = '${table}' and sql is not null`
  const indices = JSON.parse(await to.value(all)) as { name: string; sql: string }[]
  for (const { name } of indices) await to.run(`drop index ${name}`)
  for (const statement of statements) await to.run(statement)
  for (const { sql } of indices) await to.run(sql)
}

function usersOf(to: Statements, { apps, users }: OperatorsWorld, nowMs: number) {
  const app = `case when n < ${users / 2} then 'app-0' else 'app-' || (1 + n % ${apps - 1}) end`
  const at = madeAt('n', users, nowMs)
  return [
    `insert into users (app_id, id, identifier, email, name, picture, "groups", active, token_secret, session_epoch,
      created_at, updated_at)
    select ${app}, ${text(to, userId('n', users, nowMs))}, 'az:amzn1.account.' || n,
      'person-' || n || '@example.com', case n % 3 when 0 then 'Person ' when 1 then 'Ada ' else 'Émile ' end || n,
      'https://www.gravatar.com/avatar/' || n || '?d=mm&size=400', 'users', case when n % 50 = 0 then 0 else 1 end,
      'token-secret-of-the-user-' || n, 0, ${at}, ${at} + n % 1000
    from ${series(to, users)}`,
  ]
}

/** When the n-th user was made. */
function madeAt(n: string, users: number, nowMs: number): string {
  const first = nowMs - USER_DAYS * DAY_MS
  return `(${first} + ${n} * ${Math.floor((USER_DAYS * DAY_MS) / users)})`
}

function userId(n: string, users: number, nowMs: number): string {
  return `((${madeAt(n, users, nowMs)} - ${EPOCH_MS}) * 4194304 + ${n})`
}

function eventsOf(to: Statements, world: OperatorsWorld, nowMs: number) {
  const { events, busyApps, users } = world
  const step = Math.floor((KEPT_DAYS * DAY_MS) / events)
  const isFailure = 'n % 100 < 3'
  const isChange = 'n % 2000 = 7'
  const reason = `case when n % 1000000 = 1 then 'client_rejected' when ${isFailure} then case n / 100 % 8
      when 0 then 'state_missing' when 1 then 'state_mismatch' when 2 then 'amazon_timeout' when 3 then 'code_rejected'
      when 4 then 'account_locked' else 'access_denied' end when ${isChange} then 'setting_put' else 'ok' end`
  return [
    `insert into audit (app_id, at, id, outcome, reason, way, user_id, request_id, network, step, took_ms, amazon_ms,
      is_new, actor, detail)
    select case when n % 10 < 3 then 'app-0' else 'app-' || (1 + n * 7919 % ${busyApps}) end,
      ${nowMs - KEPT_DAYS * DAY_MS} + n * ${step}, 'e' || n,
      case when ${isFailure} then 'failure' else 'success' end, ${reason},
      case when ${isChange} then 'operator' when n % 7 = 0 then 'amazon_token' when n % 31 = 0 then 'device' else 'browser' end,
      case when ${isFailure} or ${isChange} then null
        else ${text(to, userId(`(n * 31 % ${users / 2})`, users, nowMs))} end,
      'request-' || n, '192.0.' || (n % 256) || '.0/24', 'respond', 20 + n % 300, 10 + n % 200,
      case when n % 40 = 5 then 1 end, case when ${isChange} then 'app:para' end,
      case when ${isChange} then 'signin_success' end
    from ${series(to, events)}`,
  ]
}

/** Minutes of 2 days, hours of 61 and days of nearly three years. */
function sumsOf(to: Statements, { busyApps }: OperatorsWorld, nowMs: number) {
  const spans = [
    ['minute', 2 * 1440 - 10, 60_000, Math.ceil(busyApps / 50)],
    ['hour', 61 * 24, HOUR_MS, busyApps],
    ['day', 1090, DAY_MS, busyApps],
  ] as const
  const values = SUM_COLUMNS.map((name) => valueOf(name))
  return spans.map(([span, count, lengthMs, apps]) => {
    const last = Math.floor(nowMs / lengthMs) * lengthMs
    const app = (n: string) =>
      `case ${n} when 0 then '*' when 1 then '' else 'app-' || (${n} - 2) end`
    return `insert into sign_in_sums (app_id, span, at, ${SUM_COLUMNS.join()})
      select ${app(`(n % ${apps + 2})`)}, '${span}', ${last} - (n / ${apps + 2}) * ${lengthMs}, ${values.join()}
      from ${series(to, count * (apps + 2))}`
  })
}

function valueOf(column: (typeof SUM_COLUMNS)[number]): string {
  if (column === 'begun' || column === 'returned') return '1000 + n % 97'
  if (column === 'succeeded') return '900 + n * 31 % 997'
  return column === 'failed' ? 'n * 17 % 91' : 'n % 53'
}

function failuresOf() {
  const of = (way: string, reason: string, which: string) => `insert into sign_in_failures
    select app_id, span, at, '${way}', '${reason}', 1 + at / 60000 % 7 from sign_in_sums where ${which}`
  return [
    of('browser', 'state_missing', '1 = 1'),
    of('browser', 'amazon_timeout', `app_id in ('*', 'app-0')`),
    of('device', 'access_denied', `app_id in ('*', 'app-0')`),
  ]
}

function series({ dialect }: Statements, count: number): string {
  return dialect === 'postgres'
    ? `generate_series(0::bigint, ${count - 1}) as s (n)`
    : `(with recursive s (n) as (select 0 union all select n + 1 from s where n < ${count - 1}) select n from s)`
}

function text({ dialect }: Statements, value: string): string {
  return dialect === 'postgres' ? `(${value})::text` : `cast(${value} as text)`
}

/** Load of the machine over the last minute. */
export function loadOf(): string {
  return readFileSync('/proc/loadavg', 'utf8').split(' ')[0] ?? ''
}
