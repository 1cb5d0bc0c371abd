import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'

import { Command, Option } from 'commander'

import { normalizeAppId } from '../../apps/app-id'
import type { Incoming } from '../../store/incoming'
import { mergeInto } from '../../store/merge-into'
import type { Winner } from '../../store/sql/merge-users'
import { formatJson } from '../admin/print-answer'
import { CommandError, unknownApp } from '../command-error'
import { configOption, loadCommandConfig } from '../load-command-config'
import { silentLogger } from '../logging/create-logger'
import { MergeTally } from '../merge-tally'
import { STANDARD_STREAM } from '../output'
import { parseUserLine, UserLineError } from '../parse-user-line'
import { readObjects } from '../read-objects'
import { requireStore } from '../require-store'
import { showProgress } from '../show-progress'

interface UsersImportOptions {
  readonly users: 'amazon' | 'all'
  readonly existing: Winner
  readonly apply?: true
  readonly json?: true
  readonly config?: string
}

const HELP = `
The file is JSON lines, or one JSON list, of users as another system knows them:
  {"amazon_user_id": "amzn1.account.…", "email": "ada@example.com", "name": "Ada", "created_at": "2024-05-01T10:00:00Z"}
"amazon_user_id" is what Amazon's profile calls user_id: whoever signs in with it is that user. "identifier" in its place takes any other. An "id" of
digits is kept, any other makes way for a new one. "picture", "groups", "active", "updated_at" may be there, too.
Without --apply it says what would change, and changes nothing. Run it again as often as you like: who is here already and the same
is not touched, and of a user who differs the one with the later "updated_at" counts (--existing).

Examples:
  express-amazon-auth users import shop users.jsonl
  psql -Atc "select json_build_object('amazon_user_id', amazon_id, 'email', email) from people" mydb \\
    | express-amazon-auth users import shop - --apply`

export function usersImportCommand(): Command {
  return new Command('import')
    .description('bring users of another system into an app (a plan first)')
    .argument('<app>', 'name of the app')
    .argument('<file>', 'JSON lines or a JSON list; - is standard input')
    .addOption(
      new Option('--users <which>', 'whom to bring in')
        .choices(['amazon', 'all'])
        .default('amazon'),
    )
    .addOption(
      new Option('--existing <which>', 'what counts of a user who is here already and differs')
        .choices(['newer', 'here', 'incoming'])
        .default('newer'),
    )
    .option('--apply', 'do it')
    .option('--json', 'print JSON')
    .addOption(configOption())
    .addHelpText('after', HELP)
    .action(run)
}

async function run(name: string, file: string, options: UsersImportOptions): Promise<void> {
  const { config } = await loadCommandConfig(options.config)
  requireStore(config.store.url)
  const appId = normalizeAppId(name)
  const [tally, progress] = [new MergeTally(false), showProgress('users looked at')]
  try {
    await mergeInto({
      incoming: readUsers(appId, file),
      storeUrl: config.store.url,
      secretKeys: config.secretKey,
      winner: options.existing,
      takesOthers: options.users === 'all',
      secret: undefined,
      configuredSecret: () => undefined,
      applies: options.apply === true,
      logger: silentLogger,
      onApp: (merged, users) => tally.begin(merged, users),
      onUser: (user) => tally.add(user),
      onProgress: progress.show,
    })
  } finally {
    progress.end()
  }
  if (tally.apps.some(({ why }) => why === 'unknown_app')) throw unknownApp(appId)
  const isDone = options.apply === true
  if (options.json === true) console.log(formatJson({ applied: isDone, ...tally.apps[0] }))
  else console.log([tally.describe(isDone), ...tally.advise(isDone)].join('\n'))
}

async function* readUsers(appId: string, file: string): AsyncGenerator<Incoming> {
  const name = file === STANDARD_STREAM ? 'standard input' : file
  try {
    for await (const { where, problem, ...object } of readObjects(open(file), name)) {
      if (problem !== undefined)
        throw new CommandError(`${where}: ${problem}. Nothing was changed.`)
      yield {
        kind: 'user',
        user: parse(appId, where, 'value' in object ? object.value : undefined),
      }
    }
  } catch (thrown) {
    const { syscall, code = 'unknown' } = thrown as Partial<NodeJS.ErrnoException>
    throw syscall === undefined ? thrown : new CommandError(`${name} cannot be read (${code}).`)
  }
}

function open(file: string): Readable {
  return file === STANDARD_STREAM ? process.stdin : createReadStream(file)
}

function parse(appId: string, where: string, value: unknown) {
  try {
    return parseUserLine(appId, value)
  } catch (thrown) {
    if (!(thrown instanceof UserLineError)) throw thrown
    throw new CommandError(`${where}: ${thrown.message}. Nothing was changed.`)
  }
}
