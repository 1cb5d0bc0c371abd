import type { FoundPair } from '../../users/find-relink-pairs'
import type { RelinkPair } from '../../users/relink'
import { printable } from '../../printable'
import { formatCells, parseCells, separatorOf } from './csv'

/** One line of the file: what an operator decides about. */
export interface PairLine extends RelinkPair {
  readonly app: string
  readonly isWanted: boolean
  /** Where it stands in the file; its header is mostly 1. */
  readonly line: number
}

/** What a line of the file lacks or has wrong. */
export class PairFileError extends Error {
  override readonly name = 'PairFileError'
}

/** The columns that are read back; the rest is for people. */
const READ = ['apply', 'app', 'old_user', 'old_identifier', 'new_user', 'new_identifier'] as const
const COLUMNS = [
  'apply',
  'doubts',
  'email',
  'old_name',
  'new_name',
  'old_since',
  'old_last_sign_in',
  'new_since',
  ...READ.slice(1),
] as const

/** Spreadsheets take a text without it for one of their own, older alphabet. */
const BYTE_ORDER_MARK = '\ufeff'
/** Ids are numbers of 19 digits, of which a spreadsheet would keep 15. */
const USER = 'user/'

export const PAIR_HEADER = `${BYTE_ORDER_MARK}${COLUMNS.join(',')}\n`

/** A pair as one line; where nothing speaks against it, it is to be applied. */
export function formatPair(app: string, pair: FoundPair): string {
  const { old, fresh, doubts, oldLastSignInMs } = pair
  const cells: Record<(typeof COLUMNS)[number], string> = {
    apply: doubts.length === 0 ? 'yes' : 'no',
    doubts: doubts.join('; '),
    email: fresh.email,
    old_name: old.name,
    new_name: fresh.name,
    old_since: dayOf(old.createdAtMs),
    old_last_sign_in: oldLastSignInMs === undefined ? '' : dayOf(oldLastSignInMs),
    new_since: dayOf(fresh.createdAtMs),
    app,
    old_user: USER + old.id,
    old_identifier: old.identifier,
    new_user: USER + fresh.id,
    new_identifier: fresh.identifier,
  }
  return `${formatCells(COLUMNS.map((name) => printable(cells[name])))}\n`
}

function dayOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10)
}

/**
 * Reads a file of pairs, in whatever order its columns are by now, with commas, semicolons or tabs between them, and line
 * ends of any system.
 *
 * @throws {PairFileError} It tells the line, and what is wrong with it.
 */
export async function* parsePairs(lines: AsyncIterable<string>): AsyncGenerator<PairLine> {
  let read: ((line: string) => Omit<PairLine, 'line'>) | undefined
  let number = 0
  for await (const line of lines) {
    number += 1
    const text = line.replace(/^\ufeff/, '').replace(/\r$/, '')
    if (text.trim() === '') continue
    try {
      if (read === undefined) read = readerOf(text)
      else yield { ...read(text), line: number }
    } catch (thrown) {
      if (!(thrown instanceof PairFileError)) throw thrown
      throw new PairFileError(`line ${number}: ${thrown.message}`)
    }
  }
  if (read === undefined) throw new PairFileError('it is empty')
}

function readerOf(header: string): (line: string) => Omit<PairLine, 'line'> {
  const separator = separatorOf(header)
  const columns = cellsOf(header, separator).map((name) => name.trim().toLowerCase())
  const missing = READ.filter((name) => !columns.includes(name))
  if (missing.length > 0) {
    throw new PairFileError(
      `the header has no ${missing.join(', ')}. Is it a file of users relink plan, saved as CSV?`,
    )
  }
  return (line) => {
    const cells = cellsOf(line, separator)
    const cell = (name: (typeof READ)[number]): string =>
      (cells[columns.indexOf(name)] ?? '').trim()
    return {
      isWanted: readDecision(cell('apply')),
      app: required('app', cell('app')),
      oldId: readUser('old_user', cell('old_user')),
      oldIdentifier: required('old_identifier', cell('old_identifier')),
      newId: readUser('new_user', cell('new_user')),
      newIdentifier: required('new_identifier', cell('new_identifier')),
    }
  }
}

function cellsOf(line: string, separator: string): readonly string[] {
  const cells = parseCells(line, separator)
  if (cells !== undefined) return cells
  throw new PairFileError('a quotation mark is not closed')
}

const YES = new Set(['yes', 'y', 'true', '1', 'x'])
const NO = new Set(['no', 'n', 'false', '0', ''])

function readDecision(cell: string): boolean {
  const word = cell.toLowerCase()
  if (YES.has(word) || NO.has(word)) return YES.has(word)
  throw new PairFileError(`apply must be yes or no, not "${printable(cell.slice(0, 40))}"`)
}

function readUser(name: string, cell: string): string {
  const id = cell.startsWith(USER) ? cell.slice(USER.length) : ''
  if (/^\d{1,25}$/.test(id)) return id
  throw new PairFileError(
    `${name} must be ${USER} and the id, as it was written, not "${printable(cell.slice(0, 40))}"`,
  )
}

function required(name: string, cell: string): string {
  if (cell !== '') return cell
  throw new PairFileError(`${name} is empty`)
}
