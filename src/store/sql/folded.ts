import { sql, type RawBuilder } from 'kysely'

/**
 * A column with its letters A to Z as small ones, ordered by code units: alike in every dialect, so that an index on it can
 * find what begins with a text. `collate binary` is SQLite's word for that order; see defineQuery for PostgreSQL's.
 */
export function folded(column: string): RawBuilder<string> {
  return sql<string>`lower(${sql.ref(column)} collate binary)`
}

/** A text as {@link folded} has it. */
export function foldedText(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

/** Behind every text that begins alike. */
const LAST = '\u{10FFFF}'

/** Bounds of the texts that begin with another one: in either case, and to the letter. */
export interface TextRange {
  readonly from: string
  readonly to: string
  readonly exactFrom: string
  readonly exactTo: string
}

export function textRange(prefix: string): TextRange {
  const from = foldedText(prefix)
  return { from, to: from + LAST, exactFrom: prefix, exactTo: prefix + LAST }
}

/** Whether a column lies between the bounds. */
export function startsWith(column: RawBuilder<unknown>, from: string, to: string) {
  return sql<boolean>`${column} >= ${from} and ${column} < ${to}`
}
