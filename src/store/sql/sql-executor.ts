import type { Statement } from './define-query'

/** Rows of each statement, in the order of the statements. */
export type RowsOf<Statements extends readonly Statement[]> = {
  -readonly [Index in keyof Statements]: Statements[Index] extends Statement<infer Row>
    ? Row[]
    : never
}

/**
 * One database. Transactions are lists of statements, not callbacks: no dialect holds one open while code runs, and
 * SQLite, whose driver is synchronous, never leaves one open across a turn of the event loop.
 *
 * Both methods reject with `store_unavailable` when the database does not answer, in which case nothing was written.
 */
export interface SqlExecutor {
  /** Rows of one statement that only reads. */
  read<Row>(statement: Statement<Row>): Promise<Row[]>
  /**
   * Runs statements in one transaction: all of them or none.
   *
   * @throws {ConstraintError} A constraint stood against it.
   */
  write<const Statements extends readonly Statement[]>(
    statements: Statements,
  ): Promise<RowsOf<Statements>>
  close(): Promise<void>
}

/** A statement met a row that must not be there (`unique`), or missed one that must (`foreign_key`). */
export class ConstraintError extends Error {
  override readonly name = 'ConstraintError'

  constructor(
    readonly constraint: 'unique' | 'foreign_key',
    cause: unknown,
  ) {
    super(`The ${constraint} constraint of a table stands against it.`, { cause })
  }
}

/**
 * Turns the violation of one constraint into an answer.
 *
 * @example executor.write([insert]).then(() => true).catch(whenViolated('unique', false))
 */
export function whenViolated<Answer>(
  constraint: ConstraintError['constraint'],
  answer: Answer,
): (error: unknown) => Answer {
  return (error) => {
    if (error instanceof ConstraintError && error.constraint === constraint) return answer
    throw error
  }
}
