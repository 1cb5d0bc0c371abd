import { timingSafeEqual } from 'node:crypto'

/** Whether a text is the one that was kept; how long that takes tells nothing of where they differ. */
export function isSameText(kept: string, shown: string): boolean {
  const [left, right] = [Buffer.from(kept), Buffer.from(shown)]
  return left.length === right.length && timingSafeEqual(left, right)
}
