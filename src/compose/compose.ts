import type { AppKeys } from '../apps/create-app'
import { resealSecrets, type OnProgress, type ResealReport } from '../apps/reseal-secrets'
import type { ServingNode } from '../apps/serving-nodes'
import { createAuditFeed } from '../audit/audit-feed'
import { createAuditTrail } from '../audit/audit-trail'
import type { Config } from '../config/config'
import { createSealer } from '../crypto/sealer'
import { createEventHub } from '../events/event-hub'
import type { AuthServices } from '../http/auth-services'
import { createDownloads } from '../http/limits/downloads'
import { createLimits } from '../http/limits/limits'
import { createLoadShedder } from '../http/limits/load-shedder'
import { createLoginSlots } from '../http/limits/login-slots'
import { createRemovalOfUnkept } from '../kept-tokens/remove-unkept'
import { resealWebhooks } from '../webhooks/reseal-webhooks'
import { resealTokens } from '../kept-tokens/reseal-tokens'
import { createMetrics } from '../metrics/metrics'
import { untilItWorks } from '../lazily'
import { createStats } from '../stats/create-stats'
import { createTracing } from '../telemetry/create-tracing'
import type { RelinkStore } from '../users/relink'
import { foreseeUser } from '../users/foresee-user'
import { createUserAdmin } from '../users/user-admin'
import { createUserIds } from '../users/user-id'
import { upsertUser } from '../users/upsert-user'
import { composeAmazon } from './compose-amazon'
import { composeApps } from './compose-apps'
import { composeBulk } from './compose-bulk'
import { composeDoctor } from './compose-doctor'
import { composeKeptTokens } from './compose-kept-tokens'
import { composeDevices } from './compose-devices'
import { composePolicy } from './compose-policy'
import { composeSessions } from './compose-sessions'
import { composeStores, type Stores } from './compose-stores'
import { composeUpkeep } from './compose-upkeep'
import { composeWebhooks } from './compose-webhooks'
import type { Parts } from './parts'
import { createUserLife } from './user-life'

/** Everything that runs, put together from a configuration. */
export interface Composition {
  readonly services: AuthServices
  readonly relinking: RelinkStore
  /** Reads an app anew, here and on all other nodes, as the host has changed it. */
  forgetApp(appId: string): void
  /** Opens the store; safe to call often. Rejects with `store_unavailable`, and may be tried again. */
  ready(): Promise<void>
  /** The root app's keys, if this start has made them: to be shown once. Ready first. */
  firstKeys(): AppKeys | undefined
  /** Seals every stored secret with the first master key. Ready first. */
  resealSecrets(onProgress: OnProgress): Promise<ResealReport>
  /** Processes that serve from the store, seen lately, and cannot open what is sealed with the first master key. Ready first. */
  nodesWithoutKey(): Promise<readonly ServingNode[]>
  /** Tells those who ask that no more visitors should be sent here. Everything is still answered. */
  drain(): void
  /** Writes what is known of sign-ins and waits to be written. */
  flush(): Promise<void>
  close(): Promise<void>
}

/** The one place that picks implementations, an area at a time. Opens nothing by itself. */
export function compose(config: Config, parts: Parts): Composition {
  const { logger, hooks = {}, events = createEventHub(parts.logger), now = Date.now } = parts
  const life = createUserLife(events)
  const tracing = createTracing(logger)
  const stores = composeStores(config, tracing, parts)
  const { store, redis, sealer } = stores
  const { lacks } = store
  const isAuditKept = config.audit.retention > 0 && !lacks.has('audit')
  const areSumsKept = config.stats.retention > 0 && !lacks.has('stats')
  const upkeep = composeUpkeep(config, stores, parts, [
    (limit) => removeUnkept(limit),
    () => webhooks.look(),
  ])
  const apps = composeApps(config, stores, { upkeep, events }, parts)
  const metrics = createMetrics(parts.metrics)
  const audit = createAuditTrail({
    store: store.audit,
    keeps: { events: isAuditKept, sums: areSumsKept },
    logger,
    ...(parts.logLogin && { logEvent: parts.logLogin }),
    onDropped: (count) => metrics.countDroppedEvents(count),
  })
  const amazon = composeAmazon(config, { metrics, tracing }, parts)
  const policy = composePolicy(config, parts)
  const { directory } = apps
  const webhooks = composeWebhooks(config, stores, { directory, metrics, tracing }, parts)
  const bulk = composeBulk(config, stores, parts, {
    life,
    onWritten: (appId) => webhooks.wake(appId),
  })
  const told = { amazon, metrics, audit, tracing, webhooks, events, life }
  const keptTokens = composeKeptTokens(config, stores, told, parts)
  const removeUnkept = createRemovalOfUnkept(
    store.keptTokens,
    (appId) => apps.directory.find(appId),
    (app) => keptTokens.isOnFor(app),
  )
  const load = createLoadShedder(logger)
  const upsertDeps = {
    users: webhooks.users,
    tell: webhooks.tell,
    nextUserId: createUserIds(),
    now,
    onUntold: (app: string, cause: unknown) =>
      logger.warn({ app, cause }, 'user.signed_in is lost: it cannot be stored'),
    life,
  }
  const auditFeed = createAuditFeed({ history: store.auditHistory, now })
  let isDraining = false
  const ready = untilItWorks(async () => {
    await stores.open()
    await apps.addConfigured()
    await upkeep.begin()
    if (parts.servesAs !== undefined) bulk.resume()
    // Before the first visitor comes, who would wait for it.
    if (parts.servesAs !== undefined) {
      amazon.load()
      await webhooks.look()
    }
  })
  return {
    services: {
      ready,
      apps: apps.directory,
      users: store.users,
      upsertUser: (app, details, options) => upsertUser(app.id, details, options, upsertDeps),
      foreseeUser: (app, details, options) => foreseeUser(app.id, details, options, upsertDeps),
      amazon,
      keptTokens,
      browserSealer: createSealer(stores.masterKeys, 'login transactions'),
      sessions: composeSessions(config, stores, parts),
      admin: apps.admin,
      adminSessions: store.sessions,
      downloads: createDownloads(),
      bulk,
      userAdmin: createUserAdmin({
        users: webhooks.users,
        traces: store.userTraces,
        history: store.auditHistory,
        now,
        onUnlinked: (appId, userId) => store.keptTokens.delete({ appId, userId }),
        life,
      }),
      audit,
      events,
      stats: createStats(store.stats, now, areSumsKept),
      auditHistory: store.auditHistory,
      auditFeed,
      isAuditKept: isAuditKept && !lacks.has('auditHistory'),
      lacks: (part) => lacks.has(part),
      loginFailures: webhooks.loginFailures,
      webhooks: webhooks.admin,
      metrics,
      tracing,
      limits: createLimits(config.limits, now, redis?.countTogether),
      singleUse: store.singleUse,
      devices: composeDevices(config, stores, parts),
      load,
      loginSlots: createLoginSlots(logger),
      doctor: composeDoctor(config, { stores, apps, upkeep, amazon, policy }, parts),
      isHealthy: () => store.isHealthy(),
      isDraining: () => isDraining,
      policy,
      hooks,
      logger,
      now,
    },
    relinking: store.relinking,
    forgetApp: (appId) => apps.forget(appId),
    ready,
    firstKeys: () => apps.firstKeys(),
    resealSecrets: (onProgress) =>
      resealSecrets(
        {
          store: store.apps,
          sealer,
          keys: store.sealingKeys,
          resealMore: () => resealMore(stores),
        },
        onProgress,
      ),
    nodesWithoutKey: () => upkeep.nodesWithoutKey(),
    drain() {
      isDraining = true
      // Whoever follows goes on at another node.
      auditFeed.close()
    },
    async flush() {
      await Promise.all([audit.flush(), webhooks.loginFailures.flush()])
    },
    async close() {
      auditFeed.close()
      await Promise.all([upkeep.end(), bulk.close()])
      load.stop()
      await webhooks.close()
      await audit.flush()
      await stores.close()
    },
  }
}

/** What is sealed beside apps and their settings. */
async function resealMore({ store, sealer }: Stores): ReturnType<typeof resealTokens> {
  const tokens = await resealTokens(store.keptTokens, sealer)
  const webhooks = await resealWebhooks(store.webhooks, sealer)
  return {
    resealed: tokens.resealed + webhooks.resealed,
    unreadable: [...tokens.unreadable, ...webhooks.unreadable],
  }
}
