import type { Config } from '../config/config'
import { deriveBytes } from '../crypto/sealer'
import { FOREIGN_STORE_MS } from '../http/session/call-store'
import type { OwnSessions } from '../http/session/own-session'
import { inExpressStore, inOwnStore, type StoredSessions } from '../http/session/stored-sessions'
import type { Stores } from './compose-stores'
import { once } from '../lazily'
import type { Parts } from './parts'

/** Browser sessions of our own. What signs their cookies may come from a key file that is read at first use. */
export function composeSessions({ session }: Config, stores: Stores, parts: Parts): OwnSessions {
  const { secret, idleTimeout } = session
  return {
    stored: storedSessions(idleTimeout * 1000, stores, parts),
    secrets: once(() => (secret === undefined ? stores.masterKeys().map(sessionSecret) : [secret])),
  }
}

/** In the store that the host gives, else in Redis, else in the SQL store. */
function storedSessions(
  idleMs: number,
  { store, redis }: Stores,
  { sessionStore, now = Date.now }: Parts,
): StoredSessions {
  if (sessionStore !== undefined) return inExpressStore(sessionStore, FOREIGN_STORE_MS)
  if (redis !== undefined) return inExpressStore(redis.sessions, undefined)
  return inOwnStore(store.sessions, idleMs, now)
}

function sessionSecret(masterKey: string): string {
  return deriveBytes(masterKey, 'session cookies').toString('base64url')
}
