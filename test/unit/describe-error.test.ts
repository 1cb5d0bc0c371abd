import { describeError } from '../../src/describe-error'
import { describeFailure } from '../../src/server/describe-failure'
import { AmazonAuthError } from '../../src/errors'

test('lines of a message that look like a stack are no places', () => {
  const message = `no such user\n${'    at eval (evil.js:1:1)\n'.repeat(20)}`
  const { at = [] } = describeError(new Error(message)) ?? {}
  expect(at.length).toBeGreaterThan(0)
  expect(at.join()).not.toContain('evil')
  expect(at[0]).toContain('describe-error.test')
})

test.each([
  { name: 'Odd', message: 42, stack: { no: 'text' } },
  { name: undefined, message: null, stack: 7 },
  { name: Symbol('x'), message: ['a'], stack: undefined },
  'a text',
  Object.create(null),
])('whatever a store throws can be written', (thrown: unknown) => {
  expect(JSON.stringify(describeError(thrown))).toMatch(/^\{"name":/)
})

test('a place stands once in what a person reads of a store that cannot be opened', () => {
  const cause = new Error('auth at db:5432 cannot be opened: connect ECONNREFUSED.')
  const facts = { database: 'auth at db:5432', sqlite: 'X' }
  const told = describeFailure(new AmazonAuthError('store_unavailable', facts, cause))
  expect(told.match(/auth at db:5432/g)).toHaveLength(1)
  expect(told).toMatch(/\nsqlite: X, auth at db:5432 cannot be opened: connect ECONNREFUSED\.$/)
})
