/** What {@link withDeadline} rejects with. */
export class LateError extends Error {
  override readonly name = 'LateError'
}

/**
 * Waits for work, but not for ever. What comes later is thrown away.
 *
 * @throws {LateError} It has taken longer than `ms` milliseconds.
 */
export function withDeadline<T>(work: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    // When this process was busy for so long, the answer may lie in the socket, unread: that is read first.
    const timer = setTimeout(() => setImmediate(() => reject(new LateError())), ms)
    work.finally(() => clearTimeout(timer)).then(resolve, reject)
  })
}
