import { counted } from '../../counted'
import { MOVED_TABLES, type MovedTable } from './moved-tables'
import { openMoveProgress, type MoveProgress } from './move-progress'
import type { SqlExecutor } from './sql-executor'
import { summarizeTable, type Summary } from './summarize-table'

export interface Move {
  readonly from: SqlExecutor
  readonly to: SqlExecutor
  /** Names the store that is moved: a move that was cut off goes on only from the same one. */
  readonly source: string
  /** Called after each batch: rows done, and rows in all. */
  readonly onProgress: (step: 'moved' | 'checked', done: number, total: number) => void
}

export interface TableReport {
  readonly name: string
  readonly rows: number
  /** All checksums of the table in one, as hex. */
  readonly checksum: string
  /** Apps whose rows are not the same in both stores; '' stands for rows that belong to none. */
  readonly differing: readonly string[]
}

/** The target holds something else. */
export class TargetTakenError extends Error {
  override readonly name = 'TargetTakenError'
}

/** Rows in one transaction: some ten milliseconds. */
const BATCH = 500

/**
 * Copies everything from one store to another, and then compares both, by the count and the checksum of the rows of each
 * app. Can be cut off and begun again: it goes on where it stopped. When the stores differ in the end, since the source
 * was written to meanwhile, the next run copies anew.
 *
 * @throws {TargetTakenError} The target holds rows that no move from this source has brought. Nothing was changed.
 */
export async function moveStore(move: Move): Promise<readonly TableReport[]> {
  const progress = await begin(move)
  const total = await countRows(move.from)
  let done = await countRows(move.to)
  for (const table of MOVED_TABLES) {
    for await (const rows of copy(table, progress, move)) {
      move.onProgress('moved', (done += rows), Math.max(done, total))
    }
  }
  const reports = await compare(move, total)
  if (reports.every(({ differing }) => differing.length === 0)) await progress.end()
  else
    await move.to.write(MOVED_TABLES.map(({ name }) => progress.put(name, move.source, undefined)))
  return reports
}

async function begin({ to, source }: Move): Promise<MoveProgress> {
  const progress = await openMoveProgress(to)
  if (progress.source === source) return progress
  if (progress.source !== undefined) {
    throw new TargetTakenError('It holds a part of another store, whose move was not finished.')
  }
  const rows = await countRows(to)
  if (rows > 0) {
    await progress.end()
    throw new TargetTakenError(
      `It holds ${counted(rows, 'row')} already: a move needs an empty store.`,
    )
  }
  await to.write(MOVED_TABLES.map(({ name }) => progress.put(name, source, undefined)))
  return progress
}

async function countRows(executor: SqlExecutor): Promise<number> {
  let sum = 0
  for (const table of MOVED_TABLES) sum += (await executor.read(table.count()))[0]?.total ?? 0
  return sum
}

/** Yields how many rows each batch has brought. */
async function* copy(
  table: MovedTable,
  progress: MoveProgress,
  { from, to, source }: Move,
): AsyncGenerator<number> {
  let position = progress.positionOf(table.name)
  for (;;) {
    const rows = await from.read(table.page(position, BATCH))
    const last = rows.at(-1)
    if (last === undefined) return
    position = table.keyOf(last)
    await to.write([
      ...rows.map((row) => table.put(row)),
      progress.put(table.name, source, position),
    ])
    yield rows.length
  }
}

async function compare(
  { from, to, onProgress }: Move,
  total: number,
): Promise<readonly TableReport[]> {
  let done = 0
  const onRows = (rows: number): void =>
    onProgress('checked', (done += rows), Math.max(done, 2 * total))
  const reports: TableReport[] = []
  for (const table of MOVED_TABLES) {
    const ours = await summarizeTable(from, table, onRows)
    const theirs = await summarizeTable(to, table, onRows)
    reports.push(reportOf(table.name, ours, theirs))
  }
  return reports
}

function reportOf(
  name: string,
  ours: ReadonlyMap<string, Summary>,
  theirs: ReadonlyMap<string, Summary>,
): TableReport {
  const apps = new Set([...ours.keys(), ...theirs.keys()])
  let [rows, checksum] = [0, 0n]
  for (const summary of ours.values()) {
    rows += summary.rows
    checksum ^= summary.checksum
  }
  const differing = Array.from(apps).filter((app) => {
    const [one, other] = [ours.get(app), theirs.get(app)]
    return one?.rows !== other?.rows || one?.checksum !== other?.checksum
  })
  return { name, rows, checksum: checksum.toString(16).padStart(64, '0'), differing }
}
