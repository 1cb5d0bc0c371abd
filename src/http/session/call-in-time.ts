import { AmazonAuthError } from '../../errors'

/** As stores of express-session call back. */
export type Done<T> = (error: unknown, result?: T) => void

/** So that a visitor is answered within a second, whatever the store does. */
export const FOREIGN_STORE_MS = 750

/**
 * Lets a store of express-session do something, and calls back once: also when it throws, rejects, calls back twice or
 * (with a limit) never.
 *
 * @param limitMs Undefined: it is known to call back.
 */
export function callInTime<T>(
  work: (done: Done<T>) => unknown,
  limitMs: number | undefined,
  callback: Done<T>,
): void {
  let isOver = false as boolean
  const finish: Done<T> = (error, result) => {
    if (isOver) return
    isOver = true
    clearTimeout(timer)
    callback(error, result)
  }
  const timer = limitMs === undefined ? undefined : setTimeout(() => finish(late(limitMs)), limitMs)
  try {
    const working = work(finish)
    if (working instanceof Promise) working.catch(finish)
  } catch (error) {
    // What the callback itself has thrown is none of the store's.
    if (isOver) throw error
    finish(error)
  }
}

function late(limitMs: number): AmazonAuthError {
  return new AmazonAuthError('store_unavailable', { store: 'session store', silentForMs: limitMs })
}
