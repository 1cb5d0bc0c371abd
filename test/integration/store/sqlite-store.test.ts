import Database from 'libsql'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { openSqlStore } from '../../../src/store/sql/open-sql-store'
import { until } from '../../support/until'
import { buildApp, buildUser, openStore, silentLogger } from './open-store'
import { emptySqlite } from './empty-sqlite'
import { describeStoreContract } from './store-contract'

const directory = mkdtempSync(join(tmpdir(), 'sqlite-store-'))
let files = 0

/** Of a long value, all of which is written anew when it changes. */
const CHARACTERS = 200_000

function freshFile(): string {
  return join(directory, `store-${(files += 1)}.db`)
}

afterAll(() => rmSync(directory, { recursive: true }))

describeStoreContract('SQLite', () => `sqlite:${freshFile()}`, emptySqlite)

describe('an SQLite file', () => {
  test('is made with its directory, and only its owner may read it', async () => {
    const file = join(directory, 'new/deep', 'store.db')
    const store = openStore(`sqlite:${file}`)
    await store.ready()
    const modes = ['', '-wal', '-shm'].map((suffix) => statSync(file + suffix).mode & 0o777)
    expect(modes).toEqual([0o600, 0o600, 0o600])
    expect(statSync(join(directory, 'new/deep')).mode & 0o777).toBe(0o700)
    await store.close()
  })

  test('is not touched before the first use', () => {
    const file = freshFile()
    openStore(`sqlite:${file}`)
    expect(existsSync(file)).toBe(false)
  })

  test('holds everything by itself once the store is closed', async () => {
    const file = freshFile()
    const store = openStore(`sqlite:${file}`)
    await store.apps.insert(buildApp(), new Map())
    await store.close()
    writeFileSync(`${file}.copy`, readFileSync(file))
    const copy = openStore(`sqlite:${file}.copy`)
    expect((await copy.apps.findWhole('shop'))?.app).toEqual(buildApp())
    await copy.close()
  })

  test('takes what was written out of its log again and again, while it is written to', async () => {
    const file = freshFile()
    const store = openStore(`sqlite:${file}`)
    await store.apps.insert(buildApp(), new Map())
    const logBytes = (): number => statSync(`${file}-wal`).size
    const write = (digit: number) =>
      store.apps.putSetting('shop', { name: 'a', value: String(digit).repeat(CHARACTERS) }, 5)
    for (let index = 0; index < 100; index += 1) await write(index % 10)
    await until(async () => {
      await write(1)
      await write(2)
      return logBytes() < CHARACTERS * 4
    })
    await store.close()
  })

  test('that could not be opened is opened once it can be', async () => {
    const file = freshFile()
    writeFileSync(file, 'not a database '.repeat(100))
    const store = openStore(`sqlite:${file}`)
    expect(await store.isHealthy()).toBe(false)
    await expect(store.apps.findWhole('shop')).rejects.toMatchObject({ code: 'store_unavailable' })
    rmSync(file)
    expect(await store.isHealthy()).toBe(true)
    expect(await store.apps.insert(buildApp(), new Map())).toBe(true)
    await store.close()
  })
})

describe('a lock of another process', () => {
  test('met by a write does not keep later writes from being committed', async () => {
    const file = freshFile()
    const store = openStore(`sqlite:${file}`, { lockTimeoutMs: 0 })
    await store.apps.insert(buildApp(), new Map())
    const other = new Database(file)
    other.exec('BEGIN IMMEDIATE')
    await expect(store.users.upsert(buildUser(), {})).rejects.toMatchObject({
      code: 'store_unavailable',
    })
    other.exec('ROLLBACK')
    await store.apps.putSetting('shop', { name: 'a', value: '1' }, 5)
    expect(other.prepare('SELECT name FROM settings').all([])).toEqual([{ name: 'a' }])
    expect(() => other.exec('BEGIN IMMEDIATE; ROLLBACK')).not.toThrow()
    other.close()
    await store.close()
  })
})

describe('openSqlStore', () => {
  test('keeps a store in memory apart from every other', async () => {
    const [one, other] = [openStore('sqlite::memory:'), openStore('sqlite::memory:')]
    await one.apps.insert(buildApp(), new Map())
    expect((await one.apps.findWhole('shop'))?.app).toEqual(buildApp())
    expect(await other.apps.findWhole('shop')).toBeUndefined()
    await Promise.all([one.close(), other.close()])
  })

  test.each(['', 'sqlite:', 'mysql://user:secret@host/db', 'data/x.db'])(
    'refuses the URL %j with a TypeError that does not repeat it',
    (url) => {
      const open = () => openSqlStore({ url, logger: silentLogger })
      expect(open).toThrow(TypeError)
      expect(open).not.toThrow(/secret/)
    },
  )

  test('refuses a value that is neither text nor number with an error that does not hold it', async () => {
    const store = openStore('sqlite::memory:')
    await store.apps.insert(buildApp(), new Map())
    const user: unknown = { ...buildUser(), name: true, tokenSecret: 'planted' }
    const error: unknown = await store.users
      .upsert(user as ReturnType<typeof buildUser>, {})
      .catch((reason: unknown) => reason)
    expect(error).toEqual(
      new TypeError('name must be a string, a finite number or null, not boolean'),
    )
    expect(inspect(error)).not.toContain('planted')
    await store.close()
  })

  test('raises errors that hold no stored value', async () => {
    const store = openStore('sqlite::memory:')
    await store.apps.insert(buildApp(), new Map())
    await store.users.upsert(buildUser({ tokenSecret: 'planted' }), {})
    const clash = buildUser({ identifier: 'az:B', tokenSecret: 'planted', email: 'planted' })
    const error: unknown = await store.users.upsert(clash, {}).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(Error)
    expect(inspect(error, { depth: null })).not.toContain('planted')
    await store.close()
  })
})
