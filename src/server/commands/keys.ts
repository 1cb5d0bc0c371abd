import { Command } from 'commander'

import { confirm, YES } from '../admin/confirm'
import { formatJson } from '../admin/format-json'
import { addTargetOptions, withTarget, type TargetOptions } from '../admin/with-target'
import { describeKeys } from '../describe-keys'

interface RotateOptions extends TargetOptions {
  readonly yes?: true
  readonly json?: true
}

const EXAMPLES = `
Examples:
  express-amazon-auth keys rotate shop
  express-amazon-auth keys rotate shop --yes --json --url https://auth.example.com --access-key app:shop`

export function keysCommand(): Command {
  return new Command('keys')
    .description('renew the keys of an app')
    .addCommand(rotateCommand())
    .addHelpText('after', EXAMPLES)
}

function rotateCommand(): Command {
  return addTargetOptions(new Command('rotate'))
    .description('make a new secret and print it, once; the old one and every token end at once')
    .argument('<app>', 'name of the app')
    .option(...YES)
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(rotate)
}

async function rotate(app: string, { yes, json, ...where }: RotateOptions): Promise<void> {
  await confirm(`Make a new secret for ${app}, and end the old one and every token?`, yes)
  await withTarget(where, async (target) => {
    const keys = await target.renewKeys(app)
    console.log(json === true ? formatJson(keys) : describeKeys(`app ${app}`, keys))
  })
}
