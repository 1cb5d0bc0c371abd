import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import {
  createTestDatabase,
  describeOnPostgres,
  runSql,
  type TestDatabase,
} from '../../support/postgres'
import { buildApp, buildUser, openStore } from './open-store'
import { describeStoreContract } from './store-contract'

describeOnPostgres('a PostgreSQL server', () => {
  let database: TestDatabase

  beforeAll(async () => {
    database = await createTestDatabase()
  })
  afterAll(() => database.drop())

  describeStoreContract(
    'PostgreSQL',
    async () => {
      await database.empty()
      return database.url
    },
    () => database.empty(),
  )

  test('users lie in partitions after the statements of docs/scale.md, and are found and changed as before', async () => {
    await database.empty()
    const store = openStore(database.url)
    await store.apps.insert(buildApp(), new Map())
    await store.users.upsert(buildUser(), {})
    await runSql(database.url, statementsOfGuide())
    const [row] = await runSql(database.url, "SELECT relkind FROM pg_class WHERE relname = 'users'")
    expect(row).toEqual({ relkind: 'p' })
    expect(await store.users.findByIdentifier('shop', buildUser().identifier)).toEqual(buildUser())
    expect(await store.users.upsert(buildUser({ id: '2' }), { name: 'New' })).toEqual(
      buildUser({ name: 'New' }),
    )
    const other = buildUser({ id: '2', identifier: 'az:B' })
    expect(await store.users.upsert(other, {})).toEqual(other)
    await store.apps.delete('shop', 5)
    await store.close()
    const again = openStore(database.url)
    await again.ready()
    await again.close()
  })
})

/** The first transaction in SQL that the guide shows. */
function statementsOfGuide(): string {
  const guide = readFileSync(join(__dirname, '../../../docs/scale.md'), 'utf8')
  const [statements = ''] = /^BEGIN;$.*?^COMMIT;$/ms.exec(guide) ?? []
  expect(statements).toContain('PARTITION BY HASH (app_id)')
  return statements
}
