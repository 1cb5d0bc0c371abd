import { createHash, timingSafeEqual } from 'node:crypto'

/** Compares two texts in a time that tells neither where they differ nor their lengths. */
export function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
