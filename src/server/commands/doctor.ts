import type { Command } from 'commander'

import { counted } from '../../counted'
import { normalizeAppId } from '../../apps/app-id'
import { ApiError } from '../../client'
import { compose, type Composition } from '../../compose/compose'
import { ConfigError } from '../../config/config-error'
import type { LoadedConfig } from '../../config/resolve-config'
import { ok, warning, type Finding, type Result } from '../../doctor/check'
import { reportOnProblems, worstOf } from '../../doctor/report'
import { AmazonAuthError } from '../../errors'
import { collect, type Ask, type Examined } from '../admin/collect-reports'
import { describeResults, describeSum, wantsColours } from '../admin/describe-report'
import { formatJson, JSON_OPTION, type JsonOption } from '../admin/print-answer'
import { connect, type ServerAccess } from '../admin/server-target'
import { adminCommand, findAccess, type TargetOptions } from '../admin/with-target'
import { CommandError, unknownApp } from '../command-error'
import { hasConfigFile, loadCommandConfig } from '../load-command-config'
import { silentLogger } from '../logging/create-logger'
import { countUpTo } from '../read-number'
import { PackageError } from '../../load-package'

interface DoctorOptions extends TargetOptions, JsonOption {
  readonly offline?: true
  readonly strict?: true
  readonly timeout: number
}

const PAGE = 100
const MAX_SECONDS = 3_600

const EXAMPLES = `
It changes nothing, and makes no store that is not there. Of Amazon it asks little: one made-up code for each app, which counts
as no login. It ends with 1 where there is a failure (with --strict a warning, too), and with 0 otherwise. docs/doctor.md has
each check. With --url a server tells what it sees: with the keys of an app of itself, with those of the root app of all.
Options that a host has in code are seen by --url, or in the host by await auth.doctor({ express: app }).

Examples:
  express-amazon-auth doctor
  express-amazon-auth doctor shop
  express-amazon-auth doctor --offline --strict --json
  express-amazon-auth doctor shop --url https://auth.example.com --access-key app:shop`

export function doctorCommand(): Command {
  return adminCommand(
    'doctor',
    'look for what keeps logins from working, and tell the fix',
    EXAMPLES,
  )
    .argument('[app]', 'name of an app; default: the host and all apps')
    .option('--offline', 'ask nobody over the network, but the store')
    .option('--strict', 'end with 1 for a warning, too')
    .option(
      '--timeout <seconds>',
      'how long others may be asked in all',
      countUpTo(MAX_SECONDS),
      60,
    )
    .option(...JSON_OPTION)
    .action(examine)
}

async function examine(app: string | undefined, options: DoctorOptions): Promise<void> {
  const examined = await examineAll(app === undefined ? undefined : normalizeAppId(app), options)
  const { results, outOfTime: late } = examined
  if (late !== undefined) results.push(late)
  const level = worstOf(results)
  if (options.json === true) console.log(formatJson({ level, results }))
  else print(examined)
  if (level === 'failure' || (options.strict && level === 'warning')) process.exitCode = 1
}

async function examineAll(app: string | undefined, options: DoctorOptions): Promise<Examined> {
  const access = await findAccess(options)
  return access === undefined
    ? examineStore(app, options)
    : collect(askServer(access), app, options)
}

async function examineStore(app: string | undefined, options: DoctorOptions): Promise<Examined> {
  let composition: Composition | undefined
  try {
    const { config, origins, warnings } = await loadCommandConfig(options.config)
    composition = compose(config, { logger: silentLogger, told: { origins, warnings } })
    const examined = await collect(askHere(composition), app, options)
    if (!hasConfigFile(options.config)) {
      examined.results.unshift({ check: 'configuration', ...withoutFile(origins) })
    }
    return examined
  } catch (thrown) {
    return { results: whatIsWrong(thrown, app, options), left: 0, apps: 0 }
  } finally {
    await composition?.close()
  }
}

/** What a host says in code is not seen from outside. A container may have all of it in its environment. */
function withoutFile(origins: LoadedConfig['origins']): Finding {
  const isInEnvironment = Array.from(origins.values()).some((origin) =>
    origin.startsWith('environment '),
  )
  const seen =
    'there is no application.conf here: what follows is about environment and defaults alone, and options in code are not seen'
  return isInEnvironment ? ok(seen) : warning(seen, WHERE_ELSE)
}

const WHERE_ELSE =
  'Of a host with options in code ask there, await auth.doctor({ express: app }), or the running one by --url; a file that lies elsewhere is named by --config.'

/** What keeps anything from being looked at is what is wrong. */
function whatIsWrong(
  thrown: unknown,
  app: string | undefined,
  { config: file }: DoctorOptions,
): Result[] {
  if (thrown instanceof ConfigError) return [...reportOnProblems(thrown.problems).results]
  if (thrown instanceof PackageError) {
    const fix = 'Install it, or choose another store.'
    return [{ check: 'store', level: 'failure', seen: thrown.message, fix }]
  }
  if (thrown instanceof AmazonAuthError && thrown.code === 'not_found' && app !== undefined) {
    const unknown = unknownApp(app)
    throw hasConfigFile(file) ? unknown : new CommandError(`${unknown.message}\n${WHERE_ELSE}`)
  }
  throw thrown
}

function askHere({ services }: Composition): Ask {
  return ({ app, lastKey, offline, limitMs, onProgress }) =>
    services.doctor.run({
      asker: 'host',
      app,
      page: { afterId: lastKey, limit: PAGE },
      isOffline: offline,
      limitMs,
      onProgress,
    })
}

function askServer(access: ServerAccess): Ask {
  const client = connect(access)
  return async ({ app, lastKey, offline }) => {
    try {
      return await client.doctor({
        offline,
        limit: PAGE,
        ...(app !== undefined && { app }),
        ...(lastKey !== '' && { lastKey }),
      })
    } catch (thrown) {
      if (thrown instanceof ApiError && thrown.status === 404 && app !== undefined) {
        throw new CommandError(`${thrown.message} (${access.url})`, { cause: thrown })
      }
      throw thrown
    }
  }
}

function print({ results, left, apps }: Examined): void {
  const lines = describeResults(results, wantsColours(process.stdout))
  const rest =
    left === 0
      ? ''
      : `${counted(left, 'result of apps is', 'results of apps are')} in order, and not shown.`
  console.log([lines, rest, describeSum(results, apps)].filter((line) => line !== '').join('\n'))
}
