import { currentContext } from './begin-attempt'
import type { OpenTelemetry } from './find-open-telemetry'
import { inSpan } from './in-span'
import type { TracedQuery } from './tracing'

/** The names are those of the semantic conventions for databases, as of 1.33, which are stable. */
export function traceQuery<T>(
  query: TracedQuery,
  work: () => Promise<T>,
  found: OpenTelemetry,
): Promise<T> {
  const { api } = found
  const parent = currentContext(found)
  // Upkeep, and what is written behind an answer, belongs to no trace.
  if (api.trace.getSpan(parent)?.isRecording() !== true) return work()
  const { system, operation, summary, table, size } = query
  const attributes = {
    'db.system.name': system,
    'db.operation.name': operation,
    'db.query.summary': summary,
    ...(table !== undefined && { 'db.collection.name': table }),
    ...(size !== undefined && { 'db.operation.batch.size': size }),
  }
  return inSpan({ name: summary, kind: api.SpanKind.CLIENT, attributes, parent }, work, found)
}
