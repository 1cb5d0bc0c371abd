import type { AxiosInstance } from 'axios'
import type { Store } from 'express-session'

import { createAmazonGuard } from './amazon/amazon-guard'
import { buildAuthorizeUrl } from './amazon/build-authorize-url'
import { createConnections } from './amazon/connections'
import { adoptAxios, createAxios } from './amazon/create-axios'
import { buildEndpoints } from './amazon/endpoints'
import { exchangeCode } from './amazon/exchange-code'
import { fetchProfile } from './amazon/fetch-profile'
import { fetchTokenInfo } from './amazon/fetch-token-info'
import { findScopeProblem } from './amazon/scopes'
import { createProxiedConnections } from './amazon/proxied-connections'
import { createAppAdmin, type AppAdmin } from './apps/app-admin'
import { createAppDirectory, type ConfiguredSettings } from './apps/app-directory'
import { createApp, type AppKeys } from './apps/create-app'
import { resealSecrets, type OnProgress, type ResealReport } from './apps/reseal-secrets'
import { checkSealingKeys } from './apps/sealing-keys'
import { createOwnNode, type ServingNode } from './apps/serving-nodes'
import { createAuditTrail } from './audit/audit-trail'
import type { Config } from './config/config'
import { SIGNIN_FAILURE } from './config/schema'
import { configuredSettings } from './config/configured-settings'
import { createSealer, deriveBytes } from './crypto/sealer'
import { AmazonAuthError, toAmazonAuthError } from './errors'
import type { AuthServices, Hooks, Policy } from './http/auth-services'
import { createLimits } from './http/limits/limits'
import { createLoadShedder } from './http/limits/load-shedder'
import { createLoginSlots } from './http/limits/login-slots'
import { reviewLog } from './http/review-log'
import { FOREIGN_STORE_MS } from './http/session/call-in-time'
import {
  createSessionMiddlewares,
  type OwnSessionOptions,
  type SessionMiddlewares,
} from './http/session/own-session'
import { SessionStoreAdapter } from './http/session/session-store-adapter'
import type { Logger } from './logger'
import { createMetrics, type Metrics } from './metrics/metrics'
import { loadRedis } from './store/drivers'
import { describeKeySource, getMasterKeys } from './store/master-key'
import type { Redis } from './store/redis/open-redis'
import { openSqlStore } from './store/sql/open-sql-store'
import { BITE_ROWS, PURGE_EVERY_MS, startPurge } from './store/start-purge'
import { createUserAdmin } from './users/user-admin'
import { upsertUser } from './users/upsert-user'
import { createUserIds } from './users/user-id'

/** What cannot be written in a configuration file. */
export interface Parts {
  readonly logger: Logger
  /** HTTP client for Amazon; default: one of our own with kept-alive connections. */
  readonly axios?: AxiosInstance
  /** Any store of express-session; default: the SQL store. */
  readonly sessionStore?: Store
  readonly hooks?: Hooks
  /** Whether a host has a page for failed sign-ins at the very path that is the default. */
  readonly hasFailurePage?: boolean
  /** What people tell this process by. Undefined: it serves nobody, as a command of an operator. */
  readonly servesAs?: string
  /** Milliseconds since 1970. */
  readonly now?: () => number
}

/** Everything that runs, put together from a configuration. */
export interface Composition {
  readonly services: AuthServices
  readonly admin: AppAdmin
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
  close(): Promise<void>
}

/** How long a node may go on with settings that another has changed: short of 2 s, by which they are to be in force. */
const APP_CACHE_TTL_MS = 1_800
const LOGIN_DEADLINE_MS = 10_000
/** What was used once is remembered for longer than it is good, as the clock of another node may be behind. */
const CLOCK_MARGIN_MS = 60_000
/** Each says every ten minutes that it is there. */
const NODE_SEEN_WITHIN_MS = 2 * PURGE_EVERY_MS + CLOCK_MARGIN_MS

/** The one place that picks implementations. Opens nothing by itself. */
export function compose(config: Config, parts: Parts): Composition {
  const now = parts.now ?? Date.now
  const store = openSqlStore({ ...config.store, logger: parts.logger })
  const redis = connectRedis(config, parts.logger)
  let mayMakeKey = false
  const keySource = { secretKeys: config.secretKeys, storeUrl: config.store.url }
  const masterKeys = once(() => getMasterKeys({ ...keySource, mayCreate: mayMakeKey }))
  const secretSealer = createSealer(masterKeys, 'secrets at rest')
  const configured: ConfiguredSettings = (appId) => configuredSettings(config, appId)
  const apps = createAppDirectory({
    store: store.apps,
    sealer: secretSealer,
    rootId: config.appName,
    rootSecret: config.rootSecretKey,
    configured,
    cacheTtlMs: APP_CACHE_TTL_MS,
    changes: redis?.changes ?? store.changes,
  })
  const appDeps = { store: store.apps, sealer: secretSealer }
  const ownNode =
    parts.servesAs === undefined
      ? undefined
      : createOwnNode(parts.servesAs, { store: store.servingNodes, sealer: secretSealer, now })
  let firstKeys: AppKeys | undefined
  let isDraining = false
  const opening = retryable(async () => {
    await Promise.all([store.ready(), redis?.ready()])
    mayMakeKey = (await store.sealingKeys.list()).length === 0
    await checkSealingKeys(secretSealer, store.sealingKeys, describeKeySource(keySource))
    firstKeys ??= await addConfiguredApps(config, { ...appDeps, nowMs: now() })
    purge.wake()
    // A store that takes no writes still signs in whom it knows.
    await ownNode?.note().catch((cause: unknown) => parts.logger.debug({ cause }, NOT_NOTED))
  })
  const admin = createAppAdmin({
    apps,
    ...appDeps,
    configured,
    onReview: reviewLog(parts.logger),
    now,
    hasFixedRootSecret: config.rootSecretKey !== undefined,
    async onDeleted() {
      await store.apps.removeDeleted(BITE_ROWS)
      purge.wake()
    },
  })
  const metrics = createMetrics()
  const retentionMs = config.audit.retentionSeconds * 1000
  const audit = createAuditTrail({
    store: retentionMs > 0 ? store.audit : undefined,
    logger: parts.logger,
    onDropped: (count) => metrics.countDroppedEvents(count),
  })
  const purge = startPurge(
    [
      (limit) => store.sessions.deleteExpired(now(), limit),
      (limit) => store.audit.deleteBefore(now() - retentionMs, limit),
      (limit) => store.apps.removeDeleted(limit),
      (limit) => store.singleUse.deleteExpired(now() - CLOCK_MARGIN_MS, limit),
      async (limit) => {
        await ownNode?.note()
        return store.servingNodes.deleteSeenBefore(now() - NODE_SEEN_WITHIN_MS, limit)
      },
    ],
    parts.logger,
  )
  const policy = policyOf(config, parts)
  const sessionStore =
    parts.sessionStore ??
    redis?.sessions ??
    new SessionStoreAdapter(store.sessions, policy.sessionLimits.idleMs, now)
  const storeLimitMs = parts.sessionStore && FOREIGN_STORE_MS
  const upsertDeps = { users: store.users, nextUserId: createUserIds(), now }
  const services: AuthServices = {
    ready: opening,
    apps,
    users: store.users,
    upsertUser: (app, details, options) => upsertUser(app.id, details, options, upsertDeps),
    amazon: countCalls(connectAmazon(config, parts), metrics),
    transactionSealer: createSealer(masterKeys, 'login transactions'),
    sessions: lazySessions(config, { store: sessionStore, storeLimitMs }, masterKeys),
    admin,
    userAdmin: createUserAdmin(store.users, now),
    audit,
    metrics,
    limits: createLimits(config.limits, now, redis?.countTogether),
    singleUse: store.singleUse,
    load: createLoadShedder(parts.logger),
    loginSlots: createLoginSlots(parts.logger),
    isHealthy: () => store.isHealthy(),
    isDraining: () => isDraining,
    policy,
    hooks: parts.hooks ?? {},
    logger: parts.logger,
    now,
  }
  return {
    services,
    admin,
    ready: opening,
    firstKeys: () => firstKeys,
    resealSecrets: (onProgress) =>
      resealSecrets({ ...appDeps, keys: store.sealingKeys }, onProgress),
    async nodesWithoutKey() {
      const [firstKey] = secretSealer.keyIds()
      const nodes = await store.servingNodes.listSeenSince(now() - NODE_SEEN_WITHIN_MS)
      return nodes.filter(({ keyIds }) => !keyIds.includes(firstKey))
    },
    drain: () => void (isDraining = true),
    async close() {
      await purge.close()
      services.load.stop()
      await audit.close()
      await ownNode?.forget().catch((cause: unknown) => parts.logger.debug({ cause }, NOT_NOTED))
      await Promise.all([store.close(), redis?.close()])
    },
  }
}

const NOT_NOTED = 'the store does not know whether this process serves'

/** What nodes share beside the store, if they do. */
function connectRedis({ appName, session }: Config, logger: Logger): Redis | undefined {
  const { storeUrl: url, idleTimeoutSeconds: idleSeconds } = session
  return url === undefined
    ? undefined
    : loadRedis().openRedis({ url, name: appName, idleSeconds, logger })
}

/**
 * Adds the root app and those of the configuration, as far as they are not there.
 *
 * @returns The root app's keys, when it was added with a secret of its own making.
 */
async function addConfiguredApps(
  config: Config,
  deps: Parameters<typeof createApp>[1],
): Promise<AppKeys | undefined> {
  for (const name of Object.keys(config.apps)) await addApp({ name }, deps)
  const secret = config.rootSecretKey
  const keys = await addApp({ name: config.appName, ...(secret !== undefined && { secret }) }, deps)
  return secret === undefined ? keys : undefined
}

async function addApp(
  app: { readonly name: string; readonly secret?: string },
  deps: Parameters<typeof createApp>[1],
): Promise<AppKeys | undefined> {
  try {
    return await createApp(app, deps)
  } catch (error) {
    if (error instanceof AmazonAuthError && error.code === 'app_exists') return undefined
    throw error
  }
}

function connectAmazon(config: Config, { axios, logger }: Parts): AuthServices['amazon'] {
  const endpoints = buildEndpoints(config.amazon.authorizeUrl, config.amazon.apiUrl)
  const { proxy, unusedProxy } = config.amazon
  const connections = proxy === undefined ? createConnections() : createProxiedConnections(proxy)
  if (axios !== undefined && proxy !== undefined) logger.warn({}, PROXY_UNUSED)
  const scopeProblem = findScopeProblem(config.amazon.scope)
  if (scopeProblem !== undefined) logger.warn({}, `amazon.scope: ${scopeProblem}`)
  const ofHost = axios && adoptAxios(axios)
  const http = {
    pooled: ofHost ?? createAxios(connections, 'any'),
    fresh: ofHost ?? createAxios(connections, 'short'),
    timeoutMs: config.amazon.timeoutMs,
    guard: createAmazonGuard(logger),
    endpoints,
    route: { via: proxy && new URL(proxy).host, unusedProxy },
  }
  return {
    authorizeUrl: (request) => buildAuthorizeUrl(endpoints.authorize, request),
    exchangeCode: (grant, call) => exchangeCode(grant, http, call),
    fetchProfile: (accessToken, call) => fetchProfile(accessToken, http, call),
    fetchTokenInfo: (accessToken, call) => fetchTokenInfo(accessToken, http, call),
  }
}

const PROXY_UNUSED =
  'amazon.proxy has no effect, since the option axios takes the place of our own client: set its proxy there'

function countCalls(amazon: AuthServices['amazon'], metrics: Metrics): AuthServices['amazon'] {
  async function counted<T>(endpoint: string, answer: Promise<T>): Promise<T> {
    try {
      const result = await answer
      metrics.countAmazonRequest(endpoint, 'ok')
      return result
    } catch (error) {
      metrics.countAmazonRequest(endpoint, toAmazonAuthError(error).code)
      throw error
    }
  }
  return {
    ...amazon,
    exchangeCode: (...call) => counted('token', amazon.exchangeCode(...call)),
    fetchProfile: (...call) => counted('profile', amazon.fetchProfile(...call)),
    fetchTokenInfo: (...call) => counted('tokeninfo', amazon.fetchTokenInfo(...call)),
  }
}

/** express-session wants its secret when it is made; ours may come from a key file that is read at first use. */
function lazySessions(
  config: Config,
  store: Pick<OwnSessionOptions, 'store' | 'storeLimitMs'>,
  masterKeys: () => readonly string[],
): SessionMiddlewares {
  const create = once(() =>
    createSessionMiddlewares({
      ...store,
      cookieName: config.session.cookieName,
      secrets:
        config.session.secret === undefined
          ? masterKeys().map(sessionSecret)
          : [config.session.secret],
      absoluteMs: config.session.absoluteTimeoutSeconds * 1000,
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

function policyOf(config: Config, { hasFailurePage = false }: Parts): Policy {
  const { security, session } = config
  const isNowhere = !hasFailurePage && security.signinFailure === SIGNIN_FAILURE
  return {
    publicUrl: config.publicUrl,
    scope: config.amazon.scope,
    strict: security.strict,
    linkByEmail: security.linkByEmail,
    signinFailure: isNowhere ? undefined : security.signinFailure,
    returntoCookie: config.returntoCookie,
    idTokenTtlSeconds: config.idTokenExpiresAfter,
    sessionTokenTtlSeconds: config.jwtExpiresAfter,
    oneSessionPerUser: config.oneSessionPerUser,
    sessionLimits: {
      idleMs: session.idleTimeoutSeconds * 1000,
      absoluteMs: session.absoluteTimeoutSeconds * 1000,
    },
    cookies: { session: session.cookieName, login: session.loginCookieName },
    keepsSession: session.keep,
    corsOrigins: security.corsOrigins,
    loginDeadlineMs: LOGIN_DEADLINE_MS,
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}

/** Runs work once; when it fails, the next call tries again. */
function retryable(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  return () => {
    running ??= work().catch((error: unknown) => {
      running = undefined
      throw error
    })
    return running
  }
}
