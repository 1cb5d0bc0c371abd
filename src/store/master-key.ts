import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { AmazonAuthError } from '../errors'
import { parseStoreUrl } from './store-url'

const KEY_BYTES = 32
const KEY_PATTERN = /^[\w-]{43}$/

/**
 * The master key that seals secrets at rest, for those who configured none.
 *
 * @param options.storeUrl An SQLite file has its key beside it, in `<file>.key` (mode 0600); a store in memory has a key
 *   that ends with it.
 * @param options.mayCreate Whether a missing file is made: not when the store holds secrets, which another key sealed.
 * @returns 32 random bytes as base64url; undefined for PostgreSQL, whose nodes must be given one key.
 * @throws {AmazonAuthError} `secret_unreadable`: the file is missing or holds no key. `store_unavailable`: it cannot be
 *   read or made.
 */
export function loadOrCreateMasterKey(options: {
  readonly storeUrl: string
  readonly mayCreate: boolean
}): string | undefined {
  const location = parseStoreUrl(options.storeUrl)
  if (location.kind === 'postgres') return undefined
  if (location.kind === 'memory') return generateKey()
  const file = `${location.file}.key`
  try {
    return readKey(file) ?? (options.mayCreate ? createKey(file) : refuseNewKey(file))
  } catch (error) {
    const isOfSystem = (error as Partial<NodeJS.ErrnoException>).code !== undefined
    throw new AmazonAuthError(
      isOfSystem ? 'store_unavailable' : 'secret_unreadable',
      { file },
      error,
    )
  }
}

/** Which master keys a configuration and its store come to. */
export interface KeySource {
  /** Those configured; none: those of the store. */
  readonly secretKeys: readonly string[]
  readonly storeUrl: string
}

/**
 * The master keys in force: those configured, else that beside the store, as {@link loadOrCreateMasterKey} has it.
 *
 * @throws {AmazonAuthError} `secret_unreadable` (also: PostgreSQL, and none is configured), `store_unavailable`
 */
export function getMasterKeys(source: KeySource & { mayCreate: boolean }): readonly string[] {
  if (source.secretKeys.length > 0) return source.secretKeys
  const key = loadOrCreateMasterKey(source)
  if (key === undefined) throw new AmazonAuthError('secret_unreadable', { missing: 'secret_key' })
  return [key]
}

/** Where the master keys come from, for people. */
export function describeKeySource({ secretKeys, storeUrl }: KeySource): string {
  if (secretKeys.length > 0) return 'para.secret_key'
  const location = parseStoreUrl(storeUrl)
  return location.kind === 'file' ? `${location.file}.key` : 'this process'
}

function generateKey(): string {
  return randomBytes(KEY_BYTES).toString('base64url')
}

function readKey(file: string): string | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8').trim()
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined
    throw error
  }
  if (KEY_PATTERN.test(text)) return text
  throw new Error(`${file} holds no master key. Restore it from a backup, or set secret_key.`)
}

function refuseNewKey(file: string): never {
  throw new Error(
    `${file} is missing, and the secrets of the store were sealed with the key in it. Restore it from a backup, or set secret_key.`,
  )
}

/** Written aside and linked, so that nobody reads half a key; of several processes the first wins. */
function createKey(file: string): string {
  const draft = `${file}.${generateKey()}`
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  writeFileSync(draft, `${generateKey()}\n`, { flag: 'wx', mode: 0o600, flush: true })
  try {
    linkSync(draft, file)
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error
  } finally {
    rmSync(draft)
  }
  return readKey(file) ?? createKey(file)
}

function isErrno(error: unknown, code: string): boolean {
  // Not `instanceof`: under Jest errors of Node are of another realm.
  return (error as Partial<NodeJS.ErrnoException>).code === code
}
