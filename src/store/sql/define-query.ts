import type { Compilable } from 'kysely'
import {
  DummyDriver,
  Kysely,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'

import { once } from '../../lazily'
import type { Schema } from './schema'

/** What a statement may carry. Anything else is refused: libsql ends the process on a boolean. */
export type SqlValue = string | number | null

/** One query in the words of each dialect. Both take their values in the same order. */
export interface Query {
  /** Under which PostgreSQL keeps it, once it has parsed it. */
  readonly name: string
  readonly sqlite: string
  readonly postgres: string
}

/** A query and the values of its placeholders: ready to run. `Row` is only a type: what its rows look like. */
export interface Statement<Row = unknown> {
  readonly query: Query
  readonly values: readonly SqlValue[]
  readonly row?: Row
}

/** Values by name; an absent one is NULL. */
type Params = Readonly<Record<string, SqlValue | undefined>>

/** Stands in a compiled query for the value that a call gives. */
class Placeholder {
  constructor(readonly name: string) {}
}

/** Builds SQL and never runs it: statements go through a SqlExecutor. */
const queryBuilder = new Kysely<Schema>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
})

const postgresCompiler = new PostgresQueryCompiler()
let compiledQueries = 0

/**
 * Declares a query once, when its module loads. The first call compiles it; each fills in values.
 *
 * @param build Gets the query builder and the parameters; each `params.x` is a placeholder, so it may be passed on as
 *   a value but not looked at. Its annotation is the type of what a call must give.
 * @example
 * const findApp = defineQuery((db, params: { id: string }) =>
 *   db.selectFrom('apps').selectAll().where('app_id', '=', params.id))
 * const [app] = await executor.read(findApp({ id: 'shop' }))
 */
export function defineQuery<P extends object, Row>(
  build: (db: Kysely<Schema>, params: P) => Compilable<Row>,
): (params: P) => Statement<Row> {
  const compiled = once(() => compile(build(queryBuilder, placeholders() as P)))
  return (params) => {
    const { query, parameters } = compiled()
    return {
      query,
      values: parameters.map((parameter) =>
        parameter instanceof Placeholder
          ? bind(parameter.name, (params as Params)[parameter.name])
          : bind('constant', parameter),
      ),
    }
  }
}

function compile(built: Compilable): {
  readonly query: Query
  readonly parameters: readonly unknown[]
} {
  const { sql, parameters, query: node, queryId } = built.compile()
  return { query: queryOf(sql, postgresCompiler.compileQuery(node, queryId).sql), parameters }
}

/**
 * `collate binary` is how SQLite orders text by its code units, which an index for all that begins alike needs;
 * `json_object` takes names and values in turn there.
 */
function queryOf(sqlite: string, postgres: string): Query {
  return {
    name: `q${(compiledQueries += 1)}`,
    sqlite,
    postgres: postgres
      .replaceAll('collate binary', 'collate "C"')
      .replaceAll('json_object(', 'json_build_object('),
  }
}

/** A statement of words that both dialects share, without values. */
export function statementOf<Row>(text: string): Statement<Row> {
  return { query: queryOf(text, text), values: [] }
}

function placeholders(): object {
  return new Proxy({}, { get: (_target, name) => new Placeholder(String(name)) })
}

function bind(name: string, value: unknown): SqlValue {
  if (typeof value === 'string') return storableText(value)
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (value === undefined || value === null) return null
  throw new TypeError(`${name} must be a string, a finite number or null, not ${typeof value}`)
}

/**
 * Replaces what not every store can hold, lone surrogates and NUL, by U+FFFD, in what is stored and in what is looked
 * for alike. (PostgreSQL refuses both; SQLite would take them and give back another text.)
 */
function storableText(text: string): string {
  return text.replace(/[\0\p{Surrogate}]/gu, '\ufffd')
}
