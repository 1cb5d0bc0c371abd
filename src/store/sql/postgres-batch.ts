import { TypeOverrides, types, type ClientBase } from 'pg'
import type { Statement } from './define-query'

/** Counts and times fit into a number; pg would make texts of their type. */
export const ROW_TYPES = new TypeOverrides()
ROW_TYPES.setTypeParser(types.builtins.INT8, Number)

/**
 * Runs statements on a connection, in pg's pipeline mode, in one transaction: all of them or none. That takes two round
 * trips, however many they are; one statement alone is its own transaction, and takes one. Each query is parsed once a
 * connection.
 *
 * @returns Rows of each statement.
 * @throws What the server says (`severity` is `ERROR` when the connection goes on, else `FATAL`, whatever its language), or
 *   what befell the connection.
 */
export async function runBatch(
  client: ClientBase,
  statements: readonly Statement[],
): Promise<unknown[][]> {
  try {
    // Waited for: behind a BEGIN that failed, the others would be done one by one.
    if (statements.length > 1) await client.query('BEGIN')
    const sent = statements.map(({ query, values }) =>
      client.query<object>({ name: query.name, text: query.postgres, values: [...values] }),
    )
    const ended = statements.length > 1 ? [client.query('COMMIT')] : []
    const outcomes = await Promise.allSettled([...sent, ...ended])
    const failed = outcomes.find(({ status }) => status === 'rejected')
    if (failed?.status === 'rejected') throw failed.reason
    return (await Promise.all(sent)).map(({ rows }) => rows)
  } catch (error) {
    throw isOfServer(error) ? await withSeverity(error, client) : error
  }
}

function isOfServer(error: unknown): error is Error & { severity: string } {
  return typeof (error as { readonly severity?: unknown }).severity === 'string'
}

/**
 * Only what comes behind it tells an ERROR from a FATAL: the connection goes on, or it ends. The word for it is in the
 * server's language, and pg does not pass on the one that is never translated.
 */
async function withSeverity(error: Error, client: ClientBase): Promise<Error> {
  const severity = await client.query('SELECT 1').then(
    () => 'ERROR',
    () => 'FATAL',
  )
  return Object.assign(error, { severity })
}
