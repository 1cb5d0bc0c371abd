import { createCipheriv, createDecipheriv, createHash, hkdfSync } from 'node:crypto'

import { randomBytes } from './random'

/** Seals and opens small texts with AES-256-GCM. */
export interface Sealer {
  /**
   * @param text What to seal.
   * @param associatedData Bound to the text: it opens only with the same (an app id, a cookie name).
   * @returns `<key id>.<base64url of nonce, ciphertext, tag>`; characters safe in a cookie.
   */
  seal(text: string, associatedData: string): string
  /** @returns The text; undefined when it was changed, or sealed by an unknown key or for other data. */
  open(sealed: string, associatedData: string): string | undefined
  /** Ids of all its keys; the first seals. */
  keyIds(): readonly [string, ...string[]]
  /** Whether a text is sealed with the first key. */
  isCurrent(sealed: string): boolean
}

/** Length of a key's id, which every sealed text begins with. */
export const KEY_ID_CHARACTERS = 6

const NONCE_BYTES = 12
const TAG_BYTES = 16

interface SealingKey {
  readonly id: string
  readonly bytes: Buffer
}

/**
 * Makes a sealer for one purpose.
 *
 * @param masterKeys The first seals, all open: put a new one in front to rotate. Asked for at first use.
 * @param purpose Derives independent keys from the same master key (HKDF-SHA-256, RFC 5869).
 */
export function createSealer(masterKeys: () => readonly string[], purpose: string): Sealer {
  let derived: readonly [SealingKey, ...SealingKey[]] | undefined
  function keys(): readonly [SealingKey, ...SealingKey[]] {
    derived ??= deriveKeys(masterKeys(), purpose)
    return derived
  }
  return {
    seal(text, associatedData) {
      const [current] = keys()
      return `${current.id}.${encrypt(current.bytes, text, associatedData)}`
    },
    open(sealed, associatedData) {
      const [id, body = ''] = sealed.split('.', 2)
      const key = keys().find((candidate) => candidate.id === id)
      return key && decrypt(key.bytes, body, associatedData)
    },
    keyIds() {
      const [current, ...older] = keys()
      return [current.id, ...older.map(({ id }) => id)]
    },
    isCurrent(sealed) {
      const [current] = keys()
      return sealed.startsWith(`${current.id}.`)
    },
  }
}

function deriveKeys(
  masterKeys: readonly string[],
  purpose: string,
): readonly [SealingKey, ...SealingKey[]] {
  const [current, ...older] = masterKeys.map((masterKey) => deriveKey(masterKey, purpose))
  if (current === undefined) throw new TypeError('a sealer needs at least one master key')
  return [current, ...older]
}

/** Derives 32 bytes for a purpose from a master key. */
export function deriveBytes(masterKey: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', masterKey, 'express-amazon-auth', purpose, 32))
}

function deriveKey(masterKey: string, purpose: string): SealingKey {
  const bytes = deriveBytes(masterKey, purpose)
  return {
    id: createHash('sha256').update(bytes).digest('base64url').slice(0, KEY_ID_CHARACTERS),
    bytes,
  }
}

function encrypt(key: Buffer, text: string, associatedData: string): string {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(associatedData))
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url')
}

function decrypt(key: Buffer, body: string, associatedData: string): string | undefined {
  const bytes = Buffer.from(body, 'base64url')
  if (bytes.length < NONCE_BYTES + TAG_BYTES || bytes.toString('base64url') !== body) {
    return undefined
  }
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES))
  decipher.setAAD(Buffer.from(associatedData))
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
  try {
    const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES))
    return Buffer.concat([text, decipher.final()]).toString('utf8')
  } catch {
    return undefined
  }
}
