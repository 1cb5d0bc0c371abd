import { createTestDatabase, runSql, TEST_SERVER } from './postgres'
import type { StoreKind, StoreUnderTest } from './store-world'

/** Stores in a PostgreSQL server, each a database of its own. */
export function postgresKind(server = TEST_SERVER): StoreKind {
  return { name: 'PostgreSQL', create: () => createPostgresStore(server) }
}

export async function createPostgresStore(server: string): Promise<StoreUnderTest> {
  const database = await createTestDatabase(server)
  const { url } = database
  return {
    url,
    query: (sql) => runSql(url, sql),
    async check() {
      await runSql(url, 'CREATE EXTENSION IF NOT EXISTS amcheck')
      const [checked] = await runSql(url, CHECK_INDEXES)
      expect(Number(checked.n)).toBeGreaterThan(0)
      return `${checked.n} indexes ok by amcheck`
    },
    async takeIds(share) {
      await runSql(url, takingIds(share))
    },
    drop: () => database.drop(),
  }
}

/** Fails when an index does not agree with its table. */
const CHECK_INDEXES = `
  SELECT count(*) AS n FROM (
    SELECT bt_index_check(indexrelid, true) FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
    WHERE relnamespace = 'public'::regnamespace
  ) AS checked`

/** The new id is given to somebody else a moment before; when the insert is refused, so is this. */
function takingIds(share: number): string {
  return `
    CREATE OR REPLACE FUNCTION take_id() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO users SELECT NEW.app_id, NEW.id, 'taken', '', '', '', '', 1, '', 0, 0, 0;
      RETURN NEW;
    END $$;
    DROP TRIGGER IF EXISTS take_ids ON users;
    CREATE TRIGGER take_ids BEFORE INSERT ON users FOR EACH ROW
      WHEN (NEW.identifier <> 'taken' AND random() < ${share}) EXECUTE FUNCTION take_id()`
}
