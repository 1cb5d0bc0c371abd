import Database from 'libsql'

const TABLES = `SELECT name FROM sqlite_master
  WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'schema_versions'`

/** Takes all rows out of the store in a file, whose tables stay. */
export function emptySqlite(url: string): Promise<void> {
  const database = new Database(url.slice('sqlite:'.length))
  try {
    database.exec('PRAGMA busy_timeout = 10000')
    const tables = database.prepare(TABLES).all([]) as { name: string }[]
    const deletions = tables.map(({ name }) => `DELETE FROM "${name}"`)
    database.exec(['BEGIN IMMEDIATE', ...deletions, 'COMMIT'].join('; '))
  } finally {
    database.close()
  }
  return Promise.resolve()
}
