import { sql } from 'kysely'
import { defineQuery, statementOf } from './define-query'
import { MIGRATIONS } from './migrations'
import type { SqlExecutor } from './sql-executor'
import { ConstraintError } from './sql-executor'

/** The one question that has no words in common. */
const FIND_TABLE = {
  sqlite: defineQuery((db, params: { name: string }) =>
    db.selectFrom('sqlite_schema').select('name').where('name', '=', params.name),
  ),
  postgres: defineQuery((db, params: { name: string }) =>
    db.selectNoFrom(sql<string | null>`to_regclass(${params.name})::text`.as('name')),
  ),
}

export type Dialect = keyof typeof FIND_TABLE

/** Whether the database has this table. */
export async function hasTable(
  executor: SqlExecutor,
  dialect: Dialect,
  name: string,
): Promise<boolean> {
  const [table] = await executor.read(FIND_TABLE[dialect]({ name }))
  return typeof table?.name === 'string'
}

export const findLatestVersion = defineQuery((db) =>
  db.selectFrom('schema_versions').select('version').orderBy('version', 'desc').limit(1),
)

const createVersionTable = statementOf(
  'create table if not exists schema_versions (version integer primary key)',
)

const claimVersion = defineQuery((db, params: { version: number }) =>
  db.insertInto('schema_versions').values({ version: params.version }),
)

/**
 * Brings the database to the schema of this version.
 *
 * Each step is one transaction that first claims its number, so of several processes that start at once one takes the
 * step, and the others find it taken. (Kysely's Migrator has no lock for SQLite and runs
 * DDL outside transactions; advisory locks are PostgreSQL's alone.)
 *
 * @returns The version of the schema.
 * @throws {Error} The schema is newer than this code. Nothing was changed.
 */
export async function migrate(executor: SqlExecutor, dialect: Dialect): Promise<number> {
  let version = await readSchemaVersion(executor, dialect)
  // Others may take steps, too, so the next one follows from what is there.
  while (version < MIGRATIONS.length) {
    const refusal = await takeStep(executor, dialect, version + 1)
    const reached = await readSchemaVersion(executor, dialect)
    if (reached <= version) throw refusal ?? new Error('its schema does not change')
    version = reached
  }
  if (version > MIGRATIONS.length) throw new Error(describeNewerSchema(version))
  return version
}

/** @returns What stood against it: another process has taken the step, or a table of that name is somebody else's. */
async function takeStep(
  executor: SqlExecutor,
  dialect: Dialect,
  version: number,
): Promise<ConstraintError | undefined> {
  const steps = MIGRATIONS[version - 1]?.(dialect).map(statementOf) ?? []
  try {
    await executor.write([createVersionTable, claimVersion({ version }), ...steps])
    return undefined
  } catch (error) {
    if (error instanceof ConstraintError) return error
    throw error
  }
}

/** Version of the schema; 0 for a database without one. */
export async function readSchemaVersion(executor: SqlExecutor, dialect: Dialect): Promise<number> {
  if (!(await hasTable(executor, dialect, 'schema_versions'))) return 0
  const [latest] = await executor.read(findLatestVersion({}))
  return latest?.version ?? 0
}

function describeNewerSchema(version: number): string {
  return (
    `its schema has version ${version}, this code knows versions up to ${MIGRATIONS.length}; ` +
    'run the release that wrote it, or point store.url to another store'
  )
}
