import Database from 'libsql/promise'
import { statSync } from 'node:fs'

/** Brings what was written from the write-ahead log into the database, beside the event loop. */
export interface Checkpoints {
  /** Begins one if the log has grown long enough, and none is under way. Call it after each write. */
  afterWrite(): void
  /** Waits for the one under way. */
  close(): Promise<void>
}

/** As SQLite has it by default: a thousand pages. */
const LOG_BYTES = 4_000_000

/**
 * Most of it while others read and write; then, if nobody does, the rest. Whoever is the first to write into an empty log
 * waits until its header is on the disk, so that is done here, too, by a write that changes nothing.
 */
const CHECKPOINT = `
  PRAGMA wal_checkpoint(PASSIVE);
  PRAGMA wal_checkpoint(TRUNCATE);
  BEGIN IMMEDIATE;
  PRAGMA user_version = 0;
  COMMIT`

/** A connection whose `exec` runs on a thread of libsql. */
interface Connection {
  readonly inTransaction: boolean
  exec(sql: string): Promise<void>
  close(): void
}

/**
 * SQLite syncs the disk at checkpoints, which may take some 100 ms while others use it, and by default has them made by
 * whoever writes: on the event loop.
 *
 * @param file As SQLite was told it; `:memory:` has no log.
 */
export function sqliteCheckpoints(file: string): Checkpoints {
  let connection: Connection | undefined
  let running: Promise<void> | undefined

  async function checkpoint(): Promise<void> {
    if (logBytes(file) < LOG_BYTES) return
    // It waits for no lock: others would have to wait with it.
    connection ??= new Database(file, { timeout: 0 }) as unknown as Connection
    try {
      await connection.exec(CHECKPOINT)
    } finally {
      if (connection.inTransaction) await connection.exec('ROLLBACK')
    }
  }

  return {
    afterWrite() {
      // Locked, or the disk is full: the next write tries it again.
      running ??= checkpoint()
        .catch(() => undefined)
        .finally(() => (running = undefined))
    },
    async close() {
      await running
      connection?.close()
    },
  }
}

function logBytes(file: string): number {
  return statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0
}
