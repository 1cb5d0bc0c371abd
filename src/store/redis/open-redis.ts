import type { Store } from 'express-session'

import type { AppChanges } from '../../apps/app-changes'
import type { Logger } from '../../logger'
import { keepConnected } from './keep-connected'
import { redisAppChanges } from './redis-app-changes'
import { redisCount, type RedisCount } from './redis-count'
import { redisSessions } from './redis-sessions'

/** What nodes share over Redis. Everything goes on without it, but for browser sessions. */
export interface Redis {
  /** Fails with `store_unavailable` while Redis is gone. */
  readonly sessions: Store
  readonly countTogether: RedisCount
  readonly changes: AppChanges
  /** Begins to connect, and waits until the first try has ended, well or not. Never rejects. */
  ready(): Promise<void>
  close(): Promise<void>
}

/**
 * Opens nothing before `ready`.
 *
 * @param options.name Begins all keys, so that installations can share a Redis.
 * @param options.idleSeconds Life of a session that is not used, in seconds.
 */
export function openRedis(options: {
  readonly url: string
  readonly name: string
  readonly idleSeconds: number
  readonly logger: Logger
}): Redis {
  const prefix = `amazon-auth:${options.name}:`
  const link = keepConnected({ ...options, purpose: 'sessions and limits' })
  const changes = redisAppChanges({ ...options, prefix, link })
  return {
    sessions: redisSessions(link, { ...options, prefix }),
    countTogether: redisCount(link, prefix),
    changes,
    async ready() {
      await Promise.all([link.ready(), changes.listening.ready()])
    },
    async close() {
      await Promise.all([link.close(), changes.listening.close()])
    },
  }
}
