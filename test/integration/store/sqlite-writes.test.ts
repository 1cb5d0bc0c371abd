import { defineQuery } from '../../../src/store/sql/define-query'
import { migrate } from '../../../src/store/sql/migrate'
import { openSqliteExecutor } from '../../../src/store/sql/open-sqlite-executor'
import { ConstraintError, type SqlExecutor } from '../../../src/store/sql/sql-executor'

const addKey = defineQuery((db, params: { id: string }) =>
  db.insertInto('sealing_keys').values({ key_id: params.id }).returning('key_id'),
)

const listKeys = defineQuery((db) =>
  db.selectFrom('sealing_keys').select('key_id').orderBy('key_id'),
)

async function openEmpty(): Promise<SqlExecutor> {
  const executor = await openSqliteExecutor({ file: ':memory:', lockTimeoutMs: 50 })
  await migrate(executor, 'sqlite')
  return executor
}

async function keysOf(executor: SqlExecutor): Promise<string[]> {
  return (await executor.read(listKeys({}))).map(({ key_id }) => key_id)
}

test('each write of one turn of the event loop gets its own rows, however many there are', async () => {
  const executor = await openEmpty()
  const ids = Array.from({ length: 50 }, (_value, index) => `k${index}`)
  const rows = await Promise.all(ids.map((id) => executor.write([addKey({ id })])))
  expect(rows).toEqual(ids.map((id) => [[{ key_id: id }]]))
  await executor.close()
})

test('a write that fails takes no other of its turn along, and leaves nothing of itself', async () => {
  const executor = await openEmpty()
  await executor.write([addKey({ id: 'taken' })])
  const results = await Promise.allSettled([
    executor.write([addKey({ id: 'a' })]),
    executor.write([addKey({ id: 'b' }), addKey({ id: 'taken' })]),
    executor.write([addKey({ id: 'c' })]),
  ])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(results[1]).toMatchObject({ reason: expect.any(ConstraintError) as ConstraintError })
  expect(await keysOf(executor)).toEqual(['a', 'c', 'taken'])
  await executor.close()
})

test('what was written in the turn in which the store is closed is done', async () => {
  const executor = await openEmpty()
  const write = executor.write([addKey({ id: 'last' })])
  await executor.close()
  expect(await write).toEqual([[{ key_id: 'last' }]])
})
