import type { SqlStore } from '../../../src/store/sql/open-sql-store'
import {
  createTestDatabase,
  describeOnPostgres,
  runSql,
  type TestDatabase,
} from '../../support/postgres'
import { until } from '../../support/until'
import { openStore } from './open-store'
import { startChild } from './start-child'

describeOnPostgres('news of changed apps over PostgreSQL', () => {
  let database: TestDatabase
  const stores: SqlStore[] = []

  beforeAll(async () => {
    database = await createTestDatabase()
  })
  afterAll(() => database.drop())
  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()))
  })

  /** A node that listens already; gives what it is told. */
  async function startNode() {
    const store = openStore(database.url)
    stores.push(store)
    const told: (string | undefined)[] = []
    store.changes.subscribe((appId) => void told.push(appId))
    await store.ready()
    await until(() => told.length === 1)
    return { store, told }
  }

  test('what one node publishes reaches the others', async () => {
    const [one, other] = [await startNode(), await startNode()]
    one.store.changes.publish('shop')
    await until(() => other.told.length === 2)
    expect(other.told).toEqual([undefined, 'shop'])
  })

  test('a node that published and was closed at once has been heard', async () => {
    const [one, other] = [await startNode(), await startNode()]
    one.store.changes.publish('shop')
    await one.store.close()
    await until(() => other.told.includes('shop'))
  })

  test('a connection that was cut is made anew, and then any app may have changed', async () => {
    const [one, other] = [await startNode(), await startNode()]
    await runSql(
      database.url,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND query LIKE 'LISTEN%'`,
    )
    await until(() => other.told.length === 2)
    one.store.changes.publish('shop')
    await until(() => other.told.length === 3)
    expect(other.told).toEqual([undefined, undefined, 'shop'])
  })

  test('a process that has nothing else to do lives until its store is closed', async () => {
    const child = startChild(['listen-and-close', database.url])
    expect(await child.restOfLines()).toEqual(['closed'])
  })

  test('a store that cannot be reached is told nothing, and publishing throws nothing', async () => {
    const store = openStore('postgres://nobody@127.0.0.1:1/nothing')
    store.changes.publish('shop')
    await store.close()
    expect(() => store.changes.publish('shop')).not.toThrow()
  })
})
