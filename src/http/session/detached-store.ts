import { Store, type SessionData } from 'express-session'

import { callInTime } from './call-in-time'

/**
 * A store of its own for each express-session: it writes its cookie options into the store it is given, so two that
 * share one would send each other's.
 */
export class DetachedStore extends Store {
  /** @param limitMs Longest time one call may take, in milliseconds; undefined: the store keeps limits of its own. */
  constructor(
    private readonly inner: Store,
    private readonly limitMs: number | undefined,
  ) {
    super()
  }

  override get(id: string, callback: (error: unknown, session?: SessionData | null) => void): void {
    callInTime<SessionData | null>((done) => this.inner.get(id, done), this.limitMs, callback)
  }

  override set(
    id: string,
    session: SessionData,
    callback: (error?: unknown) => void = ignore,
  ): void {
    callInTime((done) => this.inner.set(id, session, done), this.limitMs, callback)
  }

  override destroy(id: string, callback: (error?: unknown) => void = ignore): void {
    callInTime((done) => this.inner.destroy(id, done), this.limitMs, callback)
  }
}

function ignore(): void {
  // express-session does not ask.
}
