import { Store, type SessionData } from 'express-session'

import { sha256 } from '../../crypto/random'
import { parseSession } from '../../sessions/parse-session'
import type { SessionStore } from '../../sessions/session-store'

/**
 * Lets express-session keep its sessions in ours. There is no `touch`: the session itself remembers when it was used
 * last, so a request that changes nothing writes nothing.
 */
export class SessionStoreAdapter extends Store {
  constructor(
    private readonly sessions: SessionStore,
    /** Life of a session that is not used, in milliseconds. */
    private readonly idleMs: number,
    private readonly now: () => number,
  ) {
    super()
  }

  override get(id: string, callback: (error: unknown, session?: SessionData | null) => void): void {
    answer(this.find(id), callback)
  }

  override set(id: string, session: SessionData, callback?: (error?: unknown) => void): void {
    const record = { data: JSON.stringify(session), expiresAtMs: this.now() + this.idleMs }
    answer(this.sessions.put(sha256(id), record), callback)
  }

  override destroy(id: string, callback?: (error?: unknown) => void): void {
    answer(this.sessions.delete(sha256(id)), callback)
  }

  private async find(id: string): Promise<SessionData | null> {
    const record = await this.sessions.find(sha256(id), this.now())
    return record === undefined ? null : parseSession(record.data)
  }
}

function answer<T>(
  work: Promise<T>,
  callback: ((error: unknown, result?: T) => void) | undefined,
): void {
  work.then(
    (result) => callback?.(null, result),
    (error: unknown) => callback?.(error),
  )
}
