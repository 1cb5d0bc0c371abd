import { mkdirSync, readdirSync, readFileSync } from 'node:fs'

import {
  paraApp,
  paraIdentifier,
  paraUser,
  writeParaBackup,
  type ParaFields,
} from '../../support/para-backup'
import { createTestDatabase, describeOnPostgres } from '../../support/postgres'
import { Workplace, type Running } from './command-line'
import { killAt } from './kill-at'

jest.setTimeout(600_000)

const USERS = 100_000
const CUT = 8_000
const KEY = 'key-0123456789-abcdefghijklmnopqrstuvwxyz'

let place: Workplace
beforeAll(async () => {
  place = new Workplace()
  mkdirSync(place.path('tmp'))
  await writeParaBackup(place.path('small.zip'), 'acme', objects(2_000))
  await writeParaBackup(place.path('middling.zip'), 'acme', objects(CUT))
  await writeParaBackup(place.path('large.zip'), 'acme', objects(USERS))
})
afterAll(() => place.clear())

/** Each user and what leads to it apart, as Para has them, and in no order. */
function* objects(users: number): Generator<ParaFields> {
  yield paraApp('acme')
  for (let at = 0; at < users; at += 1) {
    const number = (at * 7_919) % users
    const user = paraUser('acme', number)
    yield user
    yield paraIdentifier('acme', String(user.identifier), user.id)
  }
}

function start(file: string, storeUrl: string): Running {
  return place.start(['import-para', file, '--apply'], {
    TMPDIR: place.path('tmp'),
    para_store_url: storeUrl,
    para_secret_key: KEY,
  })
}

/** The most that a process has had in memory, in MiB. */
async function peakOf(running: Running): Promise<number> {
  let peakKb = 0
  const timer = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${running.child.pid ?? 0}/status`, 'utf8')
      peakKb = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? peakKb)
    } catch {
      // It has ended.
    }
  }, 50)
  await running.exit()
  clearInterval(timer)
  return peakKb / 1024
}

test('100,000 users take little more memory than 2,000, and all are there', async () => {
  const small = await peakOf(start('small.zip', 'sqlite:small.db'))
  const running = start('large.zip', 'sqlite:large.db')
  const large = await peakOf(running)
  expect(running.stdout).toContain(`users: ${USERS} added`)
  console.log(`peak ${Math.round(small)} MiB for 2,000, ${Math.round(large)} MiB for ${USERS}`)
  expect(large - small).toBeLessThan(160)
})

test('killed, it leaves nothing behind and goes on where it was, with the app switched off until then', async () => {
  const url = 'sqlite:cut.db'
  const environment = { para_store_url: url, para_secret_key: KEY }
  expect(await killAt(start('middling.zip', url), CUT / 2, { url, place })).toBe(true)
  expect(readdirSync(place.path('tmp'))).toEqual([])
  const { stdout: apps } = await place.run(['apps', 'list', '--json'], '', environment)
  expect(JSON.parse(apps)).toContainEqual(
    expect.objectContaining({ appIdentifier: 'acme', active: false }),
  )
  const again = start('middling.zip', url)
  await again.exit()
  const [, added = '', same = ''] =
    /users: (\d+) added, 0 changed, (\d+) the same/.exec(again.stdout) ?? []
  expect(Number(added) + Number(same)).toBe(CUT)
  expect(Number(same)).toBeGreaterThanOrEqual(CUT / 2)
  const { stdout: after } = await place.run(['apps', 'list', '--json'], '', environment)
  expect(JSON.parse(after)).toContainEqual(
    expect.objectContaining({ appIdentifier: 'acme', active: true }),
  )
})

describeOnPostgres('into PostgreSQL', () => {
  test('all comes, a second time nothing', async () => {
    const database = await createTestDatabase()
    try {
      const first = start('small.zip', database.url)
      await first.exit()
      expect(first.stdout).toContain('users: 2000 added')
      const second = start('small.zip', database.url)
      await second.exit()
      expect(second.stdout).toContain('users: 0 added, 0 changed, 2000 the same')
    } finally {
      await database.drop()
    }
  })
})
