import { setTimeout } from 'node:timers/promises'

import Database from 'libsql'

import { PEOPLE, startEmulator, type Emulator } from '../../../src/emulator'
import { browserAt, inDatabase, Workplace, type Ended } from './command-line'

const CLIENT = { clientId: 'client.shop', clientSecret: 'secret.shop' }
const [OLD, NEW] = ['old', 'new'].map((age) => `${age}-master-key-of-these-tests-0123456789`)
const ROOT = 'para.root_secret_key = "the-root-secret-of-these-tests-0123456789"'

jest.setTimeout(90_000)

let place: Workplace
let emulator: Emulator
beforeEach(async () => {
  place = new Workplace()
  emulator = await startEmulator({
    clients: [{ ...CLIENT, allowedReturnUrls: [], allowAnyReturnUrl: true }],
    accessTokenLifeSeconds: 1,
  })
  writeConf()
  await signEverybodyIn()
})
afterEach(async () => {
  await place.clear()
  await emulator.close()
})

function writeConf(store = 'shop.db', keys = `${OLD}`, ...more: readonly string[]): void {
  place.write('application.conf', [
    'para.port = 0',
    ROOT,
    `para.store.url = "sqlite:${store}"`,
    `para.secret_key = "${keys}"`,
    `para.amazon.authorize_url = "${emulator.authorizeUrl}"`,
    `para.amazon.api_url = "${emulator.apiUrl}"`,
    `para.apps.shop { az_app_id = "${CLIENT.clientId}", az_secret = "${CLIENT.clientSecret}" }`,
    'para.apps.shop { signin_success = "/in", amazon.keep_tokens = true }',
    'para.apps.news { az_app_id = "client.news", az_secret = "secret.news" }',
    ...more,
  ])
}

/** Their tokens live for a second; those that a refresh brings, for an hour. */
async function signEverybodyIn(): Promise<void> {
  const server = await place.listen(['serve', '--allow-emulator'])
  for (const { userId } of PEOPLE) {
    const browser = browserAt(server)
    const begun = await browser.get('/amazon_auth?state=shop')
    const landed = await browser.get(await emulator.allow(begun.location, userId))
    expect(landed.location).toBe('/in')
  }
  server.child.kill('SIGTERM')
  await server.exit()
  await setTimeout(1_000)
  emulator.tokenRules.set({ accessTokenLifeSeconds: 3600 })
}

const tokens = (...args: readonly string[]): Promise<Ended> => place.run(['tokens', ...args])
const json = ({ stdout }: Ended) => JSON.parse(stdout) as Record<string, unknown>
const status = async () => json(await tokens('status', 'shop', '--json'))
const count = () => emulator.journal.entries({ path: '/auth/o2/token' }).length - PEOPLE.length

function rowsOf(file: string): readonly Record<string, unknown>[] {
  const database = new Database(place.path(file))
  const rows = database.prepare('SELECT * FROM amazon_tokens ORDER BY user_id').all()
  database.close()
  return rows as Record<string, unknown>[]
}

test('tokens refresh refreshes all that are due, once, and leaves the rest', async () => {
  expect(await status()).toEqual({ kept: 4, due: 4, revoked: 0, lost: 0 })
  const first = await tokens('refresh', 'shop')
  expect([first.stdout, first.exitCode]).toEqual(['4 of 4 tokens were refreshed.\n', 0])
  expect(await status()).toEqual({ kept: 4, due: 0, revoked: 0, lost: 0 })
  expect((await tokens('refresh', 'shop')).stdout).toBe('0 of 0 tokens were refreshed.\n')
  expect(count()).toBe(4)
  const all = await tokens('refresh', 'shop', '--due-within', '2h', '--concurrency', '1')
  expect(all.stdout).toBe('4 of 4 tokens were refreshed.\n')
})

test('of two that run at once, each token is refreshed by one', async () => {
  const both = [1, 2].map(() => place.start(['tokens', 'refresh', 'shop', '--json']))
  expect(await Promise.all(both.map((running) => running.exit()))).toEqual([0, 0])
  expect(await status()).toEqual({ kept: 4, due: 0, revoked: 0, lost: 0 })
  expect(count()).toBe(4)
})

test('people who have withdrawn their consent are counted, and are no failure', async () => {
  emulator.withdrawConsent({ clientId: CLIENT.clientId })
  const ended = await tokens('refresh', 'shop', '--json')
  expect(json(ended)).toMatchObject({ due: 4, refreshed: 3, revoked: 1, failed: 0 })
  expect(ended.exitCode).toBe(0)
  expect(await status()).toEqual({ kept: 3, due: 0, revoked: 1, lost: 0 })
  const audit = await place.run(['audit', '--app', 'shop', '--outcome', 'failure'])
  expect(audit.stdout).toMatch(/shop +failure +consent_revoked +token_refresh +\d+/)
  const [revoked] = rowsOf('shop.db').filter(({ state }) => state === 'revoked')
  expect(revoked?.sealed).toBe('')
})

test.each([
  ['Amazon is down', 'amazon_unavailable'],
  ['the keys are wrong', 'refresh_refused'],
])('it ends with 1 while %s, and loses nothing', async (_what, code) => {
  if (code === 'refresh_refused')
    emulator.addClient({ ...CLIENT, clientSecret: 'x', allowedReturnUrls: [] })
  else emulator.faults.set({ endpoint: 'token', fault: 'http_503' })
  const failed = await tokens('refresh', 'shop')
  expect(failed.exitCode).toBe(1)
  expect(failed.stdout).toBe('0 of 4 tokens were refreshed.\n4 have failed.\n')
  expect(failed.stderr).toContain(`4 have failed, at last by ${code}. Run it again`)
  emulator.faults.clear()
  emulator.addClient({ ...CLIENT, allowedReturnUrls: [] })
  expect((await tokens('refresh', 'shop')).stdout).toBe('4 of 4 tokens were refreshed.\n')
})

test('of an app that keeps none, or is not there, it says so', async () => {
  const off = await tokens('refresh', 'news')
  expect([off.exitCode, off.stdout]).toEqual([1, ''])
  expect(off.stderr).toContain('express-amazon-auth settings set news amazon.keep_tokens true')
  expect((await tokens('status', 'nope')).stderr).toContain('There is no app nope.')
})

test('nothing of Amazon’s stands in the store as it is, and a row copied to another user opens as nothing', async () => {
  const rows = rowsOf('shop.db')
  expect(rows.map(({ sealed }) => String(sealed).includes('Atz'))).toEqual(Array(4).fill(false))
  expect(new Set(rows.map(({ sealed }) => sealed)).size).toBe(4)
  const ids = rows.map(({ user_id: id }) => String(id))
  inDatabase(
    place.path('shop.db'),
    `UPDATE amazon_tokens SET sealed = (SELECT sealed FROM amazon_tokens WHERE user_id = '${ids[0]}') WHERE user_id = '${ids[1]}'`,
  )
  const ended = json(await tokens('refresh', 'shop', '--json'))
  expect(ended).toMatchObject({ refreshed: 3, failed: 1, failure: 'secret_unreadable' })
})

test('keys reseal seals them anew, and then the old key is not needed', async () => {
  writeConf('shop.db', `${NEW},${OLD}`)
  const resealed = await place.run(['keys', 'reseal'])
  expect(resealed.stderr).toBe('')
  // The secrets of three apps, and the tokens of four users.
  expect(resealed.stdout).toContain('7 secrets were sealed anew')
  writeConf('shop.db', NEW)
  expect((await tokens('refresh', 'shop')).stdout).toBe('4 of 4 tokens were refreshed.\n')
})

test('migrate-store moves them; an export does not hold them, nor does an import keep them', async () => {
  const moved = await place.run([
    'migrate-store',
    '--from',
    'sqlite:shop.db',
    '--to',
    'sqlite:moved.db',
  ])
  expect([moved.exitCode, moved.stderr]).toEqual([0, ''])
  expect(rowsOf('moved.db')).toEqual(rowsOf('shop.db'))
  writeConf('moved.db')
  expect((await tokens('refresh', 'shop')).stdout).toBe('4 of 4 tokens were refreshed.\n')

  const exported = await place.run(['export', 'shop', '--with-secrets'])
  const sealed = rowsOf('moved.db').map((row) => String(row.sealed))
  expect(sealed.filter((text) => exported.stdout.includes(text))).toEqual([])
  const imported = await place.run(['import', '--existing', 'replace', '--yes'], exported.stdout)
  expect([imported.exitCode, imported.stderr]).toEqual([0, ''])
  expect(await status()).toEqual({ kept: 0, due: 0, revoked: 0, lost: 0 })
})

test('a command whose configuration keeps none removes none, and a server removes all in its purge', async () => {
  writeConf('shop.db', OLD, 'para.apps.shop.amazon.keep_tokens = false')
  await place.run(['settings', 'set', 'shop', 'motto', 'x'])
  await place.run(['apps', 'list'])
  await setTimeout(800)
  expect(rowsOf('shop.db')).toHaveLength(4)
  const server = await place.listen(['serve', '--allow-emulator'])
  for (let tries = 0; rowsOf('shop.db').length > 0 && tries < 200; tries += 1) await setTimeout(50)
  expect(rowsOf('shop.db')).toEqual([])
  server.child.kill('SIGTERM')
  await server.exit()
})
