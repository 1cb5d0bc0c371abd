import { StoreFile } from './store-file'
import type { StoreKind, StoreUnderTest } from './store-world'

export const SQLITE: StoreKind = { name: 'SQLite', create: () => createSqlite(new StoreFile()) }

export function createSqlite(file: StoreFile): StoreUnderTest {
  return {
    url: file.url,
    query: (sql) => Promise.resolve(file.rows(sql)),
    check() {
      expect(file.rows('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
      return Promise.resolve('integrity_check ok')
    },
    takeIds(share) {
      file.with((database) => database.exec(takingIds(share)))
      return Promise.resolve()
    },
    drop() {
      file.remove()
      return Promise.resolve()
    },
  }
}

/** The new id is given to somebody else a moment before; when the insert is refused, so is this. */
function takingIds(share: number): string {
  return `
    DROP TRIGGER IF EXISTS take_ids;
    CREATE TRIGGER take_ids BEFORE INSERT ON users WHEN abs(random()) % 1000 < ${share * 1000} BEGIN
      INSERT INTO users SELECT NEW.app_id, NEW.id, 'taken', '', '', '', '', 1, '', 0, 0, 0, NULL, NULL;
    END`
}
