import { LRUCache } from 'lru-cache'

import type { Logger } from '../logger'

/** @param appId Undefined: it is about no app in particular. */
export type WarnOnce = (
  logger: Logger,
  appId: string | undefined,
  message: string,
  facts?: object,
) => void

/** Bounds the memory; what was said longest ago may be said again. */
const MAX_WARNINGS = 1_000

/** Logs each warning (about an app) the first time only. */
export function createWarnOnce(): WarnOnce {
  const said = new LRUCache<string, true>({ max: MAX_WARNINGS })
  return (logger, appId, message, facts) => {
    const name = `${appId ?? ''} ${message}`
    if (said.has(name)) return
    said.set(name, true)
    logger.warn({ app: appId, ...facts }, message)
  }
}
