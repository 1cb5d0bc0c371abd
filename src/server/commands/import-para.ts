import { Readable } from 'node:stream'

import { Command, Option } from 'commander'

import { normalizeAppId } from '../../apps/app-id'
import type { Config } from '../../config/config'
import { counted } from '../../counted'
import { mergeInto } from '../../store/merge-into'
import type { MergedUser, Winner } from '../../store/sql/merge-users'
import { parseStoreUrl } from '../../store/store-url'
import { formatJson } from '../admin/print-answer'
import { findAccess, type TargetOptions } from '../admin/with-target'
import { CommandError } from '../command-error'
import { configOption, loadCommandConfig } from '../load-command-config'
import { silentLogger } from '../logging/create-logger'
import { MergeTally } from '../merge-tally'
import { openOutput } from '../output'
import { formatConf, readParaConf, type ParaConf } from '../para/read-para-conf'
import { readPara } from '../para/read-para'
import { showProgress } from '../show-progress'

interface ImportParaOptions extends TargetOptions {
  readonly conf?: string
  readonly writeConf?: string
  readonly app?: readonly string[]
  readonly users: 'amazon' | 'all'
  readonly existing: Winner
  readonly secret?: 'here' | 'incoming'
  readonly onError: 'stop' | 'skip'
  readonly apply?: true
  readonly json?: true
}

const HELP = `
Without --apply it says what would change, and changes nothing. Files are what Para's GET /v1/_export answers (one ZIP file for each app), or JSON
lines of Para's objects. The backup of Para's root app has the records of all apps, with their secrets; the others have the users. With --url it
asks Para itself for all of it: with the keys of the root app for every app, with those of another for that app alone.
Ids, secrets of apps and secrets of users' tokens stay what they are, so tokens and links of before stay good. An app is switched off until its users are
here. Run it as often as you like: what is the same is not touched, and of a user who was changed on both sides the later one counts (--existing).
Users come who have an account of Amazon, be it one beside another; --users all takes all others along as well. Passwords, second factors and
everything else that Para keeps have no place here.

Examples:
  express-amazon-auth import-para para_20261128.zip shop_20261128.zip --conf /etc/para/application.conf
  AMAZON_AUTH_SECRET_KEY=… express-amazon-auth import-para --url https://para.example.com --access-key app:para
  express-amazon-auth import-para *.zip --app shop --apply`

export function importParaCommand(): Command {
  return new Command('import-para')
    .description('bring apps and users over from Para (a plan first)')
    .argument('[file...]', 'backups of Para')
    .option('--conf <file>', "Para's application.conf: says what of it counts here")
    .option('--write-conf <file>', 'with --conf: write what counts into a file of its own')
    .option('--url <url>', 'ask Para itself, which runs there')
    .option('--access-key <key>', 'with --url: access key of the app to sign as, app:<name>')
    .option(
      '--secret-key <->',
      'with --url: - reads its secret key from standard input; default: environment variable AMAZON_AUTH_SECRET_KEY',
    )
    .option('--app <name...>', 'bring over these apps alone')
    .addOption(
      new Option('--users <which>', 'whom to bring over')
        .choices(['amazon', 'all'])
        .default('amazon'),
    )
    .addOption(
      new Option(
        '--existing <which>',
        'what counts of an app or user that is here already and differs',
      )
        .choices(['newer', 'here', 'incoming'])
        .default('newer'),
    )
    .addOption(
      new Option(
        '--secret <which>',
        'whose secret key an app has that is here with another one',
      ).choices(['here', 'incoming']),
    )
    .addOption(
      new Option('--on-error <what>', 'what to do at an object that cannot be read')
        .choices(['stop', 'skip'])
        .default('stop'),
    )
    .option('--apply', 'do it')
    .option('--json', 'print JSON')
    .addOption(configOption())
    .addHelpText('after', HELP)
    .action(run)
}

async function run(files: readonly string[], options: ImportParaOptions): Promise<void> {
  const conf = options.conf === undefined ? undefined : readParaConf(options.conf, process.env)
  const server = await findAccess(options)
  if (files.length === 0 && server === undefined && conf === undefined) {
    throw new CommandError(
      'Name backups of Para, or say with --url where it runs; --help tells more.',
    )
  }
  if (conf !== undefined) await tellConf(conf, options)
  if (files.length === 0 && server === undefined) return
  const { config } = await loadCommandConfig(options.config)
  if (parseStoreUrl(config.store.url).kind === 'memory') {
    throw new CommandError(
      'A store in memory ends with its process: set store.url to one that stays.',
    )
  }
  const [tally, others, bad] = [new MergeTally(true), new Map<string, number>(), new Bad()]
  const [reading, merging] = [showProgress('objects read'), showProgress('users looked at')]
  const incoming = readPara({
    files,
    server,
    tokenSeconds: conf?.tokenSeconds,
    skipsBad: options.onError === 'skip',
    onBad: (where, problem) => bad.add(where, problem),
    onOther: (type) => others.set(type, (others.get(type) ?? 0) + 1),
    onProgress: (objects) => reading.show(objects),
  })
  try {
    await mergeInto({
      incoming: thenEnd(incoming, reading.end),
      apps: options.app?.map(normalizeAppId),
      storeUrl: config.store.url,
      secretKeys: config.secretKey,
      winner: options.existing,
      takesOthers: options.users === 'all',
      secret: options.secret,
      configuredSecret: (appId) => (appId === config.appName ? config.rootSecretKey : undefined),
      applies: options.apply === true,
      logger: silentLogger,
      onApp: (merged, users) => tally.begin(merged, users),
      onUser: (user: MergedUser) => tally.add(user),
      onProgress: merging.show,
    })
  } finally {
    reading.end()
    merging.end()
  }
  tell({ tally, others, bad, conf, config }, options)
}

async function* thenEnd<T>(all: AsyncIterable<T>, end: () => void): AsyncGenerator<T> {
  yield* all
  end()
}

async function tellConf(conf: ParaConf, { writeConf, json }: ImportParaOptions): Promise<void> {
  if (writeConf !== undefined) {
    const output = await openOutput(writeConf, false)
    await output.write(Readable.from([formatConf(conf)]))
  }
  if (json === true) return
  console.log(describeConf(conf, writeConf))
}

function describeConf({ kept, dropped, unknown }: ParaConf, written: string | undefined): string {
  const lines = [
    `Configuration: ${counted(kept.length, 'key counts', 'keys count')} here${written === undefined ? '' : `, and ${kept.length === 1 ? 'is' : 'are'} in ${written}`}`,
    ...kept.map(({ name, written: before, origin }) =>
      name === before
        ? `  para.${name} (${origin})`
        : `  para.${before} (${origin}), which is para.${name} here`,
    ),
  ]
  if (dropped.length > 0) lines.push(`  without a meaning here: ${dropped.join(', ')}`)
  if (unknown.length > 0) lines.push(`  not known to either: ${unknown.join(', ')}`)
  return lines.join('\n')
}

/** What could not be read, and was passed over. */
class Bad {
  count = 0
  readonly examples: string[] = []

  add(where: string, problem: string): void {
    this.count += 1
    if (this.examples.length < 10) this.examples.push(`${where}: ${problem}`)
  }
}

interface Told {
  readonly tally: MergeTally
  readonly others: ReadonlyMap<string, number>
  readonly bad: Bad
  readonly conf: ParaConf | undefined
  readonly config: Config
}

function tell({ tally, others, bad, conf, config }: Told, options: ImportParaOptions): void {
  const isDone = options.apply === true
  if (options.json === true) {
    const { count: unreadable, examples } = bad
    const rest = { others: Object.fromEntries(others), unreadable, unreadableExamples: examples }
    const keys = conf && { configuration: { ...conf, kept: conf.kept.map(({ name }) => name) } }
    console.log(formatJson({ applied: isDone, apps: tally.apps, ...rest, ...keys }))
    return
  }
  console.log(tally.describe(isDone))
  if (others.size > 0) {
    const counts = Array.from(others, ([type, count]) => `${count} ${type}`)
    console.log(`Left out, since this server keeps apps and users only: ${counts.join(', ')}`)
  }
  if (bad.count > 0) {
    console.log(
      `Passed over, since they cannot be read: ${bad.count}\n  ${bad.examples.join('\n  ')}`,
    )
  }
  if (conf !== undefined && normalizeAppId(conf.appName) !== config.appName) {
    console.log(
      `Para's root app is ${conf.appName}, and here it is ${config.appName}: set para.app_name = ${JSON.stringify(conf.appName)} if it is to be the root app here, too.`,
    )
  }
  for (const line of tally.advise(isDone)) console.log(line)
}
