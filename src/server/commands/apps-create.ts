import type { Command } from 'commander'

import { normalizeAppId } from '../../apps/app-id'
import { reviewSettings } from '../../apps/review-settings'
import { settingsFrom, type Json, type SettingValues } from '../../apps/settings'
import { printable } from '../../printable'
import { JSON_OPTION, printAnswer, type JsonOption } from '../admin/print-answer'
import { showReview } from '../admin/show-review'
import { adminCommand, withTarget, type TargetOptions } from '../admin/with-target'
import { CommandError } from '../command-error'
import { describeKeys } from '../describe-keys'
import { FROM_STDIN, readAssignments, readSecret } from '../read-input'

interface SettingOptions {
  readonly azAppId?: string
  readonly azSecret?: string
  readonly signinSuccess?: string
  readonly signinFailure?: string
  readonly set?: readonly string[]
}

interface CreateOptions extends TargetOptions, SettingOptions, JsonOption {
  readonly displayName?: string
}

const EXAMPLES = `
Give the client secret on standard input: what stands on the command line can be read by every user of the machine.
Against a server it takes the keys of the root app.

Examples:
  express-amazon-auth apps create shop --az-app-id amzn1.… --az-secret - --signin-success '/?jwt=id' < secret.txt
  express-amazon-auth apps create shop --url https://auth.example.com --access-key app:para
  express-amazon-auth apps create shop --set security.strict=true --set session_timeout='"12 hours"'`

export function appsCreateCommand(): Command {
  return adminCommand('create', 'create an app and print its keys, once', EXAMPLES)
    .argument(
      '<name>',
      'name of the app: letters, digits, dash, underscore, dot; what else is in it is dropped',
    )
    .option('--display-name <name>', 'name for people; default: the name')
    .option('--az-app-id <id>', 'client id of its Security Profile at Amazon')
    .option('--az-secret <secret>', 'client secret of that profile; - reads it from standard input')
    .option('--signin-success <url>', 'where its users go after signing in')
    .option('--signin-failure <url>', 'where its users go whose sign-in failed')
    .option('--set <key=json>', 'any other setting; may be given often', collect)
    .option(...JSON_OPTION)
    .action(create)
}

/** For an option that may be given more than once. */
function collect(argument: string, before: readonly string[] = []): readonly string[] {
  return [...before, argument]
}

async function create(name: string, options: CreateOptions): Promise<void> {
  const { displayName } = options
  const settings = await readSettings(options)
  await withTarget(options, async (target) => {
    const app = { settings, ...(displayName !== undefined && { displayName }) }
    const keys = await target.createApp(name, app)
    showReview(reviewSettings(settings))
    const [id, explanation] = [normalizeAppId(name), explainName(name)]
    if (explanation !== undefined) console.error(printable(explanation))
    printAnswer(keys, options, () => `Made the app ${id}.\n${describeKeys(`app ${id}`, keys)}`)
  })
}

async function readSettings(options: SettingOptions): Promise<SettingValues> {
  const { azAppId, azSecret, signinSuccess, signinFailure } = options
  if ((azAppId === undefined) !== (azSecret === undefined)) {
    throw new CommandError('Give both --az-app-id and --az-secret, or neither.')
  }
  const named: readonly (readonly [string, Json | undefined])[] = [
    ['az_app_id', azAppId],
    ['az_secret', azSecret === FROM_STDIN ? await readSecret('az_secret') : azSecret],
    ['signin_success', signinSuccess],
    ['signin_failure', signinFailure],
  ]
  const given = named.filter((entry): entry is [string, Json] => entry[1] !== undefined)
  return settingsFrom([...given, ...(await readAssignments(options.set ?? []))])
}

/** What an app's name comes to, where that is not what was typed; undefined where it is. */
function explainName(typed: string): string | undefined {
  const id = normalizeAppId(typed)
  if (typed === id || typed === `app:${id}`) return undefined
  return `${JSON.stringify(typed)} is the app ${id}: of a name stay letters, digits, dash, underscore and dot, and white space becomes a dash.`
}
