import { RedisStore } from 'connect-redis'
import type { SessionData } from 'express-session'

import { sha256 } from '../../crypto/random'
import { parseSession } from '../../sessions/parse-session'
import type { RedisLink } from './keep-connected'

type Callback = (error?: unknown, session?: SessionData | null) => void

/** connect-redis under hashed ids, so that a copy of Redis opens no session. */
class HashedRedisStore extends RedisStore {
  override get(id: string, callback: Callback): Promise<void> {
    return super.get(sha256(id), callback)
  }

  override set(id: string, session: SessionData, callback?: Callback): Promise<void> {
    return super.set(sha256(id), session, callback)
  }

  override destroy(id: string, callback?: Callback): Promise<void> {
    return super.destroy(sha256(id), callback)
  }
}

/**
 * Browser sessions in Redis. Its methods fail with `store_unavailable`.
 *
 * @param options.idleSeconds Life of a session that is not used, in seconds.
 */
export function redisSessions(
  link: RedisLink,
  { prefix, idleSeconds }: { readonly prefix: string; readonly idleSeconds: number },
): RedisStore {
  return new HashedRedisStore({
    client: {
      get: (key: string) => link.run((client) => client.get(key)),
      set: (key: string, text: string, life: { expiration: { type: 'EX'; value: number } }) =>
        link.run((client) => client.set(key, text, life)),
      del: (keys: string[]) => link.run((client) => client.del(keys)),
    },
    prefix: `${prefix}session:`,
    serializer: { parse: parseSession as (text: string) => SessionData, stringify: JSON.stringify },
    ttl: () => idleSeconds,
    disableTouch: true,
  })
}
