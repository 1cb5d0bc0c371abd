import { existsSync } from 'node:fs'

import { Command } from 'commander'

import { counted } from '../../counted'
import { moveBetween } from '../../store/move-between'
import { TargetTakenError, type TableReport } from '../../store/sql/move-store'
import { parseStoreUrl, type StoreLocation } from '../../store/store-url'
import { formatTable, JSON_OPTION, printAnswer, type JsonOption } from '../admin/print-answer'
import { CommandError } from '../command-error'
import { configOption, loadCommandConfig } from '../load-command-config'
import { silentLogger } from '../logging/create-logger'
import { showProgress } from '../show-progress'

interface MigrateOptions extends JsonOption {
  readonly from: string
  readonly to: string
  readonly config?: string
}

const EXAMPLES = `
Stop the servers of the old store first: what they write while it is moved may be missed, and is reported in the end.
Secrets stay sealed as they are, so the new store needs the master key of the old one. It is para.secret_key of the
configuration; for a store that has its key in a file, give the content of <file>.key there (or copy the file to
<new file>.key for another SQLite file). Both schemas are brought to that of this release.
Cut off, it goes on where it stopped when it is run again. It ends with 0 only when both stores hold the same.

Examples:
  para_secret_key="$(cat data/amazon-auth.db.key)" \\
    express-amazon-auth migrate-store --from sqlite:data/amazon-auth.db --to postgres://auth@db.example/auth
  express-amazon-auth migrate-store --from postgres://auth@db.example/auth --to sqlite:copy.db --json`

export function migrateStoreCommand(): Command {
  return new Command('migrate-store')
    .description('move everything from one store to another, empty one')
    .requiredOption('--from <url>', 'store to move: sqlite:<file> or postgres://…')
    .requiredOption('--to <url>', 'store to move it to')
    .addOption(configOption())
    .option(...JSON_OPTION)
    .addHelpText('after', EXAMPLES)
    .action(migrate)
}

async function migrate(options: MigrateOptions): Promise<void> {
  const { from, to } = options
  requireTwoStores(locate(from, '--from'), locate(to, '--to'))
  const { config } = await loadCommandConfig(options.config)
  const bars = { moved: showProgress('rows moved'), checked: showProgress('rows compared') }
  const reports = await moveBetween({
    from,
    to,
    secretKeys: config.secretKey,
    logger: silentLogger,
    onProgress: (step, done, total) => {
      if (step === 'checked') bars.moved.end()
      bars[step].show(done, total)
    },
  })
    .catch((thrown: unknown) => {
      throw thrown instanceof TargetTakenError
        ? new CommandError(`--to: ${thrown.message}`)
        : thrown
    })
    .finally(() => Object.values(bars).forEach(({ end }) => end()))
  printAnswer(reports, options, describe)
  requireSame(reports)
}

function locate(url: string, option: string): StoreLocation {
  try {
    return parseStoreUrl(url)
  } catch (thrown) {
    throw thrown instanceof TypeError ? new CommandError(`${option}: ${thrown.message}.`) : thrown
  }
}

function requireTwoStores(from: StoreLocation, to: StoreLocation): void {
  if (from.kind === 'memory' || to.kind === 'memory') {
    throw new CommandError('A store in memory ends with its process: name one that stays.')
  }
  if (from.kind === 'file' && !existsSync(from.file)) {
    throw new CommandError(`--from: there is no file ${from.file}.`)
  }
  if (JSON.stringify(from) === JSON.stringify(to)) {
    throw new CommandError('--from and --to are the same store.')
  }
}

function describe(reports: readonly TableReport[]): string {
  const rows = reports.map(({ name, rows: count, checksum, differing }) => [
    name,
    String(count),
    checksum.slice(0, 16),
    differing.length === 0 ? 'the same' : `differs in ${counted(differing.length, 'app')}`,
  ])
  return formatTable([['table', 'rows', 'checksum', 'in both stores'], ...rows])
}

const SHOWN_APPS = 10

function requireSame(reports: readonly TableReport[]): void {
  const differing = reports.filter((report) => report.differing.length > 0)
  if (differing.length === 0) return
  const list = differing.map(
    ({ name, differing: apps }) => `  ${name}: ${apps.slice(0, SHOWN_APPS).join(', ')}`,
  )
  throw new CommandError(
    `The stores differ: the old one was written to while it was moved, or the new one was.\n${list.join('\n')}\n` +
      'Stop the servers and run this again. If they still differ then, empty the new store and begin anew.',
  )
}
