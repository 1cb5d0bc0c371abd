import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import Database from 'libsql'

import { startEmulator, type Emulator } from '../../src/emulator'
import { Browser } from '../support/browser'

const REGISTER = join(__dirname, '../support/register-ts.cjs')

let directory: string
let emulator: Emulator
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'amazon-auth-crash-'))
  const client = { clientId: 'crash-client', clientSecret: 'crash-secret' }
  emulator = await startEmulator({
    clients: [{ ...client, allowedReturnUrls: [], allowAnyReturnUrl: true }],
  })
})
afterEach(async () => {
  await emulator.close()
  rmSync(directory, { recursive: true })
})

async function startHost(point: string) {
  const file = join(directory, 'store.db')
  const child = spawn(
    process.execPath,
    ['-r', REGISTER, join(__dirname, 'crash-child.ts'), `sqlite:${file}`, emulator.origin, point],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const exited = once(child, 'exit')
  const [port] = (await Promise.race([once(child.stdout, 'data'), exited])) as [Buffer]
  return { child, exited, origin: `http://127.0.0.1:${port.toString().trim()}` }
}

async function signIn(origin: string): Promise<Browser> {
  const browser = new Browser(origin)
  const begun = await browser.get('/amazon_auth?state=acme')
  await browser.get(await emulator.allow(begun.location))
  return browser
}

/** Rows as another program sees them. */
function rowsOf(table: 'users' | 'sessions'): Record<string, unknown>[] {
  const database = new Database(join(directory, 'store.db'))
  try {
    return database.prepare(`SELECT * FROM ${table}`).all() as Record<string, unknown>[]
  } finally {
    database.close()
  }
}

test.each([
  ['before the code is exchanged', 0],
  ['after the code is exchanged', 0],
  ['after the profile is read', 0],
  ['after the user is stored', 1],
  ['before the session is stored', 1],
  ['after the session is stored', 1],
])('a process killed %s leaves %i whole users and no half login', async (point, users) => {
  const dying = await startHost(point)
  await expect(signIn(dying.origin)).rejects.toThrow(/socket hang up|ECONNRESET/)
  expect(await dying.exited).toEqual([null, 'SIGKILL'])
  const rows = rowsOf('users')
  expect(rows).toHaveLength(users)
  for (const row of rows) {
    expect(row).toMatchObject({
      app_id: 'acme',
      identifier: expect.stringMatching(/^az:./),
      active: 1,
    })
  }

  const host = await startHost('never')
  const browser = await signIn(host.origin)
  expect((await browser.get('/acme')).status).toBe(200)
  expect(rowsOf('users')).toHaveLength(1)
  host.child.kill('SIGKILL')
  await host.exited
})
