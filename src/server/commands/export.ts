import { realpathSync } from 'node:fs'

import { Command } from 'commander'

import { counted } from '../../counted'
import { normalizeAppId } from '../../apps/app-id'
import type { Config } from '../../config/config'
import { configuredSettings, originOfSetting } from '../../config/configured-settings'
import type { LoadedConfig } from '../../config/resolve-config'
import { exportFrom, type ExportReport } from '../../store/export-from'
import { describeKeySource } from '../../store/master-key'
import { UnknownAppError } from '../../store/sql/export-apps'
import { parseStoreUrl } from '../../store/store-url'
import { CommandError, unknownApp } from '../command-error'
import { configOption, loadCommandConfig } from '../load-command-config'
import { silentLogger } from '../logging/create-logger'
import { openOutput, STANDARD_STREAM, type Output } from '../output'
import { requireStore } from '../require-store'
import { showProgress } from '../show-progress'

interface ExportOptions {
  readonly out: string
  readonly force?: true
  readonly withSecrets?: true
  readonly config?: string
}

const EXAMPLES = `
The output is JSON lines: a header, then of each app the app, its settings and its users, then an end. Browser sessions, the
audit trail and deleted apps are not in it. Servers may run; what changes meanwhile may be in it or not.
Without secrets, the keys of apps, az_secret and other secret settings are left out, and what is needed to prove users'
tokens: an app imported from it gets new keys. --with-secrets puts them in, sealed as in the store: only a store
with the same para.secret_key can take them (and the token secrets of users, which no store seals: keep it safe).
A file has mode 0600, and replaces one that is there only with --force, and only when it is whole.

Examples:
  express-amazon-auth export --out all.jsonl
  express-amazon-auth export shop news | gzip > two.jsonl.gz
  express-amazon-auth export --with-secrets --config application.conf --out backup.jsonl --force`

export function exportCommand(): Command {
  return new Command('export')
    .description('write apps with their settings and users as JSON lines')
    .argument('[app...]', 'names of apps; default: all')
    .option('-o, --out <file>', 'where to; - is standard output', STANDARD_STREAM)
    .option('-f, --force', 'replace the file if it is there')
    .option('--with-secrets', 'with the secrets of apps and users')
    .addOption(configOption())
    .addHelpText('after', EXAMPLES)
    .action(run)
}

async function run(apps: readonly string[], options: ExportOptions): Promise<void> {
  const loaded = await loadCommandConfig(options.config)
  const { config } = loaded
  requireStore(config.store.url)
  const output = await openOutput(options.out, options.force === true)
  requireOther(output, config.store.url)
  const progress = showProgress('users exported')
  try {
    const report = await exportFrom({
      url: config.store.url,
      logger: silentLogger,
      apps: apps.length === 0 ? undefined : apps.map(normalizeAppId),
      withSecrets: options.withSecrets === true,
      nowMs: Date.now(),
      write: (text) => output.write(text),
      onProgress: progress.show,
    })
    progress.end()
    say([describe(report, options, config), ...describeConfigured(apps, loaded)].join('\n'), output)
  } catch (thrown) {
    throw explain(thrown, output, options.out)
  } finally {
    progress.end()
  }
}

/** The store would be gone, and what was exported with it. */
function requireOther({ file }: Output, url: string): void {
  const location = parseStoreUrl(url)
  if (location.kind !== 'file' || file === undefined) return
  const store = realpathSync(location.file)
  if (!['', '-wal', '-shm', '.key'].some((end) => file === store + end)) return
  throw new CommandError(`--out: ${file} belongs to the store itself.`)
}

/** Not among what is exported, if that goes to standard output. */
function say(text: string, { isStandardOutput }: Output): void {
  if (isStandardOutput) console.error(text)
  else console.log(text)
}

function describe(
  { apps, users, bytes }: ExportReport,
  { out, withSecrets }: ExportOptions,
  config: Config,
): string {
  const where = nameOf(out)
  const source = describeKeySource({ secretKeys: config.secretKey, storeUrl: config.store.url })
  return withSecrets === true
    ? `Exported ${counted(apps, 'app')} and ${counted(users, 'user')}, with secrets: ${bytes} bytes to ${where}.\n` +
        `Its secrets open only with the master key, which is not in it: keep that of ${source} too, in another place.`
    : `Exported ${counted(apps, 'app')} and ${counted(users, 'user')}, without secrets: ${bytes} bytes to ${where}.\n` +
        'An app that is made anew from it gets a new secret key, and needs its az_secret set anew: for a backup take --with-secrets.'
}

const SHOWN_APPS = 10

/** A backup of the store is none of the configuration. */
function describeConfigured(apps: readonly string[], loaded: LoadedConfig): readonly string[] {
  const { config } = loaded
  const ids =
    apps.length > 0 ? apps.map(normalizeAppId) : [config.appName, ...Object.keys(config.apps)]
  const told = ids.flatMap((id) => {
    const names = Object.keys(configuredSettings(config, id) ?? {}).sort()
    const places = names.flatMap((name) => {
      const origin = originOfSetting(loaded, id, name)
      return origin === undefined ? [] : [`${name} (${origin})`]
    })
    return places.length === 0 ? [] : [`  ${id}: ${places.join(', ')}`]
  })
  if (told.length === 0) return []
  const more =
    told.length > SHOWN_APPS ? [`  and ${counted(told.length - SHOWN_APPS, 'more app')}`] : []
  return ['Not in it, since the configuration has them:', ...told.slice(0, SHOWN_APPS), ...more]
}

function nameOf(out: string): string {
  return out === STANDARD_STREAM ? 'standard output' : out
}

function explain(thrown: unknown, { file }: Output, out: string): unknown {
  if (thrown instanceof UnknownAppError) {
    return new CommandError(`${unknownApp(thrown.appId).message} Nothing was written.`)
  }
  const { name, syscall, code } = thrown as Partial<NodeJS.ErrnoException>
  const kept = file === undefined ? '' : ` Nothing was written to ${file}.`
  if (name === 'AbortError') return new CommandError(`Stopped.${kept}`)
  if (syscall === undefined || code === undefined) return thrown
  return new CommandError(
    `The export is not complete: ${nameOf(out)} cannot be written (${code}).${kept}`,
  )
}
