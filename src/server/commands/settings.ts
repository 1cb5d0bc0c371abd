import { Command } from 'commander'

import { jsonOrText, settingsFrom } from '../../apps/settings'
import { printable, printableLines } from '../../printable'
import type { ShownSetting } from '../admin/admin-target'
import { formatJson, JSON_OPTION, printAnswer, type JsonOption } from '../admin/print-answer'
import { showReview } from '../admin/show-review'
import { adminCommand, withTarget, type TargetOptions } from '../admin/with-target'
import { CommandError } from '../command-error'
import { FROM_STDIN, readSetting } from '../read-input'

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
  const description =
    'print the settings of an app and where each stands, or the value of one of them'
  return adminCommand('get', description, EXAMPLES)
    .argument('<app>', 'name of the app')
    .argument('[key]', 'name of the setting')
    .option(...JSON_OPTION)
    .action(print)
}

function setCommand(): Command {
  return adminCommand('set', 'store a setting', EXAMPLES)
    .argument('<app>', 'name of the app')
    .argument('<key>', 'name of the setting')
    .argument('<value>', 'JSON or text; - reads text from standard input')
    .action(put)
}

function deleteCommand(): Command {
  return adminCommand('delete', 'remove a setting, if it is there', EXAMPLES)
    .argument('<app>', 'name of the app')
    .argument('<key>', 'name of the setting')
    .action(remove)
}

async function print(
  app: string,
  key: string | undefined,
  options: TargetOptions & JsonOption,
): Promise<void> {
  await withTarget(options, async (target) => {
    const settings = await target.readSettings(app)
    if (key === undefined) {
      const values = settingsFrom(settings.map(({ name, value }) => [name, value]))
      printAnswer(values, options, () => describeSettings(settings))
      return
    }
    const setting = settings.find(({ name }) => name === key)
    if (setting === undefined) throw new CommandError(`${key} of ${app} is not set.`)
    printAnswer(setting.value, options, (value) =>
      typeof value === 'string' ? printableLines(value) : formatJson(value),
    )
  })
}

/** A line for each setting, by name, with where it stands. */
function describeSettings(settings: readonly ShownSetting[]): string {
  return settings
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, value, origin }) =>
      printable(`${name.replaceAll('\n', ' ')} = ${JSON.stringify(value)}  # ${origin}`),
    )
    .join('\n')
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
