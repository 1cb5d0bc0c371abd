import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import Database from 'libsql'

import { describeStoreRows } from '../support/store-rows'
import type { StoreKind, StoreUnderTest } from '../support/store-world'

const SQLITE: StoreKind = { name: 'SQLite', create: createFile }

function createFile(): StoreUnderTest {
  const folder = mkdtempSync(join(tmpdir(), 'amazon-auth-store-'))
  const file = join(folder, 'auth.db')
  function use<T>(work: (database: Database.Database) => T): T {
    const database = new Database(file, { timeout: 10_000 })
    try {
      return work(database)
    } finally {
      database.close()
    }
  }
  return {
    url: `sqlite:${file}`,
    query: (sql) =>
      Promise.resolve(use((database) => database.prepare(sql).all() as Record<string, unknown>[])),
    check() {
      expect(use((database) => database.pragma('integrity_check'))).toEqual([
        { integrity_check: 'ok' },
      ])
      return Promise.resolve('integrity_check ok')
    },
    takeIds(share) {
      use((database) => database.exec(takingIds(share)))
      return Promise.resolve()
    },
    drop() {
      rmSync(folder, { recursive: true })
      return Promise.resolve()
    },
  }
}

/** The new id is given to somebody else a moment before; when the insert is refused, so is this. */
function takingIds(share: number): string {
  return `
    DROP TRIGGER IF EXISTS take_ids;
    CREATE TRIGGER take_ids BEFORE INSERT ON users WHEN abs(random()) % 1000 < ${share * 1000} BEGIN
      INSERT INTO users SELECT NEW.app_id, NEW.id, 'taken', '', '', '', '', 1, '', 0, 0, 0;
    END`
}

describeStoreRows(SQLITE)
