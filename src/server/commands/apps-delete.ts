import { Command } from 'commander'

import { normalizeAppId } from '../../apps/app-id'
import { confirm, YES } from '../admin/confirm'
import { addTargetOptions, withTarget, type TargetOptions } from '../admin/with-target'

interface DeleteOptions extends TargetOptions {
  readonly yes?: true
}

const EXAMPLES = `
Against a server it takes the keys of the root app, or those of the app itself.

Examples:
  express-amazon-auth apps delete shop
  express-amazon-auth apps delete shop --yes --url https://auth.example.com --access-key app:para`

export function appsDeleteCommand(): Command {
  return addTargetOptions(new Command('delete'))
    .description('delete an app with its users and settings')
    .argument('<name>', 'name of the app')
    .option(...YES)
    .addHelpText('after', EXAMPLES)
    .action(remove)
}

async function remove(typed: string, { yes, ...where }: DeleteOptions): Promise<void> {
  const name = normalizeAppId(typed)
  await confirm(`Delete the app ${name} with its users and settings?`, yes)
  await withTarget(where, async (target) => {
    await target.deleteApp(name)
    console.log(`Deleted the app ${name}.`)
  })
}
