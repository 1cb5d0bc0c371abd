import { counted } from '../../src/counted'

test.each([
  [0, '0 users'],
  [1, '1 user'],
  [2, '2 users'],
])('%s is counted as %s', (count, told) => {
  expect(counted(count, 'user')).toBe(told)
})

test('what has no plural by an s, names it', () => {
  expect([1, 3].map((count) => counted(count, 'was', 'were'))).toEqual(['1 was', '3 were'])
})
