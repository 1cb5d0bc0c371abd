import { AUDIT_PATHS } from '../../../src/store/sql/audit-paths'
import { StoreFile } from '../../support/store-file'
import { openStore } from './open-store'

const INDICES = {
  all: 'audit_by_at',
  app: 'sqlite_autoindex_audit_1',
  user: 'audit_by_user',
  failures: 'audit_failures',
  failuresOfApp: 'audit_failures_by_app',
  failuresFor: 'audit_failures_by_reason',
  failuresOfAppFor: 'audit_failures_by_app_reason',
  changes: 'audit_changes',
  changesOfApp: 'audit_changes_by_app',
} satisfies Record<keyof typeof AUDIT_PATHS, string>

const PARAMS = {
  ...{ appId: 'a', userId: 'u', reason: 'r', notReason: 'n', outcome: undefined, way: undefined },
  ...{ actor: undefined, notWay: 'operator', sinceMs: 0, atMs: 9, id: '', limit: 5, bite: 5 },
}

describe('SQLite goes by the index that is made for', () => {
  const file = new StoreFile()
  beforeAll(async () => {
    const store = openStore(file.url)
    await store.ready()
    await store.close()
  })
  afterAll(() => file.remove())

  test.each(Object.keys(AUDIT_PATHS) as (keyof typeof AUDIT_PATHS)[])('%s', (name) => {
    const { pass, between } = AUDIT_PATHS[name]
    for (const { query, values } of [pass(PARAMS), between(PARAMS)]) {
      const plan = file.rows(`EXPLAIN QUERY PLAN ${query.sqlite}`, ...values)
      const details = plan.map(({ detail }) => String(detail)).join('; ')
      expect(`${details} `).toContain(`INDEX ${INDICES[name]} (`)
      expect(details).not.toContain('FOR ORDER BY')
    }
  })
})
