import Database from 'libsql'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { inspect } from 'node:util'
import { openSqlStore } from '../../../src/store/sql/open-sql-store'
import { buildApp, buildUser, openStore, silentLogger } from './open-store'
import { startChild } from './start-child'
import { describeStoreContract } from './store-contract'

const NOBODY = 65_534

const directory = mkdtempSync(join(tmpdir(), 'sqlite-store-'))
let files = 0

function freshFile(): string {
  return join(directory, `store-${(files += 1)}.db`)
}

afterAll(() => rmSync(directory, { recursive: true }))

describeStoreContract('SQLite', () => `sqlite:${freshFile()}`)

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
    expect((await copy.apps.find('shop'))?.app).toEqual(buildApp())
    await copy.close()
  })

  test('D12 that is no database is left as it is, and the error says so', async () => {
    const file = freshFile()
    writeFileSync(file, 'not a database '.repeat(100))
    const before = readFileSync(file)
    const store = openStore(`sqlite:${file}`)
    const error: unknown = await store.ready().catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      code: 'store_unavailable',
      facts: { file },
      cause: {
        message: `${file} cannot be opened: file is not a database; move the file away, or correct store.url.`,
      },
    })
    expect(readFileSync(file)).toEqual(before)
  })

  test('D12 of a newer schema is left as it is, and the error says so', async () => {
    const file = freshFile()
    await startedOnce(file)
    const newer = new Database(file)
    newer.exec('INSERT INTO schema_versions VALUES (999); PRAGMA wal_checkpoint(TRUNCATE)')
    newer.close()
    const before = readFileSync(file)
    const store = openStore(`sqlite:${file}`)
    const error: unknown = await store.ready().catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'store_unavailable', facts: { file } })
    expect(inspect(error)).toMatch(/version 999.*run the release that wrote it/)
    expect(readFileSync(file)).toEqual(before)
  })

  test('that could not be opened is opened once it can be', async () => {
    const file = freshFile()
    writeFileSync(file, 'not a database '.repeat(100))
    const store = openStore(`sqlite:${file}`)
    expect(await store.isHealthy()).toBe(false)
    await expect(store.apps.find('shop')).rejects.toMatchObject({ code: 'store_unavailable' })
    rmSync(file)
    expect(await store.isHealthy()).toBe(true)
    expect(await store.apps.insert(buildApp(), new Map())).toBe(true)
    await store.close()
  })

  test('D5 that is read-only is refused with a clear error, and opened once it is writable', async () => {
    const file = freshFile()
    expect(await startChild(['open', `sqlite:${file}`]).exitCode).toBe(0)
    chmodSync(directory, 0o777)
    chmodSync(file, 0o444)
    const user = process.getuid?.() === 0 ? String(NOBODY) : ''
    const child = startChild(['open-twice', `sqlite:${file}`, user])
    expect(await child.nextLine()).toMatch(
      /store_unavailable.*EACCES.*let this process write the file and its directory/,
    )
    chmodSync(file, 0o666)
    child.endInput()
    expect(await child.restOfLines()).toEqual(['ready'])
  })
})

describe('a lock of another process', () => {
  test('D4 is waited for without blocking the event loop, and reads do not wait', async () => {
    const url = `sqlite:${freshFile()}`
    const store = openStore(url)
    await store.apps.insert(buildApp(), new Map())
    const holder = startChild(['hold-lock', url])
    expect(await holder.nextLine()).toBe('locked')
    const upserts = [1, 2, 3].map((id) =>
      store.users.upsert(buildUser({ id: String(id), identifier: `az:${id}` }), {}),
    )
    expect((await store.apps.find('shop'))?.app).toEqual(buildApp())
    await eventLoopTurns(100)
    expect(await store.users.findById('shop', '1')).toBeUndefined()
    holder.endInput()
    expect((await Promise.all(upserts)).map((user) => user?.id)).toEqual(['1', '2', '3'])
    await store.close()
  })

  test('D4 that outlasts the limit gives store_unavailable, and nothing is written later', async () => {
    const url = `sqlite:${freshFile()}`
    const store = openStore(url, { lockTimeoutMs: 50 })
    await store.apps.insert(buildApp(), new Map())
    const holder = startChild(['hold-lock', url])
    expect(await holder.nextLine()).toBe('locked')
    await expect(store.users.upsert(buildUser(), {})).rejects.toMatchObject({
      code: 'store_unavailable',
      facts: { sqlite: 'SQLITE_BUSY' },
    })
    holder.endInput()
    expect(await holder.exitCode).toBe(0)
    expect(await store.users.findById('shop', '1001')).toBeUndefined()
    expect(await store.users.upsert(buildUser(), {})).toEqual(buildUser())
    await store.close()
  })

  test('D9 met by a write does not keep later writes from being committed', async () => {
    const file = freshFile()
    const store = openStore(`sqlite:${file}`, { lockTimeoutMs: 0 })
    await store.apps.insert(buildApp(), new Map())
    const other = new Database(file)
    other.exec('BEGIN IMMEDIATE')
    await expect(store.users.upsert(buildUser(), {})).rejects.toMatchObject({
      code: 'store_unavailable',
    })
    other.exec('ROLLBACK')
    await store.apps.putSetting('shop', 'a', '1', 5)
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
    expect((await one.apps.find('shop'))?.app).toEqual(buildApp())
    expect(await other.apps.find('shop')).toBeUndefined()
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

async function startedOnce(file: string): Promise<void> {
  const store = openStore(`sqlite:${file}`)
  await store.ready()
  await store.close()
}

async function eventLoopTurns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await setTimeout(1)
}
