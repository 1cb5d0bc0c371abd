import { toUserJson } from '../users/user-json'
import type { Delivery } from './delivery'

/**
 * The body of an event, as it travels: the same at each attempt.
 *
 * Of a user who is deleted nothing is told but the id, which leads to nobody.
 */
export function buildPayload({ type, atMs, appId, userId, user, detail }: Delivery): string {
  const gone = { id: userId, type: 'user', appid: appId }
  const told = user === undefined ? gone : toUserJson({ ...user, tokenSecret: '', sessionEpoch: 0 })
  return JSON.stringify({
    type,
    timestamp: new Date(atMs).toISOString(),
    data: { appid: appId, ...(userId !== undefined && { user: told }), ...detail },
  })
}
