import type { AuditRecord } from '../../audit/audit-history'
import { printable } from '../../printable'

/** Columns that are as wide for what comes later: a table that is followed knows no widest cell. */
const WIDTHS = [24, 16, 7, 20, 12, 20, 18, 36, 16, 7, 7]

export const AUDIT_HEADING = toLine([
  'time',
  'app',
  'outcome',
  'reason',
  'way',
  'user',
  'network',
  'request',
  'step',
  'ms',
  'amazon',
  'by',
  'detail',
])

/** An attempt to sign in, or a change by an operator, as a line of a table. */
export function describeAudit(event: AuditRecord): string {
  const { atMs, app, outcome, reason, way, userId = '-', network, requestId = '-' } = event
  const who = [timeOf(atMs), app, outcome, reason, way, userId, network, requestId]
  const { step = '-', tookMs = '-', amazonMs = '-', actor = '', detail = '' } = event
  return toLine([...who, step, String(tookMs), String(amazonMs), actor, detail])
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
