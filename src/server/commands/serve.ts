import { setTimeout as delay } from 'node:timers/promises'

import { Command, Option } from 'commander'

import { findClientCredentials } from '../../apps/client-credentials'
import { compose, type Composition } from '../../compose/compose'
import type { Config } from '../../config/config'
import { describeProcess } from '../../describe-process'
import { findKeylessApps } from '../../config/keyless-apps'
import type { Logger } from '../../logger'
import { publicRedirectUri } from '../../http/public-address'
import { closeServer } from '../close-server'
import { describeKeys } from '../describe-keys'
import { listenOn } from '../listen-on'
import { configOption, loadCommandConfig } from '../load-command-config'
import { createLogger, LOG_LEVELS, type LogLevel } from '../logging/create-logger'
import { logLogins } from '../logging/request-line'
import { createLimitedServer } from '../serve/create-limited-server'
import { createServerApp } from '../serve/create-server-app'
import { refuseEmulator } from '../serve/refuse-emulator'
import { untilSignal } from '../until-signal'

interface ServeOptions {
  readonly config?: string
  readonly allowEmulator?: true
  readonly logLevel: LogLevel
}

/** How long requests may take to end after a signal, in milliseconds. */
const SHUTDOWN_MS = 10_000

const EXAMPLES = `
Every key of the file may be set as an environment variable: para_port=8081 for para.port.
At first start, once it listens, it makes the keys of the root app and shows them once; \`keys rotate para\` makes new ones.

Examples:
  express-amazon-auth serve
  express-amazon-auth serve --config /etc/amazon-auth/application.conf
  para_port=0 express-amazon-auth serve --allow-emulator --log-level debug`

export function serveCommand(): Command {
  return new Command('serve')
    .description('run the stand-alone server')
    .addOption(configOption())
    .option('--allow-emulator', 'take the emulator for Amazon; never where real people sign in')
    .addOption(new Option('--log-level <level>', 'what to log').choices(LOG_LEVELS).default('info'))
    .addHelpText('after', EXAMPLES)
    .action(serve)
}

async function serve({ config: file, allowEmulator, logLevel }: ServeOptions): Promise<void> {
  const { config, origins, warnings } = await loadCommandConfig(file)
  const logger = createLogger(logLevel)
  for (const warning of warnings) logger.warn({}, warning)
  warnOfMissingUrl(config, logger)
  if (allowEmulator !== true) await refuseEmulator(config.amazon)
  const composition = compose(config, {
    logger,
    logLogin: logLogins(logger),
    servesAs: describeProcess(),
    told: { origins, warnings },
  })
  try {
    await run(composition, config, logger)
  } finally {
    await composition.close()
  }
  // Calls to Amazon whose browser was cut off would keep the process for some seconds more.
  process.exit(0)
}

/** Serves until a signal, and then ends what is under way. */
async function run(composition: Composition, config: Config, logger: Logger): Promise<void> {
  const server = createLimitedServer(createServerApp(composition, logger, config))
  // Before the store is opened: a port in use must not cost the one showing of keys. Requests wait for the store.
  const origin = await listenOn(server, config)
  await composition.ready()
  await warnOfKeylessApps(composition, config, logger)
  const keys = composition.firstKeys()
  if (keys !== undefined) console.log(describeKeys('root app', keys))
  const stopped = untilSignal()
  for (const url of publicUrls(config)) {
    logger.info({ redirect_uri: publicRedirectUri(url) }, 'must be an Allowed Return URL at Amazon')
  }
  logger.info({}, `listening on ${origin}`)
  const pages = operatorsUrl(config, origin)
  if (pages !== undefined) logger.info({}, `pages for operators at ${pages}`)
  const signal = await stopped
  composition.drain()
  const { delay: delayMs } = config.shutdown
  if (delayMs > 0) {
    logger.info({}, `${signal} received: no longer ready, and going on for ${delayMs} ms`)
    await delay(delayMs)
  }
  logger.info({}, `${signal} received: ending the requests under way`)
  await closeServer(server, SHUTDOWN_MS)
}

/**
 * Where operators sign in; undefined: nowhere.
 *
 * @param origin Where this process listens.
 */
function operatorsUrl({ admin, publicUrl }: Config, origin: string): string | undefined {
  if (admin.enabled === false) return undefined
  const mount = new URL(publicUrl ?? origin)
  const at = admin.origin ?? mount.origin
  return at + mount.pathname.replace(/\/$/, '') + admin.path
}

/** The configured addresses under which browsers reach this host: for all apps, and of single ones. */
function publicUrls({ publicUrl, apps }: Config): ReadonlySet<string> {
  const own = Object.values(apps).map((settings) => settings.public_url)
  return new Set([publicUrl, ...own].filter((url) => typeof url === 'string'))
}

function warnOfMissingUrl({ env, publicUrl }: Config, logger: Logger): void {
  if (env !== 'production' || publicUrl !== undefined) return
  logger.warn(
    {},
    'para.public_url is not set: addresses follow the Host header of each request. Set it in production.',
  )
}

/** The store may have their keys. */
async function warnOfKeylessApps(
  { services }: Composition,
  config: Config,
  logger: Logger,
): Promise<void> {
  for (const { app, warning } of findKeylessApps(config)) {
    const found = await services.apps.find(app)
    if (found === undefined || findClientCredentials(found) === undefined) {
      logger.warn({ app }, warning)
    }
  }
}
