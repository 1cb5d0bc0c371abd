import { Store, type SessionData } from 'express-session'

/**
 * A store of its own for each express-session: it writes its cookie options into the store it is given, so two that
 * share one would send each other's.
 */
export class DetachedStore extends Store {
  constructor(private readonly inner: Store) {
    super()
  }

  override get(id: string, callback: (error: unknown, session?: SessionData | null) => void): void {
    this.inner.get(id, callback)
  }

  override set(id: string, session: SessionData, callback?: (error?: unknown) => void): void {
    this.inner.set(id, session, callback)
  }

  override destroy(id: string, callback?: (error?: unknown) => void): void {
    this.inner.destroy(id, callback)
  }
}
