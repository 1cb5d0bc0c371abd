import { createHash } from 'node:crypto'

import type { MovedRow, MovedTable } from './moved-tables'
import type { SqlExecutor } from './sql-executor'

/** What a table holds of one app, whatever the order of its rows. */
export interface Summary {
  rows: number
  /** Exclusive or of the SHA-256 of each row, so that their order makes no difference. */
  checksum: bigint
}

/** A few thousand rows are read in some milliseconds. */
const PAGE = 1_000

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
  const summary = summaries.get(app) ?? { rows: 0, checksum: 0n }
  summaries.set(app, summary)
  const text = JSON.stringify(Object.entries(row))
  summary.checksum ^= BigInt(`0x${createHash('sha256').update(text).digest('hex')}`)
  summary.rows += 1
}
