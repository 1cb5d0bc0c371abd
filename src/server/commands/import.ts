import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'

import { Command, Option } from 'commander'

import { counted } from '../../counted'
import type { Config } from '../../config/config'
import { importInto } from '../../store/import-into'
import type { AppReport, Existing } from '../../store/sql/import-apps'
import type { HeaderLine } from '../../store/sql/export-format'
import { ImportError } from '../../store/sql/read-export'
import { parseStoreUrl } from '../../store/store-url'
import { confirm, YES, type YesOption } from '../admin/confirm'
import { CommandError } from '../command-error'
import { describeKeys } from '../describe-keys'
import { configOption, loadCommandConfig } from '../load-command-config'
import { silentLogger } from '../logging/create-logger'
import { STANDARD_STREAM } from '../output'
import { showProgress } from '../show-progress'

interface ImportOptions extends YesOption {
  readonly in: string
  readonly existing: Existing
  readonly config?: string
  readonly json?: true
}

const EXAMPLES = `
An app is switched off until all its users are here. Cut off, run it again with the same file: apps that are done are passed
over, and the one that is not is begun anew. Servers may run; they see a change within two seconds.
An app that comes without secrets gets a new secret key, shown once; set its az_secret by \`settings set\`. With
--existing replace, it keeps the secrets that it had here. Users keep their ids; tokens of before are worth nothing.
Before such an import changes anything it asks, and where nobody can be asked it wants --yes.
Secrets in the file must open with para.secret_key: that is made sure of before anything of their app is written.

Examples:
  express-amazon-auth import --in all.jsonl
  gunzip -c two.jsonl.gz | express-amazon-auth import --existing skip --yes
  para_store_url=postgres://auth@db.example/auth express-amazon-auth import --in backup.jsonl --existing replace`

export function importCommand(): Command {
  return new Command('import')
    .description('read what export has written into the store')
    .option('-i, --in <file>', 'where from; - is standard input', STANDARD_STREAM)
    .addOption(
      new Option('--existing <choice>', 'what to do when the store has an app already')
        .choices(['skip', 'replace', 'fail'])
        .default('fail'),
    )
    .option(...YES)
    .addOption(configOption())
    .option('--json', 'print JSON, a line for each app')
    .addHelpText('after', EXAMPLES)
    .action(run)
}

async function run(options: ImportOptions): Promise<void> {
  const { config } = await loadCommandConfig(options.config)
  if (parseStoreUrl(config.store.url).kind === 'memory') {
    throw new CommandError(
      'A store in memory ends with its process: set store.url to one that stays.',
    )
  }
  const text = await open(options.in)
  const progress = showProgress('users imported')
  try {
    await importInto({
      text,
      storeUrl: config.store.url,
      secretKeys: config.secretKey,
      configuredSecret: (appId) => configuredSecret(appId, config),
      existing: options.existing,
      logger: silentLogger,
      onHeader: (header) => confirmNewKeys(header, options),
      onApp: (report) => console.log(options.json ? JSON.stringify(report) : describe(report)),
      onProgress: progress.show,
    })
  } catch (thrown) {
    throw thrown instanceof ImportError ? new CommandError(thrown.message) : thrown
  } finally {
    progress.end()
    text.destroy()
  }
}

const WITHOUT_SECRETS =
  'This export has no secrets. An app that is not in this store gets a new secret key, so programs that sign with its old one ' +
  'are refused; it signs nobody in before its az_secret is set anew; and all its users have to sign in again. ' +
  'An export made --with-secrets keeps them.'

/** Who imports a backup may not know that it is none. */
async function confirmNewKeys({ secrets }: HeaderLine, options: YesOption): Promise<void> {
  if (secrets) return
  console.error(WITHOUT_SECRETS)
  await confirm('Import it?', options)
}

function configuredSecret(appId: string, { appName, rootSecretKey }: Config): string | undefined {
  return appId === appName ? rootSecretKey : undefined
}

async function open(file: string): Promise<Readable> {
  if (file === STANDARD_STREAM) {
    if (process.stdin.isTTY) throw new CommandError('Name a file by --in, or pipe an export here.')
    return process.stdin
  }
  const stream = createReadStream(file)
  try {
    await once(stream, 'ready')
    return stream
  } catch (thrown) {
    const { code = 'unknown' } = thrown as Partial<NodeJS.ErrnoException>
    throw new CommandError(`--in: ${file} cannot be read (${code}).`)
  }
}

const OUTCOMES: Readonly<Record<AppReport['outcome'], string>> = {
  added: 'added',
  replaced: 'replaced',
  kept: 'was here already and stays as it is',
  done: 'was imported by the run before',
}

function describe({ app, outcome, users, mended, keys, lacksAmazonSecret }: AppReport): string {
  const lines = [`${app}: ${OUTCOMES[outcome]}, ${counted(users, 'user')} in the file`]
  if (mended !== undefined) {
    lines.push(
      `  ${mended} of them with a time yet to come, or a picture that is no web address: these were not taken`,
    )
  }
  if (keys !== undefined) lines.push(describeKeys(`app ${app}`, keys))
  if (lacksAmazonSecret) {
    lines.push(
      `  Nobody can sign in to ${app} before its az_secret is set: express-amazon-auth settings set ${app} az_secret -`,
    )
  }
  return lines.join('\n')
}
