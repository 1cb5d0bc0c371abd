import { AmazonAuthError } from '../../errors'
import { ConstraintError } from './sql-executor'

/** Classes of SQLSTATE whose messages name tables, users and servers, but never a value of a row. */
const SPEAKING_CLASSES = /^(08|25|28|3D|3F|40|42|53|54|55|57|58)/

/** What stood against a write, by SQLSTATE. A table that another process is making counts as a row that is there. */
const CONSTRAINTS: ReadonlyMap<unknown, ConstraintError['constraint']> = new Map([
  ['23505', 'unique'],
  ['42P07', 'unique'],
  // The type of its rows, which has the name of the table: in CREATE it comes first.
  ['42710', 'unique'],
  ['23503', 'foreign_key'],
])

/** The server has rolled the transaction back, because of others at work at the same time. */
const TRANSIENT: ReadonlySet<unknown> = new Set(['40001', '40P01'])

/** Whether nothing was done, and the same may well succeed in a new transaction. */
export function isTransient(error: unknown): boolean {
  return TRANSIENT.has(codeOf(error))
}

/** Whether the server itself refused a statement and the connection lives on. */
export function isAnswer(error: unknown): boolean {
  const { severity } = error as { readonly severity?: unknown }
  return severity === 'ERROR'
}

/**
 * What the domain is told of a failure. The server's own error is not passed on: its details hold values of rows.
 *
 * @param error As pg throws it.
 */
export function toStoreError(error: unknown): unknown {
  if (error instanceof AmazonAuthError) return error
  const cause = tellable(error)
  const constraint = CONSTRAINTS.get(codeOf(error))
  if (constraint !== undefined) return new ConstraintError(constraint, cause)
  return new AmazonAuthError('store_unavailable', { postgres: cause.code }, cause)
}

/** As much of an error as may be told: its code, and its message when that holds no value of a row. */
export function tellable(error: unknown): Error & { readonly code: string | undefined } {
  const { message = '' } = error as Partial<Error>
  const code = codeOf(error)
  const isSpeaking = message !== '' && (!isSqlState(code) || SPEAKING_CLASSES.test(code))
  return Object.assign(new Error(isSpeaking ? message : `PostgreSQL: ${String(code)}`), { code })
}

function codeOf(error: unknown): string | undefined {
  const { code } = error as { readonly code?: unknown }
  return typeof code === 'string' ? code : undefined
}

function isSqlState(code: string | undefined): code is string {
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code)
}
