import type { UserLine } from '../../../src/store/sql/export-format'
import { mendLine } from '../../../src/store/sql/mend-line'

const DAY_MS = 24 * 60 * 60 * 1000
const USER: UserLine = {
  type: 'user',
  app_id: 'shop',
  id: '1',
  identifier: 'az:1',
  email: 'ada@example.com',
  name: 'Ada',
  picture: 'https://pictures.example.com/1',
  groups: 'users',
  active: true,
  session_epoch: 0,
  created_at: 7,
  updated_at: 8,
}

test('a line of which nothing is odd is itself', () => {
  const soon = Date.now() + DAY_MS / 2
  for (const line of [USER, { ...USER, picture: '' }, { ...USER, updated_at: soon }]) {
    expect(mendLine(line)).toBe(line)
  }
  const end = { type: 'end', apps: 0, users: 0 } as const
  expect(mendLine(end)).toBe(end)
})

test.each([
  'javascript:alert(1)',
  'data:text/html,x',
  'JAVASCRIPT:1',
  'ftp://a/b',
  'http:///',
  ' ',
])('a picture at %j makes way for that of the email', (picture) => {
  expect(mendLine({ ...USER, picture })).toEqual({
    ...USER,
    picture: expect.stringMatching(/^https:\/\/www\.gravatar\.com\/avatar\/[0-9a-f]{32}\?/),
  })
})

test('a time yet to come makes way for the other one, or for now', () => {
  const far = Date.now() + 2 * DAY_MS
  expect(mendLine({ ...USER, created_at: far })).toEqual({ ...USER, created_at: 8 })
  expect(mendLine({ ...USER, updated_at: far })).toEqual({ ...USER, updated_at: 7 })
  const before = Date.now()
  const { created_at, updated_at } = mendLine({
    ...USER,
    created_at: far,
    updated_at: Number.MAX_SAFE_INTEGER,
  }) as UserLine
  expect(created_at).toBeGreaterThanOrEqual(before)
  expect(created_at).toBeLessThanOrEqual(Date.now())
  expect(updated_at).toBe(created_at)
})
