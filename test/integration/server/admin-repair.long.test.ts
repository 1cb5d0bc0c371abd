import Database from 'libsql'

import { inDatabase, refusal, Workplace } from './command-line'

const DATABASE = 'data/amazon-auth.db'

let place: Workplace

beforeEach(async () => {
  place = new Workplace()
  await done(['apps', 'create', 'shop', '--az-app-id', 'amzn1.x', '--az-secret', '-'], 'secret')
}, 60_000)
afterEach(() => place.clear())

const done = (args: readonly string[], input?: string): Promise<string> => place.done(args, input)

async function settingsOf(app: string): Promise<unknown> {
  return JSON.parse(await done(['settings', 'get', app, '--json']))
}

const KEYS = { az_app_id: 'amzn1.x', az_secret: '********' }

test('a stored setting that is no JSON is text: it is shown, exported, changed and removed', async () => {
  inDatabase(
    place.path(DATABASE),
    `INSERT INTO settings VALUES ('shop', 'signin_success', '/home'), ('shop', 'motto', '{no json'),
      ('shop', 'security.strict', 'perhaps')`,
  )
  expect(await settingsOf('shop')).toEqual({
    ...KEYS,
    signin_success: '/home',
    motto: '{no json',
    'security.strict': 'perhaps',
  })
  expect(await done(['export', 'shop', '--out', '-'])).toContain('"value":"{no json"')
  expect(await done(['users', 'list', 'shop'])).not.toContain('SyntaxError')
  await done(['settings', 'set', 'shop', 'signin_success', '/in'])
  await done(['settings', 'delete', 'shop', 'motto'])
  await done(['settings', 'delete', 'shop', 'security.strict'])
  expect(await settingsOf('shop')).toEqual({ ...KEYS, signin_success: '/in' })
}, 60_000)

test('secrets that no key opens are named by keys reseal, and can be set anew, removed, or go with their app', async () => {
  const foreign = "'zzzzzz.abc'"
  inDatabase(
    place.path(DATABASE),
    `UPDATE settings SET value = ${foreign} WHERE name = 'az_secret';
      UPDATE apps SET sealed_secret = ${foreign} WHERE app_id = 'shop'`,
  )
  const reseal = await place.run(['keys', 'reseal'])
  expect(reseal.stderr).toMatch(/set them anew.*\n {2}shop\n {2}shop: az_secret\n$/)
  expect(await settingsOf('shop')).toEqual(KEYS)
  await done(['settings', 'delete', 'shop', 'az_secret'])
  await done(['settings', 'set', 'shop', 'az_secret', '-'], 'another')
  expect(await done(['keys', 'rotate', 'shop', '--yes'])).toContain('secret key')
  expect(await done(['keys', 'reseal'])).toContain('Every other key can be left out')
  inDatabase(
    place.path(DATABASE),
    `UPDATE apps SET sealed_secret = ${foreign} WHERE app_id = 'shop'`,
  )
  await done(['apps', 'delete', 'shop', '--yes'])
  expect(await done(['apps', 'list'])).not.toMatch(/^shop /m)
}, 60_000)

test.each([
  ['for writing', ['BEGIN IMMEDIATE'], ['settings', 'set', 'shop', 'motto', 'x']],
  [
    'altogether',
    ['PRAGMA locking_mode = EXCLUSIVE', 'BEGIN EXCLUSIVE', 'CREATE TABLE locked (a)'],
    ['settings', 'get', 'shop'],
  ],
])(
  'a store that another process keeps locked %s is told with what to do',
  async (_how, locking, args) => {
    const database = new Database(place.path(DATABASE))
    for (const sql of locking) database.exec(sql)
    const error = refusal(await place.run(args))
    database.exec('ROLLBACK')
    database.close()
    expect(error).toMatch(/database is locked; end the process that keeps the file locked/)
  },
  60_000,
)
