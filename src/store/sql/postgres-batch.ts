import type { ClientBase, Connection, FieldDef, Submittable } from 'pg'
import { statementOf, type Query, type SqlValue, type Statement } from './define-query'

/** Columns that hold numbers: int8, int2 and int4, by the ids of their types. */
const INTEGERS: ReadonlySet<number> = new Set([20, 21, 23])

const BEGIN = statementOf('BEGIN')
const COMMIT = statementOf('COMMIT')

type Row = Record<string, string | number | null>
type Columns = readonly Pick<FieldDef, 'name' | 'dataTypeID'>[]

/** What a connection has parsed already, with the columns of its rows. */
const parsedBy = new WeakMap<ClientBase, Map<Query, Columns>>()

/**
 * Runs statements on a connection in one round trip, in one transaction: all of them or none.
 *
 * All messages go out at once with a single Sync behind them, so the server skips what follows a failure, COMMIT too. (A
 * Sync after each, as `client.query` sends, would let the statements behind a failed BEGIN commit one by one.) Each query
 * is parsed and described once a connection. One statement alone is its own transaction.
 *
 * @returns Rows of each statement.
 * @throws What the server says (`severity` is `ERROR` when the connection goes on, else `FATAL`, whatever its language), or
 *   what befell the connection. A transaction of several statements is then still to be
 *   rolled back.
 */
export function runBatch(client: ClientBase, statements: readonly Statement[]): Promise<Row[][]> {
  const parsed = parsedBy.get(client) ?? new Map<Query, Columns>()
  parsedBy.set(client, parsed)
  return new Promise((resolve, reject) => {
    if (statements.length === 1) {
      client.query(new Batch(statements, parsed, { resolve, reject }))
      return
    }
    const done = (rows: Row[][]): void => resolve(rows.slice(1, -1))
    client.query(new Batch([BEGIN, ...statements, COMMIT], parsed, { resolve: done, reject }))
  })
}

/** What pg's connection can send, and its types do not tell in full. */
interface Sender {
  parse(query: { name: string; text: string }): void
  bind(config: {
    statement: string
    values: readonly SqlValue[]
    valueMapper: (value: SqlValue) => string | null
  }): void
  describe(message: { type: 'P' }): void
  execute(): void
  close(message: { type: 'S'; name: string }): void
  sync(): void
}

/** What pg's client tells of the answers to the query that it runs. */
class Batch implements Submittable {
  private readonly rows: Row[][]
  private readonly columns: (Columns | undefined)[]
  private current = 0

  constructor(
    private readonly statements: readonly Statement[],
    private readonly parsed: Map<Query, Columns>,
    private readonly outcome: {
      readonly resolve: (rows: Row[][]) => void
      readonly reject: (error: unknown) => void
    },
  ) {
    this.rows = statements.map(() => [])
    this.columns = statements.map(({ query }) => parsed.get(query))
  }

  submit(connection: Connection): void {
    connection.stream.cork()
    try {
      this.send(connection as unknown as Sender)
    } finally {
      connection.stream.uncork()
    }
  }

  handleRowDescription({ fields }: { readonly fields: Columns }): void {
    this.columns[this.current] = fields
  }

  handleDataRow({ fields: values }: { readonly fields: readonly (string | null)[] }): void {
    this.rows[this.current]?.push(readRow(this.columns[this.current] ?? [], values))
  }

  handleCommandComplete(): void {
    this.columns[this.current] ??= []
    this.current += 1
  }

  /** Only now is it certain that all has been parsed and done. */
  handleReadyForQuery(): void {
    this.statements.forEach(({ query }, index) => this.parsed.set(query, this.columns[index] ?? []))
    this.outcome.resolve(this.rows)
  }

  /**
   * Only what comes behind it tells an ERROR from a FATAL: the connection goes on, or it ends. The word for it is in the
   * server's language, and pg does not pass on the one that is never translated.
   */
  handleError(error: unknown, connection: Connection): void {
    const { reject } = this.outcome
    if (!isOfServer(error)) {
      reject(error)
      return
    }
    const goesOn = (): void => {
      connection.off('end', ends)
      reject(Object.assign(error, { severity: 'ERROR' }))
    }
    const ends = (): void => {
      connection.off('readyForQuery', goesOn)
      reject(Object.assign(error, { severity: 'FATAL' }))
    }
    connection.once('readyForQuery', goesOn).once('end', ends)
  }

  /** Of a batch that failed nobody knows what was parsed: a name is freed, which never fails, before it is taken. */
  private send(connection: Sender): void {
    const known = new Set(this.parsed.keys())
    for (const { query, values } of this.statements) {
      const { name, postgres: text } = query
      if (!known.has(query)) {
        connection.close({ type: 'S', name })
        connection.parse({ name, text })
        known.add(query)
      }
      connection.bind({ statement: name, values, valueMapper: toText })
      if (!this.parsed.has(query)) connection.describe({ type: 'P' })
      connection.execute()
    }
    connection.sync()
  }
}

function isOfServer(error: unknown): error is Error & { severity: string } {
  return typeof (error as { readonly severity?: unknown }).severity === 'string'
}

function toText(value: SqlValue): string | null {
  return typeof value === 'number' ? String(value) : value
}

function readRow(columns: Columns, values: readonly (string | null)[]): Row {
  const row: Row = {}
  for (const [index, { name, dataTypeID }] of columns.entries()) {
    const value = values[index] ?? null
    row[name] = value !== null && INTEGERS.has(dataTypeID) ? Number(value) : value
  }
  return row
}
