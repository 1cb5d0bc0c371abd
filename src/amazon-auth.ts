import type { AxiosInstance } from 'axios'
import type { Store } from 'express-session'

import { compose, type Composition, type Parts } from './compose'
import { ConfigError } from './config/config-error'
import { configFromOptions, loadConfig } from './config/load-config'
import { overridesFromOptions, type ConfigOptions } from './config/options'
import type { LoadedConfig, Overrides } from './config/resolve-config'
import { consoleLogger } from './console-logger'
import {
  createAmazonAuthRouter,
  type AmazonAuthRouter,
  type RouterOptions,
} from './http/amazon-auth-router'
import type { AuthServices, Hooks } from './http/auth-services'
import type { Logger } from './logger'
import { redactingLogger } from './redacting-logger'

/** Options of {@link amazonAuth}: every key of `application.conf`, camel-cased, and what cannot be written in a file. */
export interface AmazonAuthOptions extends ConfigOptions {
  /** HTTP client for the calls to Amazon, e.g. one that goes through a proxy. Its limits are set per request. */
  readonly axios?: AxiosInstance | undefined
  /** Any store of express-session. Default: sessions are kept in the store of users and apps. */
  readonly sessionStore?: Store | undefined
  readonly hooks?: Hooks | undefined
  /** Where the JSON API lies, and whether it serves users and apps. */
  readonly api?: RouterOptions | undefined
  /** Default: warnings and errors go to the console. */
  readonly logger?: Logger | undefined
}

/** The middleware, its guards, and a way to wait for it and to end it. */
export interface AmazonAuth extends AmazonAuthRouter {
  /**
   * Reads the configuration and opens the store, which otherwise happens at the first request that needs them.
   *
   * @throws {ConfigError} The file cannot be used. `AmazonAuthError` `store_unavailable`: try again later.
   */
  ready(): Promise<void>
  /** Closes the store. Call it when the server has stopped. */
  close(): Promise<void>
}

/** Options that are no configuration. */
const PARTS = ['axios', 'sessionStore', 'hooks', 'api', 'logger'] as const

/**
 * Sign in with Amazon for Express: handles `/amazon_auth` and `/amazon_auth/logout` for every app it knows, and sets
 * `req.amazonAuth` and `req.user` on all other requests. Returns at once; nothing is opened before it is needed.
 *
 * @param options Code wins over environment variables (`para_az_app_id`), these over the file named by `config`.
 * @throws {TypeError} An option is not known or of the wrong type; the message names it.
 * @example app.use(amazonAuth({ azAppId: '…', azSecret: '…', security: { signinSuccess: '/home' } }))
 */
export function amazonAuth(options: AmazonAuthOptions = {}): AmazonAuth {
  const overrides = overridesFromOptions(options, PARTS)
  const parts = partsOf(options)
  const composition = composeLater(options.config, overrides, parts)
  const connect = async (): Promise<AuthServices> => (await composition).services
  return Object.assign(createAmazonAuthRouter(connect, checkApi(options.api)), {
    ready: async () => (await composition).ready(),
    close: async () => (await composition).close(),
  })
}

/** Without a file everything is known now, and what is wrong is thrown now. */
function composeLater(
  file: string | undefined,
  overrides: Overrides,
  parts: Parts,
): Promise<Composition> {
  if (file === undefined) return Promise.resolve(composeNow(overrides, parts))
  const composition = loadConfig({ file, overrides }).then((loaded) => start(loaded, parts))
  composition.catch((error: unknown) =>
    parts.logger.error({ err: error }, 'amazonAuth: not usable'),
  )
  return composition
}

function composeNow(overrides: Overrides, parts: Parts): Composition {
  try {
    return start(configFromOptions(overrides), parts)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    throw new TypeError(`amazonAuth: ${error.message}`, { cause: error })
  }
}

function start({ config, warnings }: LoadedConfig, parts: Parts): Composition {
  for (const warning of warnings) parts.logger.warn({}, warning)
  return compose(config, parts)
}

function partsOf({ axios, sessionStore, hooks, logger }: AmazonAuthOptions): Parts {
  requireMethods('axios', axios, ['request'])
  requireMethods('sessionStore', sessionStore, ['get', 'set', 'destroy'])
  requireMethods('logger', logger, ['debug', 'info', 'warn', 'error'])
  requireMethods('hooks', hooks, Object.keys(hooks ?? {}))
  return {
    logger: logger === undefined ? consoleLogger : redactingLogger(logger),
    ...(axios !== undefined && { axios }),
    ...(sessionStore !== undefined && { sessionStore }),
    ...(hooks !== undefined && { hooks }),
  }
}

function checkApi(api: RouterOptions = {}): RouterOptions {
  const { path, manage } = api
  if (path !== undefined && !/^(?:\/[\w.~-]+)+$/.test(path)) {
    throw new TypeError('amazonAuth: option "api.path" must be a path such as "/v1"')
  }
  if (manage !== undefined && typeof manage !== 'boolean') {
    throw new TypeError('amazonAuth: option "api.manage" must be true or false')
  }
  return api
}

function requireMethods(option: string, part: unknown, methods: readonly string[]): void {
  if (part === undefined) return
  const held = part as Readonly<Record<string, unknown>> | null
  const missing = methods.find((method) => typeof held?.[method] !== 'function')
  if (missing === undefined) return
  throw new TypeError(`amazonAuth: option "${option}.${missing}" must be a function`)
}
