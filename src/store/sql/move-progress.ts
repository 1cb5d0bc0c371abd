import { defineQuery, statementOf, type SqlValue, type Statement } from './define-query'
import { table } from './moved-tables'
import type { SqlExecutor } from './sql-executor'

export type Position = readonly SqlValue[] | undefined

const createTable = statementOf(
  'create table if not exists moves (name text primary key, source text not null, position text)',
)

const dropTable = statementOf('drop table moves')

const listMoves = defineQuery((db) => db.selectFrom('moves').select(['name', 'source', 'position']))

const MOVES_TABLE = table('moves', ['name'], 'source position')

/** Whether a move into this store has begun and not ended. The table `moves` must be there. */
export async function isBeingMoved(target: SqlExecutor): Promise<boolean> {
  return (await target.read(listMoves({}))).length > 0
}

/** How far a move has come, kept in the target beside the rows themselves, so that the two never differ. */
export interface MoveProgress {
  /** Of the move that was begun here; undefined: none was. */
  readonly source: string | undefined
  positionOf(table: string): Position
  put(table: string, source: string, position: Position): Statement
  /** Ends the move: the target is a store like any other. */
  end(): Promise<void>
}

export async function openMoveProgress(target: SqlExecutor): Promise<MoveProgress> {
  await target.write([createTable])
  const moves = new Map((await target.read(listMoves({}))).map((move) => [move.name, move]))
  return {
    source: Array.from(moves.values(), ({ source }) => source)[0],
    positionOf(table) {
      const position = moves.get(table)?.position
      return typeof position === 'string' ? (JSON.parse(position) as Position) : undefined
    },
    put: (name, source, position) =>
      MOVES_TABLE.put({ name, source, position: position && JSON.stringify(position) }),
    async end() {
      await target.write([dropTable])
    },
  }
}
