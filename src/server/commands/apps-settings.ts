import { Command } from 'commander'

import { requireStorable } from '../../apps/require-storable'
import { formatSettings } from '../admin/format-settings'
import { showReview } from '../admin/show-review'
import { addTargetOptions, withTarget, type TargetOptions } from '../admin/with-target'
import { collect } from '../read-assignment'
import { readAssignments } from '../read-input'

interface SettingsOptions extends TargetOptions {
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
  return addTargetOptions(new Command('settings'))
    .description('show the settings of an app, secrets masked, after changing those named')
    .argument('<name>', 'name of the app')
    .option('--set <key=value>', 'set this; may be given often', collect)
    .option('--unset <key>', 'remove this; may be given often', collect)
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(changeAndShow)
}

async function changeAndShow(name: string, options: SettingsOptions): Promise<void> {
  const changes = await readAssignments(options.set ?? [])
  // All before the first is stored: a refused change changes nothing.
  for (const [key, value] of changes) requireStorable(key, value)
  await withTarget(options, async (target) => {
    for (const [key, value] of changes) showReview(await target.putSetting(name, key, value))
    for (const key of options.unset ?? []) await target.deleteSetting(name, key)
    const settings = await target.readSettings(name)
    console.log(formatSettings(settings, options.json === true))
  })
}
