import { createOwnNode, type ServingNode } from '../apps/serving-nodes'
import type { Config } from '../config/config'
import { SPAN_MS, SPANS, type Span } from '../stats/span'
import { PURGE_EVERY_MS, startPurge, type Bite } from '../store/start-purge'
import type { Stores } from './compose-stores'
import type { Parts } from './parts'

/** What is done to the store beside all requests: this process is noted there, and what has had its time is removed. */
export interface Upkeep {
  /** The store is open. */
  begin(): Promise<void>
  /** Much is to be removed. */
  wake(): void
  /** Processes that serve from the store, seen lately, and cannot open what is sealed with the first master key. */
  nodesWithoutKey(): Promise<readonly ServingNode[]>
  /** What was under way is finished. */
  end(): Promise<void>
}

/** What was used once is remembered for longer than it is good, as the clock of another node may be behind. */
const CLOCK_MARGIN_MS = 60_000
/** By then every node has written what it knew of a user who has been deleted. */
const LATE_EVENTS_MS = 60_000
/** A device that comes late is told that its code has expired, rather than that there is none. */
const DEVICE_KNOWN_MS = 600_000
/** Charts of an hour are by minutes, those of a day by hours; what is older than this is told by days alone. */
const SPAN_KEPT_MS: Readonly<Record<Span, number>> = {
  minute: 2 * SPAN_MS.day,
  hour: 62 * SPAN_MS.day,
  day: Infinity,
}
/** Each says every ten minutes that it is there. */
const NODE_SEEN_WITHIN_MS = 2 * PURGE_EVERY_MS + CLOCK_MARGIN_MS

const NOT_NOTED = 'the store does not know whether this process serves'

export function composeUpkeep(
  config: Config,
  { store, sealer }: Pick<Stores, 'store' | 'sealer'>,
  { logger, servesAs, now = Date.now }: Parts,
  /** What a process removes that serves. */
  more: readonly Bite[] = [],
): Upkeep {
  const node =
    servesAs === undefined
      ? undefined
      : createOwnNode(servesAs, { store: store.servingNodes, sealer, now })
  const retentionMs = config.audit.retention * 1000
  const purge = startPurge(
    [
      (limit) => store.sessions.deleteExpired(now(), limit),
      (limit) => store.audit.deleteBefore(now() - retentionMs, limit),
      ...SPANS.map((span): Bite => (limit) => {
        const keptMs = Math.min(config.stats.retention * 1000, SPAN_KEPT_MS[span])
        return store.stats.deleteBefore(span, now() - keptMs, limit)
      }),
      (limit) => store.apps.removeDeleted(limit),
      (limit) => store.userTraces.eraseDeleted(now() - LATE_EVENTS_MS, limit),
      (limit) => store.singleUse.deleteExpired(now() - CLOCK_MARGIN_MS, limit),
      (limit) => store.devices.deleteExpired(now() - DEVICE_KNOWN_MS, limit),
      (limit) => store.bulk.removeOld(now(), limit),
      (limit) => store.webhooks.removeDeleted(limit),
      (limit) => store.deliveries.deleteDoneBefore(now() - config.webhooks.retention * 1000, limit),
      async (limit) => {
        await node?.note()
        return store.servingNodes.deleteSeenBefore(now() - NODE_SEEN_WITHIN_MS, limit)
      },
      // The configuration of a command need not be that of the servers.
      ...(servesAs === undefined ? [] : more),
    ],
    logger,
  )
  /** A store that takes no writes still signs in whom it knows. */
  const tell = (cause: unknown): void => logger.debug({ cause }, NOT_NOTED)
  return {
    async begin() {
      purge.wake()
      await node?.note().catch(tell)
    },
    wake: () => purge.wake(),
    async nodesWithoutKey() {
      const [firstKey] = sealer.keyIds()
      const nodes = await store.servingNodes.listSeenSince(now() - NODE_SEEN_WITHIN_MS)
      return nodes.filter(({ keyIds }) => !keyIds.includes(firstKey))
    },
    async end() {
      await purge.close()
      await node?.forget().catch(tell)
    },
  }
}
