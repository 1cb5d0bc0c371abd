import { randomBytes } from '../crypto/random'

const RANDOM_BYTES = 10
const COUNTED = 36 ** 2
let counter = 0

/** A fresh name of an event, without a dot. Ids of a process are in the order in which they are made. */
export function newEventId(nowMs: number): string {
  counter = (counter + 1) % COUNTED
  const time = nowMs.toString(36).padStart(9, '0')
  const place = counter.toString(36).padStart(2, '0')
  return `msg_${time}${place}${randomBytes(RANDOM_BYTES).toString('hex')}`
}
