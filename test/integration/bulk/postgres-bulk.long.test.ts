import { createTestDatabase, describeOnPostgres, type TestDatabase } from '../../support/postgres'
import { describeBulk } from './describe-bulk'

describeOnPostgres('a PostgreSQL server', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await createTestDatabase()
  })
  afterAll(() => database.drop())

  describeBulk('PostgreSQL', async () => {
    await database.empty()
    return database.url
  })
})
