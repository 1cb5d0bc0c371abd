import type { SessionData, Store } from 'express-session'

import { sha256 } from '../../crypto/random'
import { parseSession } from '../../sessions/parse-session'
import type { SessionStore } from '../../sessions/session-store'
import { callStore } from './call-store'

/**
 * Our own browser sessions by their ids, in the form of express-session. There is no `touch`: a session itself remembers
 * when it was used last, so a request that changes nothing writes nothing. Every method rejects with `store_unavailable`.
 */
export interface StoredSessions {
  find(id: string): Promise<SessionData | undefined>
  put(id: string, session: SessionData): Promise<void>
  /** Puts another in its place, if it is still there, as far as the store can tell. */
  replace(id: string, session: SessionData): Promise<void>
  delete(id: string): Promise<void>
}

/** @param idleMs Life of a session that is not used, in milliseconds. */
export function inOwnStore(store: SessionStore, idleMs: number, now: () => number): StoredSessions {
  const recordOf = (session: SessionData) => ({
    data: JSON.stringify(session),
    expiresAtMs: now() + idleMs,
  })
  return {
    async find(id) {
      const record = await store.find(sha256(id), now())
      return record && (parseSession(record.data) ?? undefined)
    },
    put: (id, session) => store.put(sha256(id), recordOf(session)),
    replace: (id, session) => store.replace(sha256(id), recordOf(session)),
    delete: (id) => store.delete(sha256(id)),
  }
}

/**
 * In any store of express-session.
 *
 * @param limitMs Longest time one call may take, in milliseconds; undefined: the store keeps limits of its own.
 */
export function inExpressStore(store: Store, limitMs: number | undefined): StoredSessions {
  async function put(id: string, session: SessionData): Promise<void> {
    await callStore((done) => store.set(id, session, done), limitMs)
  }
  return {
    find: async (id) =>
      (await callStore<SessionData | null>(
        (done) =>
          store.get(id, (error, session) => done(isMissing(error) ? undefined : error, session)),
        limitMs,
      )) ?? undefined,
    put,
    replace: put,
    async delete(id) {
      await callStore((done) => store.destroy(id, done), limitMs)
    },
  }
}

/** Stores in files say so of a session that is not there. */
function isMissing(error: unknown): boolean {
  return (error as Partial<NodeJS.ErrnoException> | null | undefined)?.code === 'ENOENT'
}
