import { Command } from 'commander'

import { jsonOrText } from '../../apps/json-or-text'
import { formatJson } from '../admin/format-json'
import { formatSettings } from '../admin/format-settings'
import { printableLines } from '../../printable'
import { showReview } from '../admin/show-review'
import { addTargetOptions, withTarget, type TargetOptions } from '../admin/with-target'
import { CommandError } from '../command-error'
import { FROM_STDIN, readSetting } from '../read-input'

interface GetOptions extends TargetOptions {
  readonly json?: true
}

const EXAMPLES = `
A value is JSON; what is not JSON is text; - reads text from standard input, where secrets belong.
Secrets are never shown, only that they are set. Of the store, get shows what the configuration says, too; a server tells what
is stored alone. A server that runs sees a change of its store within two seconds.

Examples:
  express-amazon-auth settings get shop
  express-amazon-auth settings set shop signin_success https://shop.example/in?jwt=id
  express-amazon-auth settings set shop az_secret - < secret.txt
  express-amazon-auth settings delete shop signin_failure --url https://auth.example.com --access-key app:shop`

export function settingsCommand(): Command {
  return new Command('settings')
    .description('read and change the settings of an app')
    .addCommand(getCommand())
    .addCommand(setCommand())
    .addCommand(deleteCommand())
    .addHelpText('after', EXAMPLES)
}

function getCommand(): Command {
  return addTargetOptions(new Command('get'))
    .description('print the settings of an app and where each stands, or the value of one of them')
    .argument('<app>', 'name of the app')
    .argument('[key]', 'name of the setting')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(print)
}

function setCommand(): Command {
  return addTargetOptions(new Command('set'))
    .description('store a setting')
    .argument('<app>', 'name of the app')
    .argument('<key>', 'name of the setting')
    .argument('<value>', 'JSON or text; - reads text from standard input')
    .addHelpText('after', EXAMPLES)
    .action(put)
}

function deleteCommand(): Command {
  return addTargetOptions(new Command('delete'))
    .description('remove a setting, if it is there')
    .argument('<app>', 'name of the app')
    .argument('<key>', 'name of the setting')
    .addHelpText('after', EXAMPLES)
    .action(remove)
}

async function print(
  app: string,
  key: string | undefined,
  { json, ...where }: GetOptions,
): Promise<void> {
  await withTarget(where, async (target) => {
    const settings = await target.readSettings(app)
    if (key === undefined) {
      console.log(formatSettings(settings, json === true))
      return
    }
    const setting = settings.find(({ name }) => name === key)
    if (setting === undefined) throw new CommandError(`${key} of ${app} is not set.`)
    const { value } = setting
    console.log(
      typeof value === 'string' && json !== true ? printableLines(value) : formatJson(value),
    )
  })
}

async function put(app: string, key: string, argument: string, where: TargetOptions) {
  const value = argument === FROM_STDIN ? await readSetting(key) : jsonOrText(argument)
  await withTarget(where, async (target) => {
    const review = await target.putSetting(app, key, value)
    console.log(`Set ${key} of ${app}.`)
    showReview(review)
  })
}

async function remove(app: string, key: string, where: TargetOptions): Promise<void> {
  await withTarget(where, async (target) => {
    await target.deleteSetting(app, key)
    console.log(`Removed ${key} of ${app}.`)
  })
}
