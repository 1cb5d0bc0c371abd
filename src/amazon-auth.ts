import { setImmediate } from 'node:timers/promises'

import type { AxiosInstance } from 'axios'
import type { Application } from 'express'
import type { Store } from 'express-session'

import { normalizeAppId } from './apps/app-id'
import type { ResealReport } from './apps/reseal-secrets'
import type { FindApp } from './config/read-host-app'
import { isBlank } from './apps/value-formats'
import { compose, type Composition } from './compose/compose'
import { traitsOf } from './compose/host-traits'
import type { Parts } from './compose/parts'
import type { Config } from './config/config'
import { ConfigError } from './config/config-error'
import { findKeylessApps } from './config/keyless-apps'
import { loadConfig } from './config/load-config'
import {
  asObject,
  fail,
  hint,
  inWordsOfOptions,
  overridesFromOptions,
  type ConfigOptions,
} from './config/options'
import { resolveConfig, type LoadedConfig } from './config/resolve-config'
import type { Layer } from './config/sourced'
import { KEYS } from './config/keys'
import { consoleLogger } from './console-logger'
import { describeProcess } from './describe-process'
import type { AuthEventName } from './events/auth-events'
import { chained, createEventHub, type AuthListener } from './events/event-hub'
import { DEFAULT_PAGE } from './doctor/question'
import { reportOnProblems, type Report } from './doctor/report'
import type { SeenExpress } from './doctor/seen'
import { accessTokenOf, type TokenOwner } from './http/access-token-of'
import {
  createAmazonAuthRouter,
  type AmazonAuthRouter,
  type Mounted,
  type RouterOptions,
} from './http/amazon-auth-router'
import type { AuthServices, Hooks } from './http/auth-services'
import { seeExpress } from './http/see-express'
import type { AccessTokenOptions } from './kept-tokens/kept-tokens'
import { PackageError } from './load-package'
import type { Logger } from './logger'
import type { HostMetrics } from './metrics/metrics'
import { redactingLogger } from './redacting-logger'
import { describeKeySource } from './store/master-key'
import { findFlaw, isStore } from './store/own/is-store'
import type { Store as OwnStore } from './store/store'
import { describeStore } from './store/store-url'

/** Options of {@link amazonAuth}: every key of `application.conf`, camel-cased, and what cannot be written in a file. */
export interface AmazonAuthOptions extends Omit<ConfigOptions, 'store' | 'apps'> {
  /**
   * Where everything is kept: a database of ours (`{ url }`), or a store of your own, with `secretKey`. Default:
   * `sqlite:data/amazon-auth.db`.
   *
   * @example store: { url: 'postgres://auth@db.example.com/auth' }
   */
  readonly store?: ConfigOptions['store'] | OwnStore
  /**
   * Child apps by name, made at start when they are not there; or a function that finds one by its id in a database of your
   * own, asked again at most every two seconds for an app that is in use. Undefined: there is no such app.
   * Default: those that are in the store.
   *
   * @example
   * amazonAuth({
   *   apps: async (id) => (await db.tenant(id)) && { azAppId: '…', azSecret: '…', signinSuccess: '/welcome' },
   * })
   */
  readonly apps?: ConfigOptions['apps'] | FindApp
  /** HTTP client for the calls to Amazon, e.g. one that goes through a proxy. Its limits are set per request. Default: one of ours. */
  readonly axios?: AxiosInstance | undefined
  /** Any store of express-session. Default: sessions are kept in the store of users and apps. */
  readonly sessionStore?: Store | undefined
  /** Where the host may step in. Default: nowhere. */
  readonly hooks?: Hooks | undefined
  /** Where the JSON API lies, and whether it serves users and apps. Default: at `/v1`, and not. */
  readonly api?: RouterOptions | undefined
  /** A registry of prom-client in which our series are shown, too. Default: they are at `/v1/_metrics` alone. */
  readonly metrics?: HostMetrics | undefined
  /** Pino, winston or any logger with `debug`, `info`, `warn` and `error`. Default: warnings and errors go to the console. */
  readonly logger?: Logger | undefined
}

/** The middleware, its guards, what listens to it, and a way to wait for it and to end it. */
export interface AmazonAuth extends AmazonAuthRouter {
  /**
   * Reads the configuration and opens the store, which otherwise happens at the first request that needs them.
   *
   * @throws {ConfigError} The file cannot be used. `AmazonAuthError` `store_unavailable`: try again later.
   */
  ready(): Promise<void>
  /**
   * Looks for what keeps logins from working: settings, keys, addresses, the store, Amazon. Changes nothing, but that the
   * store is opened first, as by `ready()`.
   *
   * @returns A line for each check, with the fix; a configuration that cannot be used is such a line, too.
   * @throws {AmazonAuthError} `not_found`: there is no such app. `store_unavailable`
   * @example if (process.env.NODE_ENV !== 'production') console.table((await auth.doctor({ express: app })).results)
   */
  doctor(options?: DoctorOptions): Promise<Report>
  /**
   * An access token of Amazon for a user, for jobs that no request belongs to; for a request there is
   * `req.amazonAuth.accessToken()`, which rejects alike.
   *
   * @param owner.app Id of the app. `owner.userId`: id of the user.
   * @throws {AmazonAuthError} `app_not_found`, too.
   */
  accessToken(owner: TokenOwner, options?: AccessTokenOptions): Promise<string>
  /**
   * Listens to what happens in this process; `AuthEvents` has all names, and what each of them promises. Add listeners
   * once, where the app is set up: nothing that happened before is told. To change or refuse a sign-in, use `hooks`.
   *
   * @param listener Called at once, in the order in which they were added; nobody waits for what it returns. What it throws or
   *   rejects with is logged, and harms nothing.
   * @throws {TypeError} There is no such event.
   * @example auth.on('login', ({ appId, user, isNew }) => isNew && sendWelcome(appId, user.email))
   */
  on<Name extends AuthEventName>(name: Name, listener: AuthListener<Name>): AmazonAuth
  /** As `on`, for the next event alone. */
  once<Name extends AuthEventName>(name: Name, listener: AuthListener<Name>): AmazonAuth
  /** Takes a listener away; does nothing when it is not there. */
  off<Name extends AuthEventName>(name: Name, listener: AuthListener<Name>): AmazonAuth
  /**
   * Writes what is known of sign-ins and waits to be written: the audit trail, figures, events of failures. It is done by itself
   * within two seconds, and by `close()`; where a process may be stopped right behind an answer, as serverless functions are,
   * wait for it before the answer is given. What cannot be written is logged, and never rejects.
   *
   * @throws {ConfigError} The configuration cannot be used.
   * @example await auth.flush()
   */
  flush(): Promise<void>
  /**
   * Has an app of the function `apps` read anew by its next request, on all nodes that hear of changes: call it when you
   * have changed it. Otherwise a change is seen within two seconds.
   *
   * @param id With or without `app:`.
   */
  forgetApp(id: string): Promise<void>
  /**
   * Seals every stored secret with the first of `secretKey`; then the others can be left out. Safe beside servers that
   * run.
   *
   * @throws {AmazonAuthError} `store_unavailable`
   */
  resealSecrets(): Promise<ResealReport>
  /** Closes the store. Call it when the server has stopped. */
  close(): Promise<void>
}

/** What `auth.doctor()` looks at. */
export interface DoctorOptions {
  /** Id of the one app that it is about. Default: the host, and a page of its apps. */
  readonly app?: string | undefined
  /** The Express app that the middleware is mounted in, which tells where, before a request does. Default: that of the first request. */
  readonly express?: Application | undefined
  /** Asks nobody over the network, but the store. Default false. */
  readonly offline?: boolean | undefined
  /** Apps on a page, from 1. Default 20. */
  readonly limit?: number | undefined
  /** Begin behind this app: the `lastKey` of the report before. Default: with the first. */
  readonly lastKey?: string | undefined
}

/** Options that are no configuration. */
const PARTS = ['axios', 'sessionStore', 'hooks', 'api', 'metrics', 'logger'] as const
const HOOKS = [
  'resolveApp',
  'mapProfile',
  'onLogin',
  'onFailure',
] as const satisfies (keyof Hooks)[]
const METRICS_OPTIONS = ['register', 'prefix'] as const satisfies (keyof HostMetrics)[]
const API_OPTIONS = ['path', 'manage'] as const satisfies (keyof RouterOptions)[]

/**
 * Sign in with Amazon for Express: handles `/amazon_auth` and `/amazon_auth/logout` for every app it knows, and sets
 * `req.amazonAuth` and `req.user` on all other requests. Returns at once; nothing is opened before it is needed.
 *
 * @param options Code wins over environment variables (`para_az_app_id`), these over the file named by `config`.
 * @throws {TypeError} An option is not known or of the wrong type; the message names it.
 * @example app.use(amazonAuth({ azAppId: '…', azSecret: '…', security: { signinSuccess: '/home' } }))
 */
export function amazonAuth(options: AmazonAuthOptions = {}): AmazonAuth {
  return createAmazonAuth(options)
}

/**
 * The same, for whoever knows where it will be mounted.
 *
 * @param mountPath Empty: the root. Undefined: the first request tells.
 */
export function createAmazonAuth(options: AmazonAuthOptions, mountPath?: string): AmazonAuth {
  const overrides = readOptions(options)
  const given = partsOf(options)
  const events = createEventHub(given.logger)
  const parts = { ...given, events }
  const wantsRoot = 'azAppId' in options || 'azSecret' in options
  const composition = composeLater(withoutNothing(options).config, overrides, parts, wantsRoot)
  const connect = async (): Promise<AuthServices> => (await composition).services
  let mounted: Mounted | undefined
  const router = createAmazonAuthRouter(connect, checkApi(options.api), {
    path: mountPath,
    onMounted(told) {
      mounted = told
    },
  })
  const auth: AmazonAuth = Object.assign(router, {
    ...chained(events, () => auth),
    ready: async () => (await composition).ready(),
    accessToken: async (owner: TokenOwner, tokenOptions: AccessTokenOptions = {}) =>
      accessTokenOf(owner, tokenOptions, await connect()),
    async doctor({ express = mounted?.app, ...asked }: DoctorOptions = {}) {
      const seen = express && seeExpress(express, router, mounted?.mountPath())
      return runDoctor(composition, asked, seen)
    },
    async flush() {
      // What has just been answered is told of a moment later.
      await setImmediate()
      await (await composition).flush()
    },
    async forgetApp(id: string) {
      if (typeof id !== 'string') throw new TypeError('auth.forgetApp: give it the id of the app')
      ;(await composition).forgetApp(normalizeAppId(id))
    },
    async resealSecrets() {
      const composed = await composition
      await composed.ready()
      return composed.resealSecrets(() => undefined)
    },
    close: async () => (await composition).close(),
  })
  SERVICES.set(auth, connect)
  return auth
}

const SERVICES = new WeakMap<AmazonAuth, () => Promise<AuthServices>>()

/** What a middleware works with, for the package's own programs. The package does not export it. */
export async function servicesOf(auth: AmazonAuth): Promise<AuthServices> {
  const connect = SERVICES.get(auth)
  if (connect === undefined) throw new TypeError('not made by amazonAuth()')
  return connect()
}

/** A configuration that cannot be used is what is wrong. */
async function runDoctor(
  composition: Promise<Composition>,
  { app, offline, limit = DEFAULT_PAGE, lastKey = '' }: Omit<DoctorOptions, 'express'>,
  express: SeenExpress | undefined,
): Promise<Report> {
  try {
    const composed = await composition
    // This process serves: who looks for its apps before they are made would have it remember that there are none. What keeps
    // it from being ready is what the checks tell.
    await composed.ready().catch(() => undefined)
    return await composed.services.doctor.run({
      asker: 'host',
      app: app === undefined ? undefined : normalizeAppId(app),
      page: { afterId: normalizeAppId(lastKey), limit },
      isOffline: offline,
      express,
      isMountUnknown: express?.mountPath === undefined,
    })
  } catch (thrown) {
    if (thrown instanceof ConfigError) return reportOnProblems(thrown.problems)
    throw thrown
  }
}

/** Without a file everything is known now, and what is wrong is thrown now. */
function composeLater(
  file: string | undefined,
  overrides: Layer,
  parts: Parts,
  wantsRoot: boolean,
): Promise<Composition> {
  if (file === undefined) return Promise.resolve(composeNow(overrides, parts, wantsRoot))
  const composition = loadConfig({ file, overrides, host: traitsOf(parts.hooks) }).then((loaded) =>
    start(loaded, [...loaded.warnings, ...keylessWarnings(loaded.config, wantsRoot)], parts),
  )
  composition.catch((error: unknown) =>
    parts.logger.error({ err: error }, 'the configuration cannot be used: every request fails'),
  )
  return composition
}

function composeNow(overrides: Layer, parts: Parts, wantsRoot: boolean): Composition {
  try {
    const loaded = resolveConfig({ overrides, host: traitsOf(parts.hooks) })
    const told = [...loaded.warnings, ...keylessWarnings(loaded.config, wantsRoot)]
    return start(loaded, told.map(inWordsOfOptions), parts)
  } catch (error) {
    if (error instanceof PackageError) {
      throw new PackageError(inWordsOfOptions(error.message), { cause: error.cause })
    }
    if (!(error instanceof ConfigError)) throw error
    throw new TypeError(`amazonAuth: ${inWordsOfOptions(error.message)}`, { cause: error })
  }
}

function keylessWarnings(config: Config, wantsRoot: boolean): readonly string[] {
  return findKeylessApps(config, wantsRoot).map(({ warning }) => warning)
}

function start(
  { config, origins }: LoadedConfig,
  warnings: readonly string[],
  parts: Parts,
): Composition {
  const { logger } = parts
  for (const warning of warnings) logger.warn({}, warning)
  if (parts.store === undefined) tellOfDefaultStore(config, origins, logger)
  else checkBesideOwnStore(config, origins, logger)
  const told = { origins, warnings }
  return compose(config, { ...parts, told, servesAs: describeProcess() })
}

/** A warning, as the default logger tells nothing less. */
function tellOfDefaultStore({ store, secretKey }: Config, origins: Origins, logger: Logger): void {
  const { url: storeUrl } = store
  const isDefault = origins.get(STORE_KEY) === 'default' && storeUrl === KEYS.store.url.default
  if (!isDefault) return
  const keys = describeKeySource({ secretKeys: secretKey, storeUrl })
  logger.warn({ store: describeStore(storeUrl), keys }, DEFAULT_STORE)
}

/** @throws {ConfigError} Secrets at rest need a key that every process has, and there is no file to keep one beside. */
function checkBesideOwnStore({ secretKey }: Config, origins: Origins, logger: Logger): void {
  if (secretKey.length === 0) {
    throw new ConfigError([{ key: 'para.secret_key', origin: 'default', problem: NEEDS_KEY }])
  }
  const origin = origins.get(STORE_KEY)
  if (origin === 'default') return
  logger.warn({ origin }, 'store.url has no effect beside a store of your own')
}

type Origins = LoadedConfig['origins']

const STORE_KEY = 'para.store.url'
const NEEDS_KEY =
  'is needed with a store of your own, the same in every process: make one with `openssl rand -base64 48`'

const DEFAULT_STORE =
  'No store is named, so apps, users and sessions are kept in this SQLite file, whose secrets these keys open: back up both, or name a store (option store.url).'

/** Options that are configuration; a store or apps of the host's own are not. */
function readOptions(written: AmazonAuthOptions): Layer {
  const { store, apps, ...options }: AmazonAuthOptions = asObject('options', written)
  const configured: ConfigOptions = {
    ...options,
    ...(!isStore(store) && { store }),
    ...(typeof apps !== 'function' && { apps }),
  }
  return overridesFromOptions(configured, PARTS)
}

function checkStore(store: OwnStore): OwnStore {
  const flaw = findFlaw(store)
  return flaw === undefined ? store : fail(`store.${flaw.place}`, flaw.problem)
}

function partsOf(options: AmazonAuthOptions): Parts {
  const { axios, sessionStore, hooks, metrics, logger, store, apps } = options
  requireMethods('axios', axios, ['request'])
  requireMethods('sessionStore', sessionStore, ['get', 'set', 'destroy'])
  requireMethods('logger', logger, ['debug', 'info', 'warn', 'error'])
  requireKnown('hooks', hooks, HOOKS)
  requireMethods('hooks', hooks, Object.keys(withoutNothing(hooks ?? {})))
  return {
    logger: logger ? redactingLogger(logger) : consoleLogger,
    ...(axios && { axios }),
    ...(sessionStore && { sessionStore }),
    ...(metrics && { metrics: checkMetrics(metrics) }),
    ...(hooks && { hooks: withoutNothing(hooks) }),
    ...(isStore(store) && { store: checkStore(store) }),
    ...(typeof apps === 'function' && { findApp: apps }),
    hasFailurePage: !isBlank(options.security?.signinFailure),
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

function checkMetrics(metrics: HostMetrics): HostMetrics {
  requireKnown('metrics', metrics, METRICS_OPTIONS)
  const { register, prefix } = withoutNothing(metrics)
  if (!isObject(register)) fail('metrics.register', 'must be a registry of prom-client')
  requireMethods('metrics.register', register, ['registerMetric', 'getSingleMetric'])
  if (prefix !== undefined && !/^[a-zA-Z_]\w*$/.test(prefix)) {
    fail('metrics.prefix', 'must be letters, digits and "_", such as "signin_"')
  }
  return { register, prefix }
}

function checkApi(api: RouterOptions | undefined): RouterOptions {
  requireKnown('api', api, API_OPTIONS)
  const { path, manage } = withoutNothing(api ?? {})
  if (path !== undefined && !/^(?:\/[\w.~-]+)+$/.test(path)) {
    fail('api.path', 'must be a path such as "/v1"')
  }
  if (manage !== undefined && typeof manage !== 'boolean') {
    fail('api.manage', 'must be true or false')
  }
  return { ...(path !== undefined && { path }), ...(manage !== undefined && { manage }) }
}

/** Null and blank text mean: not set, as everywhere. */
function withoutNothing<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => !isBlank(value))) as T
}

function requireKnown(option: string, part: unknown, known: readonly string[]): void {
  if (part === undefined || part === null) return
  const names = known.map((name) => `${option}.${name}`)
  const unknown = Object.keys(asObject(option, part)).find((name) => !known.includes(name))
  if (unknown === undefined) return
  const path = `${option}.${unknown}`
  fail(path, `is not known.${hint(path, names)}`)
}

function requireMethods(option: string, part: unknown, methods: readonly string[]): void {
  if (part === undefined || part === null) return
  const held = part as Readonly<Record<string, unknown>>
  const missing = methods.find((method) => typeof held[method] !== 'function')
  if (missing !== undefined) fail(`${option}.${missing}`, 'must be a function')
}
