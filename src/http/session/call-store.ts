import { AmazonAuthError, toStoreError } from '../../errors'

/** As stores of express-session call back. */
export type Done<T> = (error: unknown, result?: T) => void

/** So that a visitor is answered within a second, whatever the store does. */
export const FOREIGN_STORE_MS = 750

/**
 * Lets a store of express-session do something. It may call back, throw, reject, call back twice or (with a limit) never.
 *
 * @param limitMs Undefined: it is known to call back.
 * @throws {AmazonAuthError} `store_unavailable`
 */
export function callStore<T>(
  work: (done: Done<T>) => unknown,
  limitMs: number | undefined,
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const finish: Done<T> = (error, result) => {
      clearTimeout(timer)
      // Some say false.
      if (!error) resolve(result)
      else reject(toStoreError(error))
    }
    const timer =
      limitMs === undefined ? undefined : setTimeout(() => finish(late(limitMs)), limitMs)
    try {
      const working = work(finish)
      if (working instanceof Promise) {
        working.catch((error: unknown) => finish(error ?? new Error('rejected')))
      }
    } catch (error) {
      finish(error)
    }
  })
}

function late(limitMs: number): AmazonAuthError {
  return new AmazonAuthError('store_unavailable', { store: 'session store', silentForMs: limitMs })
}
