import { createWriteStream, existsSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import { Command } from 'commander'

import { normalizeAppId } from '../../apps/app-id'
import { exportFrom } from '../../store/export-from'
import { UnknownAppError } from '../../store/sql/export-apps'
import { parseStoreUrl } from '../../store/store-url'
import { CommandError } from '../command-error'
import { configOption, loadCommandConfig } from '../load-command-config'
import { silentLogger } from '../logging/create-logger'
import { showProgress } from '../show-progress'

interface ExportOptions {
  readonly out: string
  readonly withSecrets?: true
  readonly config?: string
}

export const STANDARD_STREAM = '-'

const EXAMPLES = `
The output is JSON lines: a header, then of each app the app, its settings and its users, then an end. Browser sessions, the
audit trail and deleted apps are not in it. Servers may run; what changes meanwhile may be in it or not.
Without secrets, the keys of apps, az_secret and other secret settings are left out, and what is needed to prove users'
tokens: an app imported from it gets new keys. --with-secrets puts them in, sealed as in the store: only a store
with the same para.secret_key can take them (and the token secrets of users, which no store seals: keep it safe).
A file is made with mode 0600.

Examples:
  express-amazon-auth export --out all.jsonl
  express-amazon-auth export shop news | gzip > two.jsonl.gz
  express-amazon-auth export --with-secrets --config application.conf --out backup.jsonl`

export function exportCommand(): Command {
  return new Command('export')
    .description('write apps with their settings and users as JSON lines')
    .argument('[app...]', 'names of apps; default: all')
    .option('-o, --out <file>', 'where to; - is standard output', STANDARD_STREAM)
    .option('--with-secrets', 'with the secrets of apps and users')
    .addOption(configOption())
    .addHelpText('after', EXAMPLES)
    .action(run)
}

async function run(apps: readonly string[], options: ExportOptions): Promise<void> {
  const { config } = await loadCommandConfig(options.config)
  requireStore(config.store.url)
  const progress = showProgress('users exported')
  try {
    await exportFrom({
      url: config.store.url,
      logger: silentLogger,
      apps: apps.length === 0 ? undefined : apps.map(normalizeAppId),
      withSecrets: options.withSecrets === true,
      nowMs: Date.now(),
      write: (text) => write(text, options.out),
      onProgress: progress.show,
    })
  } catch (thrown) {
    throw explain(thrown, options.out)
  } finally {
    progress.end()
  }
}

/** Opening would make a store that is not there. */
function requireStore(url: string): void {
  const location = parseStoreUrl(url)
  if (location.kind === 'memory') {
    throw new CommandError('A store in memory holds nothing: set store.url to one that stays.')
  }
  if (location.kind === 'file' && !existsSync(location.file)) {
    throw new CommandError(`There is no store ${location.file}: name it in store.url.`)
  }
}

/** The first text comes before the file is made: an unknown app leaves what was there. */
async function write(text: Readable, out: string): Promise<void> {
  await new Promise((resolve, reject) => text.once('readable', resolve).once('error', reject))
  await pipeline(text, open(out))
}

function open(out: string): Writable {
  return out === STANDARD_STREAM ? process.stdout : createWriteStream(out, { mode: 0o600 })
}

function explain(thrown: unknown, out: string): unknown {
  if (thrown instanceof UnknownAppError) {
    return new CommandError(
      `${thrown.message} express-amazon-auth apps list shows those there are. Nothing was written.`,
    )
  }
  const { syscall, code } = thrown as Partial<NodeJS.ErrnoException>
  if (syscall === undefined || code === undefined) return thrown
  const where = out === STANDARD_STREAM ? 'standard output' : out
  return new CommandError(`The export is not complete: ${where} cannot be written (${code}).`)
}
