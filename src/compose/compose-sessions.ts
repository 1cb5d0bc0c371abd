import type { Config } from '../config/config'
import { deriveBytes } from '../crypto/sealer'
import { FOREIGN_STORE_MS } from '../http/session/call-in-time'
import { createSessionMiddlewares, type SessionMiddlewares } from '../http/session/own-session'
import { SessionStoreAdapter } from '../http/session/session-store-adapter'
import type { Stores } from './compose-stores'
import { once } from '../once'
import type { Parts } from './parts'

/**
 * Browser sessions: in the store that the host gives, else in Redis, else in the SQL store. express-session wants its
 * secret when it is made; ours may come from a key file that is read at first use.
 */
export function composeSessions(
  { session }: Config,
  { sql, redis, masterKeys }: Stores,
  { sessionStore, now = Date.now }: Parts,
): SessionMiddlewares {
  const idleMs = session.idleTimeout * 1000
  const store =
    sessionStore ?? redis?.sessions ?? new SessionStoreAdapter(sql.sessions, idleMs, now)
  const create = once(() =>
    createSessionMiddlewares({
      store,
      storeLimitMs: sessionStore && FOREIGN_STORE_MS,
      cookieName: session.cookieName,
      secrets: session.secret === undefined ? masterKeys().map(sessionSecret) : [session.secret],
      absoluteMs: session.absoluteTimeout * 1000,
    }),
  )
  return {
    secure: (req, res, next) => create().secure(req, res, next),
    plain: (req, res, next) => create().plain(req, res, next),
  }
}

function sessionSecret(masterKey: string): string {
  return deriveBytes(masterKey, 'session cookies').toString('base64url')
}
