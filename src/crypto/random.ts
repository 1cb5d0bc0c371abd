import { hash, randomBytes } from 'node:crypto'

/** A fresh secret text: `bytes` random bytes, base64url. */
export function randomText(bytes: number): string {
  return randomBytes(bytes).toString('base64url')
}

/** SHA-256 as base64url: names a secret value without telling it. */
export function sha256(text: string): string {
  return hash('sha256', text, 'base64url')
}
