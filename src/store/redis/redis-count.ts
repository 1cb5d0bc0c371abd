import { RateLimiterRedis } from 'rate-limiter-flexible'

import type { RedisLink } from './keep-connected'

/**
 * Counts one more of a name in this minute, for all nodes.
 *
 * @returns How many there are, and how long the minute still lasts in milliseconds; undefined: Redis is gone.
 */
export type RedisCount = (
  name: string,
) => Promise<{ readonly count: number; readonly leftMs: number } | undefined>

const MINUTE_SECONDS = 60

export function redisCount(link: RedisLink, prefix: string): RedisCount {
  const counter = new RateLimiterRedis({
    storeClient: {
      eval: (script: string, values: { keys: string[]; arguments: string[] }) =>
        link.run((client) => client.eval(script, values)),
    },
    useRedisPackage: true,
    keyPrefix: `${prefix}minute`,
    duration: MINUTE_SECONDS,
    // It only counts: what is too many is decided where the count is used.
    points: 1,
  })
  return async (name) => {
    const minute = await counter.penalty(name).catch(() => undefined)
    return minute && { count: minute.consumedPoints, leftMs: minute.msBeforeNext }
  }
}
