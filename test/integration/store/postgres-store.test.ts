import { createTestDatabase, describeOnPostgres, type TestDatabase } from '../../support/postgres'
import { describeStoreContract } from './store-contract'

describeOnPostgres('a PostgreSQL server', () => {
  let database: TestDatabase

  beforeAll(async () => {
    database = await createTestDatabase()
  })
  afterAll(() => database.drop())

  describeStoreContract('PostgreSQL', async () => {
    await database.empty()
    return database.url
  })
})
