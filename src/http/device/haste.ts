import { growingCache } from '../../growing-cache'

/** Devices that are remembered; one that is forgotten may ask once more than it should. */
const MAX_DEVICES = 10_000
/** Clocks and networks are not exact. */
const SHARE_OF_INTERVAL = 0.8

/** Tells who asks more often than was said, from memory: what is asked in haste costs no look into the store. */
export interface Haste {
  isHasty(handleHash: string): boolean
  /** @param intervalMs How long it has to wait from now. */
  note(handleHash: string, intervalMs: number): void
}

export function createHaste(): Haste {
  const notBeforeMs = growingCache<number>({ max: MAX_DEVICES })
  return {
    isHasty: (handleHash) => performance.now() < (notBeforeMs.get(handleHash) ?? 0),
    note: (handleHash, intervalMs) =>
      void notBeforeMs.set(handleHash, performance.now() + intervalMs * SHARE_OF_INTERVAL),
  }
}
