import type { Logger } from '../logger'
import type { DeliveryStore } from './delivery'
import type { WebhookKey } from './webhook'

export interface BacklogDeps {
  readonly deliveries: Pick<DeliveryStore, 'countWaiting' | 'giveUpBefore'>
  /** Events that may wait for one endpoint. */
  readonly maxWaiting: number
  readonly logger: Logger
  readonly now: () => number
  readonly onGivenUp: (count: number) => void
}

/** Given up in one bite. */
const BITE = 100

/**
 * Gives up the oldest of what waits for an endpoint, where it is more than may wait: what is newer tells more of how users are.
 * Beside all sign-ins, which neither count nor wait for it.
 *
 * @param isOver Whether this process ends.
 * @throws {AmazonAuthError} `store_unavailable`
 */
export async function boundBacklog(
  key: WebhookKey,
  { deliveries, maxWaiting, logger, now, onGivenUp }: BacklogDeps,
  isOver: () => boolean,
): Promise<void> {
  const { edge } = await deliveries.countWaiting(key, maxWaiting)
  if (edge === undefined) return
  let count = 0
  for (let given = BITE; given === BITE && !isOver(); count += given) {
    given = await deliveries.giveUpBefore(key, edge, now(), BITE)
  }
  if (count === 0) return
  onGivenUp(count)
  const facts = { app: key.appId, webhook: key.id, count, maxWaiting }
  logger.warn(facts, 'too many events wait for a webhook: the oldest are given up')
}
