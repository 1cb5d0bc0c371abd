import { hash, randomFillSync } from 'node:crypto'

/** Asking the generator takes far longer than the bytes do, so many are drawn at a time. Each is given out once. */
const POOL_BYTES = 4096
const pool = Buffer.alloc(POOL_BYTES)
let drawn = POOL_BYTES

/** Fresh bytes of Node's secure generator; at most 256. */
export function randomBytes(bytes: number): Buffer {
  if (drawn + bytes > POOL_BYTES) {
    randomFillSync(pool)
    drawn = 0
  }
  const fresh = Buffer.from(pool.subarray(drawn, drawn + bytes))
  pool.fill(0, drawn, drawn + bytes)
  drawn += bytes
  return fresh
}

/** A fresh secret text: `bytes` random bytes, base64url. */
export function randomText(bytes: number): string {
  return randomBytes(bytes).toString('base64url')
}

/** SHA-256 as base64url: names a secret value without telling it. */
export function sha256(text: string): string {
  return hash('sha256', text, 'base64url')
}
