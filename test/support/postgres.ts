import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'

import { Client } from 'pg'

/** Where tests make databases of their own: a server for tests, with a user who may. */
export const TEST_SERVER =
  process.env.TEST_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres'

const TABLES = `SELECT tablename AS name FROM pg_tables
  WHERE schemaname = 'public' AND tablename <> 'schema_versions'`

const PROBE = `require('net').connect(+process.argv[2], process.argv[1])
  .on('connect', () => process.exit(0)).on('error', () => process.exit(1))`

/** A describe that says so and is skipped where there is no PostgreSQL; never in CI, where it must be there. */
export function describeOnPostgres(title: string, tests: () => void): void {
  if (isThere() || process.env.CI === 'true') {
    describe(title, tests)
    return
  }
  console.warn(`Skipped for want of PostgreSQL at ${TEST_SERVER}: ${title}`)
  describe.skip(title, tests)
}

/** A database of a test file's own. */
export interface TestDatabase {
  readonly url: string
  /** Takes all rows out of the store that is in it, whose tables stay: to make them takes thirty times as long. */
  empty(): Promise<void>
  drop(): Promise<void>
}

export async function createTestDatabase(server = TEST_SERVER): Promise<TestDatabase> {
  const name = `auth_test_${randomBytes(6).toString('hex')}`
  await runSql(server, `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`)
  // Nobody pulls the plug of the server that all tests share.
  if (server === TEST_SERVER) {
    await runSql(server, `ALTER DATABASE ${name} SET synchronous_commit = off`)
  }
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href
  return {
    url,
    async empty() {
      const tables = await runSql(url, TABLES)
      if (tables.length > 0) {
        await runSql(url, tables.map(({ name }) => `DELETE FROM ${name}`).join('; '))
      }
    },
    async drop() {
      await runSql(server, `DROP DATABASE ${name} WITH (FORCE)`)
    },
  }
}

/**
 * Gives tests stores of their own in databases that are made once: a store that a test drops is emptied for the next. For a
 * describe whose tests leave its tables as they are.
 */
export function reuseDatabases(): () => Promise<Pick<TestDatabase, 'url' | 'drop'>> {
  const made: TestDatabase[] = []
  const free: TestDatabase[] = []
  afterAll(() => Promise.all(made.map((database) => database.drop())))
  return async () => {
    const database = free.pop() ?? (await createTestDatabase())
    if (!made.includes(database)) made.push(database)
    return {
      url: database.url,
      async drop() {
        await database.empty()
        free.push(database)
      },
    }
  }
}

/** Runs SQL on a connection of its own; gives the rows of the last statement. */
export async function runSql(
  url: string,
  sql: string,
  values: readonly unknown[] = [],
  // oxlint-disable-next-line typescript/no-explicit-any -- tests say what they expect of it
): Promise<any[]> {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query(sql, values.length === 0 ? undefined : [...values])).rows
  } finally {
    await client.end()
  }
}

function isThere(): boolean {
  const { hostname, port } = new URL(TEST_SERVER)
  const arguments_ = ['-e', PROBE, hostname, port || '5432']
  return spawnSync(process.execPath, arguments_, { timeout: 5000 }).status === 0
}

/** Locks a table until the function that it gives is called. */
export async function lockTable(
  url: string,
  table: string,
  mode: 'SHARE' | 'ACCESS EXCLUSIVE',
): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  await client.query(`BEGIN; LOCK TABLE ${table} IN ${mode} MODE`)
  return () => client.end()
}
