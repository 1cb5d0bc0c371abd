import { createHash } from 'node:crypto'

import { mixChecksum } from './mix-checksum'
import type { MovedRow, MovedTable } from './moved-tables'
import type { SqlExecutor } from './sql-executor'

/** What a table holds of one app, whatever the order of its rows. */
export interface Summary {
  rows: number
  /** Exclusive or of the SHA-256 of each row. */
  readonly checksum: Buffer
}

/** A few thousand rows are read in some milliseconds. */
const PAGE = 1_000
const CHECKSUM_BYTES = 32

/**
 * Counts and sums up the rows of a table, by app; '' stands for those of none.
 *
 * @param onRows Called with the rows of each page, in number.
 */
export async function summarizeTable(
  executor: SqlExecutor,
  table: MovedTable,
  onRows: (rows: number) => void,
): Promise<ReadonlyMap<string, Summary>> {
  const summaries = new Map<string, Summary>()
  let rows = await executor.read(table.page(undefined, PAGE))
  for (let last = rows.at(-1); last !== undefined; last = rows.at(-1)) {
    for (const row of rows) add(summaries, appOf(row, table), row)
    onRows(rows.length)
    rows = await executor.read(table.page(table.keyOf(last), PAGE))
  }
  return summaries
}

function appOf(row: MovedRow, { appColumn }: MovedTable): string {
  return appColumn === undefined ? '' : String(row[appColumn])
}

function add(summaries: Map<string, Summary>, app: string, row: MovedRow): void {
  const summary = summaries.get(app) ?? { rows: 0, checksum: Buffer.alloc(CHECKSUM_BYTES) }
  summaries.set(app, summary)
  const text = JSON.stringify(Object.entries(row))
  mixChecksum(summary.checksum, createHash('sha256').update(text).digest())
  summary.rows += 1
}
