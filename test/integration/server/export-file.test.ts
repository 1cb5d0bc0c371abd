import { once } from 'node:events'
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { spawn } from 'node:child_process'

import { refusal, inDatabase, Workplace, type Ended } from './command-line'

const KEPT = 'a backup with secrets\n'

let place: Workplace

beforeAll(async () => {
  place = new Workplace()
  place.write('application.conf', ['para.store.url = "sqlite:store.db"'])
  await place.run(['apps', 'create', 'shop'])
})
afterAll(() => place.clear())

async function refused(args: readonly string[]): Promise<string> {
  return refusal(await place.run(['export', ...args]))
}

async function done(args: readonly string[]): Promise<Ended> {
  const running = await place.run(['export', ...args])
  expect({ stderr: running.stderr, code: running.exitCode }).toMatchObject({ code: 0 })
  return running
}

const read = (name: string) => readFileSync(place.path(name), 'utf8')
const modeOf = (name: string) => statSync(place.path(name)).mode & 0o777
const isExport = expect.stringMatching(/^\{"type":"header"[^]*"type":"end","apps":2,"users":0\}\n$/)

/** A file that is there already, as careless hands have left it. */
function old(name: string): void {
  writeFileSync(place.path(name), KEPT)
  chmodSync(place.path(name), 0o644)
}

test('an app that there is not is told of, and never taken for a fault of standard output', async () => {
  const told = /^There is no app nope\. express-amazon-auth apps list .* Nothing was written\.\n$/
  expect(await refused(['nope'])).toMatch(told)
  expect(await refused(['nope', '--out', '/dev/stdout'])).toMatch(told)
})

test('a file that is there stays as it is; --force replaces it by one for the owner alone', async () => {
  old('old.jsonl')
  expect(await refused(['--out', 'old.jsonl'])).toMatch(/is there already.*--force/)
  expect(read('old.jsonl')).toBe(KEPT)
  await done(['--out', 'old.jsonl', '--force'])
  expect(read('old.jsonl')).toEqual(isExport)
  expect(modeOf('old.jsonl')).toBe(0o600)
})

test('it tells what it has written: apps, users, bytes, and whether secrets are in it', async () => {
  const plain = await done(['--out', 'plain.jsonl'])
  const bytes = statSync(place.path('plain.jsonl')).size
  expect(plain.stdout).toMatch(
    `Exported 2 apps and 0 users, without secrets: ${bytes} bytes to plain.jsonl.\n`,
  )
  expect(plain.stdout).toContain('for a backup take --with-secrets')
  const whole = await done(['--with-secrets', '--out', 'whole.jsonl'])
  expect(whole.stdout).toMatch(/^Exported 2 apps and 0 users, with secrets: \d+ bytes/)
  expect(whole.stdout).toContain('store.db.key')
  const piped = await done([])
  expect(piped.stdout).toEqual(isExport)
  expect(piped.stderr).toMatch(/^Exported 2 apps .* to standard output\.\n/)
})

test('an export that fails half-way leaves the file of before, and nothing beside it', async () => {
  const store = place.path('store.db')
  // Read after the first lines have been written.
  inDatabase(store, 'ALTER TABLE users RENAME COLUMN picture TO image')
  old('half.jsonl')
  const failed = await place.run(['export', '--out', 'half.jsonl', '--force'])
  expect(failed.exitCode).toBe(1)
  expect(read('half.jsonl')).toBe(KEPT)
  expect(readdirSync(place.folder).filter((name) => name.endsWith('.part'))).toEqual([])
  inDatabase(store, 'ALTER TABLE users RENAME COLUMN image TO picture')
})

test('a link stays, and what it leads to is replaced; one that leads nowhere is refused', async () => {
  old('target.jsonl')
  symlinkSync(place.path('target.jsonl'), place.path('link.jsonl'))
  expect(await refused(['--out', 'link.jsonl'])).toContain('--force')
  await done(['--out', 'link.jsonl', '--force'])
  expect(read('target.jsonl')).toEqual(isExport)
  expect(read('link.jsonl')).toEqual(isExport)
  symlinkSync('nowhere', place.path('dangling'))
  expect(await refused(['--out', 'dangling', '--force'])).toContain('leads nowhere')
})

test.each([
  ['a directory', 'folder', 'is a directory'],
  ['a folder that is not there', 'nope/all.jsonl', 'there is no directory nope'],
  ['a file in place of a folder', 'store.db/all.jsonl', 'cannot be used (ENOTDIR)'],
  ['a folder that takes no files', '/sys/all.jsonl', 'cannot be written'],
  ['the store itself', 'store.db', 'belongs to the store itself'],
  ['the key of the store', 'store.db.key', 'belongs to the store itself'],
  ['a device that is full', '/dev/full', 'cannot be written (ENOSPC)'],
])('%s is refused', async (_what, out, told) => {
  mkdirSync(place.path('folder'), { recursive: true })
  expect(await refused(['--out', out, '--force'])).toContain(told)
})

test('what was refused has left the store as it was', async () => {
  expect((await place.run(['apps', 'list'])).stdout).toContain('shop')
})

test.each([['/dev/stdout'], ['sent.jsonl']])(
  'standard output by another name (%s) is standard output',
  async (out) => {
    const sent = openSync(place.path('sent.jsonl'), 'w')
    const running = place.start(['export', '--out', out], {}, ['pipe', sent, 'pipe', 'ipc'])
    expect([running.stderr, await running.exit()]).toEqual([expect.any(String), 0])
    closeSync(sent)
    expect(running.stderr).toContain('Exported 2 apps')
    expect(read('sent.jsonl')).toEqual(isExport)
  },
)

test('a named pipe is written as it is', async () => {
  await once(spawn('mkfifo', [place.path('pipe')]), 'exit')
  const reader = spawn('cat', [place.path('pipe')])
  let text = ''
  reader.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  await Promise.all([done(['--out', 'pipe']), once(reader, 'close')])
  expect(text).toEqual(isExport)
})

test('an import of what has no secrets says so, and wants --yes before it changes anything', async () => {
  await done(['--out', 'bare.jsonl'])
  const into = { para_store_url: 'sqlite:new.db' }
  const asked = await place.run(['import', '--in', 'bare.jsonl'], '', into)
  expect(asked.exitCode).toBe(1)
  expect(asked.stderr).toContain('This export has no secrets')
  expect(asked.stderr).toContain('--yes')
  expect(existsSync(place.path('new.db'))).toBe(false)
  const meant = await place.run(['import', '--in', 'bare.jsonl', '--yes'], '', into)
  expect([meant.exitCode, meant.stderr]).toEqual([0, expect.stringContaining('no secrets')])
})
