import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadOrCreateMasterKey } from '../../../src/store/master-key'
import { startChild } from './start-child'

let directory: string
let storeUrl: string
let keyFile: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'master-key-'))
  storeUrl = `sqlite:${join(directory, 'data/store.db')}`
  keyFile = join(directory, 'data/store.db.key')
})
afterEach(() => rmSync(directory, { recursive: true }))

test('the key of an SQLite store is made once, beside the file, readable by its owner only', () => {
  const key = loadOrCreateMasterKey({ storeUrl, mayCreate: true })
  expect(Buffer.from(String(key), 'base64url')).toHaveLength(32)
  expect(readFileSync(keyFile, 'utf8')).toBe(`${String(key)}\n`)
  expect(statSync(keyFile).mode & 0o777).toBe(0o600)
  expect(loadOrCreateMasterKey({ storeUrl, mayCreate: true })).toBe(key)
  expect(readdirSync(join(directory, 'data'))).toEqual(['store.db.key'])
})

test('processes that start at once all get the same key', async () => {
  const children = [1, 2, 3, 4].map(() => startChild(['master-key', storeUrl]))
  const lines = await Promise.all(children.map((child) => child.restOfLines()))
  expect(new Set(lines.flat())).toEqual(
    new Set([loadOrCreateMasterKey({ storeUrl, mayCreate: true })]),
  )
  expect(lines.flat()).toHaveLength(4)
})

test.each(['', 'half-a-key', 'x'.repeat(100)])(
  'a key file that holds %j is refused with secret_unreadable and left as it is',
  (text) => {
    loadOrCreateMasterKey({ storeUrl, mayCreate: true })
    writeFileSync(keyFile, text)
    expect(() => loadOrCreateMasterKey({ storeUrl, mayCreate: true })).toThrow(
      expect.objectContaining({ code: 'secret_unreadable', facts: { file: keyFile } }),
    )
    expect(readFileSync(keyFile, 'utf8')).toBe(text)
  },
)

test('a missing key of a store that holds secrets is refused with secret_unreadable, and not made', () => {
  expect(() => loadOrCreateMasterKey({ storeUrl, mayCreate: false })).toThrow(
    expect.objectContaining({ code: 'secret_unreadable', facts: { file: keyFile } }),
  )
  expect(existsSync(keyFile)).toBe(false)
})

test('a store in memory gets a new key each time, PostgreSQL gets none', () => {
  const keys = [1, 2].map(() =>
    loadOrCreateMasterKey({ storeUrl: 'sqlite::memory:', mayCreate: false }),
  )
  expect(new Set(keys).size).toBe(2)
  expect(keys).not.toContain(undefined)
  expect(
    loadOrCreateMasterKey({ storeUrl: 'postgres://auth@db/auth', mayCreate: true }),
  ).toBeUndefined()
})
