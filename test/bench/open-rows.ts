import Database from 'libsql'
import { Client } from 'pg'

/** A database as one who fills it sees it: rows in, and how many there are. */
export interface Rows {
  /** @param rows Columns by name, the same in each row. */
  insert(table: string, rows: readonly object[]): Promise<void>
  count(table: string): Promise<number>
  /** Leaves the database as one that has been in use: written down, with what its planner knows of it. */
  settle(): Promise<void>
  close(): Promise<void>
}

/** Opens a database whose tables are there. Thousands of rows go in by one statement, as JSON. */
export async function openRows(url: string): Promise<Rows> {
  return url.startsWith('sqlite:') ? openSqlite(url.slice('sqlite:'.length)) : openPostgres(url)
}

function openSqlite(file: string): Rows {
  const database = new Database(file)
  // Nothing is lost that could not be made again.
  database.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -200000')
  return {
    insert(table, rows) {
      const names = Object.keys(rows[0] ?? {})
      const values = names.map((name) => `value->>'${name}'`).join()
      const sql = `INSERT INTO ${table} (${names.join()}) SELECT ${values} FROM json_each(?)`
      database.prepare(sql).run(JSON.stringify(rows))
      return Promise.resolve()
    },
    count(table) {
      const row = database.prepare(`SELECT count(*) AS total FROM ${table}`).get()
      return Promise.resolve((row as { total: number }).total)
    },
    settle() {
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      return Promise.resolve()
    },
    close() {
      database.close()
      return Promise.resolve()
    },
  }
}

async function openPostgres(connectionString: string): Promise<Rows> {
  const client = new Client({ connectionString })
  await client.connect()
  await client.query('SET synchronous_commit = off')
  return {
    async insert(table, rows) {
      const sql = `INSERT INTO ${table} SELECT * FROM json_populate_recordset(null::${table}, $1)`
      await client.query(sql, [JSON.stringify(rows)])
    },
    async count(table) {
      const { rows } = await client.query<{ total: string }>(
        `SELECT count(*) AS total FROM ${table}`,
      )
      return Number(rows[0]?.total)
    },
    async settle() {
      await client.query('VACUUM ANALYZE')
    },
    close: () => client.end(),
  }
}
