import { printable } from '../../printable'
import type { AuditRecord } from '../../store/sql/read-audit'

/** Columns that are as wide for what comes later: a table that is followed knows no widest cell. */
const WIDTHS = [24, 16, 7, 20, 12, 20, 18]

export const AUDIT_HEADING = toLine([
  'time',
  'app',
  'outcome',
  'reason',
  'way',
  'user',
  'network',
  'request',
])

/** An attempt to sign in as a line of a table. */
export function describeAudit(event: AuditRecord): string {
  const { atMs, app, outcome, reason, way, userId = '-', network, requestId = '-' } = event
  return toLine([timeOf(atMs), app, outcome, reason, way, userId, network, requestId])
}

/** The same as a line of JSON, with the names that the log has. */
export function auditToJson(event: AuditRecord): string {
  return printable(JSON.stringify({ time: timeOf(event.atMs), ...event }))
}

/** An attempt can name an app as it likes. */
function toLine(cells: readonly string[]): string {
  return cells
    .map((cell, column) => printable(cell).padEnd(WIDTHS[column] ?? 0))
    .join('  ')
    .trimEnd()
}

function timeOf(atMs: number): string {
  return new Date(atMs).toISOString()
}
