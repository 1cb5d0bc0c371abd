import { Command } from 'commander'

import { parseSetting } from '../../apps/parse-setting'
import type { Json, SettingValues } from '../../apps/settings'
import { configOption } from '../load-command-config'
import { collect, FROM_STDIN, readAssignment, readSecret } from '../read-assignment'
import { withAdmin } from '../with-admin'

interface SettingsOptions {
  readonly config?: string
  readonly set?: readonly string[]
  readonly unset?: readonly string[]
  readonly json?: true
}

const EXAMPLES = `
A value is JSON; what is not JSON is text; - reads it from standard input, where secrets belong.
A server that runs sees a change within two seconds.

Examples:
  express-amazon-auth apps settings shop
  express-amazon-auth apps settings shop --set signin_success=https://shop.example/in?jwt=id --unset signin_failure
  express-amazon-auth apps settings shop --set az_secret=- < secret.txt`

export function appsSettingsCommand(): Command {
  return new Command('settings')
    .description('show the settings of an app, secrets masked, after changing those named')
    .argument('<name>', 'name of the app')
    .addOption(configOption())
    .option('--set <key=value>', 'set this; may be given often', collect)
    .option('--unset <key>', 'remove this; may be given often', collect)
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(changeAndShow)
}

async function changeAndShow(name: string, options: SettingsOptions): Promise<void> {
  const changes = await readChanges(options.set ?? [])
  await withAdmin(options.config, async (admin) => {
    for (const [key, value] of changes) await admin.putSetting(name, key, value)
    for (const key of options.unset ?? []) await admin.deleteSetting(name, key)
    const settings = await admin.readSettings(name)
    console.log(options.json === true ? JSON.stringify(settings, null, 2) : lines(settings))
  })
}

/** Checks all before the first is stored: a refused change changes nothing. */
async function readChanges(set: readonly string[]): Promise<readonly (readonly [string, Json])[]> {
  const changes: (readonly [string, Json])[] = []
  for (const [key, value] of set.map(readAssignment)) {
    changes.push([key, parseSetting(key, value === FROM_STDIN ? await readSecret(value) : value)])
  }
  return changes
}

function lines(settings: SettingValues): string {
  const entries = Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1))
  return entries.map(([key, value]) => `${key} = ${JSON.stringify(value)}`).join('\n')
}
