import type { TracedQuery, Tracing } from '../../telemetry/tracing'
import type { Query, Statement } from './define-query'
import type { Dialect } from './migrate'
import type { LazyExecutor } from './open-lazily'

/** Tells those who trace of each call: what is done to which table, and nothing of what it is done with. */
export function traceExecutor(
  executor: LazyExecutor,
  dialect: Dialect,
  tracing: Tracing,
): LazyExecutor {
  const system = dialect === 'postgres' ? 'postgresql' : 'sqlite'
  return {
    read: (statement) =>
      tracing.isOn()
        ? tracing.query(describe(system, [statement]), () => executor.read(statement))
        : executor.read(statement),
    write: (statements) =>
      tracing.isOn()
        ? tracing.query(describe(system, statements), () => executor.write(statements))
        : executor.write(statements),
    ready: () => executor.ready(),
    close: () => executor.close(),
  }
}

function describe(system: string, statements: readonly Statement[]): TracedQuery {
  const [first, ...others] = statements.map(({ query }) => summaryOf(query))
  if (first === undefined || others.length === 0) {
    return { system, ...(first ?? NOTHING), size: undefined }
  }
  const summary = ['BATCH', ...new Set([first, ...others].map((each) => each.table))].join(' ')
  return { system, operation: 'BATCH', summary, table: undefined, size: statements.length }
}

type Summary = Pick<TracedQuery, 'operation' | 'summary' | 'table'>

const NOTHING: Summary = { operation: 'BATCH', summary: 'BATCH', table: undefined }
const summaries = new WeakMap<Query, Summary>()

/** Queries are defined once, so each is read once. */
function summaryOf(query: Query): Summary {
  const known = summaries.get(query) ?? summarize(query.sqlite)
  summaries.set(query, known)
  return known
}

function summarize(text: string): Summary {
  const operation = /\b(?:select|insert|update|delete)\b/i.exec(text)?.[0].toUpperCase() ?? 'OTHER'
  const table = /\b(?:from|into|update)\s+"?(\w+)/i.exec(text)?.[1]
  return { operation, summary: table === undefined ? operation : `${operation} ${table}`, table }
}
