import { randomInt } from 'node:crypto'

/** 2024-01-01T00:00:00Z: keeps ids at 18 or 19 digits for decades. */
const EPOCH_MS = 1_704_067_200_000
const SEQUENCE_BITS = 22n
const SEQUENCE_LIMIT = 2 ** 22

/** Makes user ids: digits, unique, ordered by time of creation. */
export type NextUserId = (nowMs: number) => string

/**
 * Ids are milliseconds since 2024 and 22 bits that start at random in every millisecond and count up within it:
 * two ids of one process never meet, and those of two processes only by a chance of one in four million
 * in the same app and millisecond (then the insert is refused and tried with the next id).
 */
export function createUserIds(): NextUserId {
  let lastMs = 0
  let sequence = 0
  return (nowMs) => {
    if (nowMs > lastMs) {
      lastMs = nowMs
      sequence = randomInt(SEQUENCE_LIMIT / 2)
    } else if (++sequence === SEQUENCE_LIMIT) {
      lastMs += 1
      sequence = 0
    }
    return ((BigInt(lastMs - EPOCH_MS) << SEQUENCE_BITS) | BigInt(sequence)).toString()
  }
}
