import { Command, Option } from 'commander'

import { counted } from '../../counted'
import { howGivenUp } from '../../users/identity-provider'
import type { UserJson } from '../../users/user-json'
import type { AdminTarget, UserPage, UserPageRequest } from '../admin/admin-target'
import { confirm, YES, type YesOption } from '../admin/confirm'
import {
  formatJson,
  formatTable,
  JSON_OPTION,
  printAnswer,
  type JsonOption,
} from '../admin/print-answer'
import { adminCommand, withTarget, type TargetOptions } from '../admin/with-target'
import { countUpTo } from '../read-number'
import { usersImportCommand } from './users-import'
import { relinkCommand } from './users-relink'

interface ListOptions extends TargetOptions, JsonOption, Omit<UserPageRequest, 'desc'> {
  readonly asc?: true
}

const SORT_KEYS = ['timestamp', 'updated', 'name', 'email', 'id']
const MAX_PAGE = 100_000
const MAX_LIMIT = 100

const EXAMPLES = `
Examples:
  express-amazon-auth users list shop
  express-amazon-auth users list shop --sort name --asc --limit 100 --json | jq -r '.items[].email'
  express-amazon-auth users lock shop 1792518452904000000
  express-amazon-auth users unlock shop 1792518452904000000
  express-amazon-auth users signout shop 1792518452904000000
  express-amazon-auth users unlink shop 1792518452904000000
  express-amazon-auth users export shop 1792518452904000000 > person.json
  express-amazon-auth users delete shop 1792518452904000000 --url https://auth.example.com --access-key app:shop`

export function usersCommand(): Command {
  return new Command('users')
    .description('list, lock, sign out, unlink, export, relink and delete the users of an app')
    .addCommand(listCommand())
    .addCommand(lockCommand('lock', 'end all sessions and tokens of a user, and let none begin'))
    .addCommand(lockCommand('unlock', 'let a locked user sign in again'))
    .addCommand(signOutCommand())
    .addCommand(unlinkCommand())
    .addCommand(userExportCommand())
    .addCommand(deleteCommand())
    .addCommand(usersImportCommand())
    .addCommand(relinkCommand())
    .addHelpText('after', EXAMPLES)
}

function listCommand(): Command {
  return adminCommand('list', 'list the users of an app, a page at a time, latest first', EXAMPLES)
    .argument('<app>', 'name of the app')
    .option('--page <number>', 'which page', countUpTo(MAX_PAGE), 1)
    .option('--limit <number>', 'users on a page', countUpTo(MAX_LIMIT), 30)
    .addOption(new Option('--sort <key>', 'order').choices(SORT_KEYS).default('timestamp'))
    .option('--asc', 'least or earliest first')
    .option(...JSON_OPTION)
    .action(list)
}

function lockCommand(name: 'lock' | 'unlock', description: string): Command {
  return userCommand(name, description)
    .option(...JSON_OPTION)
    .action(changeBy((target, app, id) => target.setUserActive(app, id, name === 'unlock')))
}

function signOutCommand(): Command {
  return userCommand('signout', 'end all sessions and tokens of a user, on all devices')
    .option(...JSON_OPTION)
    .action(changeBy((target, app, id) => target.signOutUser(app, id)))
}

function unlinkCommand(): Command {
  return userCommand('unlink', "give up a user's account at Amazon; the user stays")
    .option(...YES)
    .option(...JSON_OPTION)
    .action(unlink)
}

function userExportCommand(): Command {
  return userCommand('export', 'print all that is kept of a user, as JSON').action(exportOne)
}

function userCommand(name: string, description: string): Command {
  return adminCommand(name, description, EXAMPLES)
    .argument('<app>', 'name of the app')
    .argument('<id>', 'id of the user')
}

type Change = (target: AdminTarget, app: string, id: string) => Promise<UserJson>

/** An action that changes one user, and prints what has become of them. */
function changeBy(change: Change) {
  return (app: string, id: string, options: TargetOptions & JsonOption): Promise<void> =>
    withTarget(options, async (target) => {
      const user = await change(target, app, id)
      printAnswer(user, options, () => formatTable([toRow(user)]))
    })
}

async function unlink(
  app: string,
  id: string,
  options: TargetOptions & JsonOption & YesOption,
): Promise<void> {
  await confirm(`Give up the account at Amazon of the user ${id} of ${app}?`, options)
  await changeBy((target) => target.unlinkAmazon(app, id))(app, id, options)
}

async function exportOne(app: string, id: string, options: TargetOptions): Promise<void> {
  await withTarget(options, async (target) => {
    console.log(formatJson(await target.exportUser(app, id)))
  })
}

function deleteCommand(): Command {
  return userCommand('delete', 'delete a user, with all that is kept of them')
    .option(...YES)
    .action(remove)
}

async function list(app: string, options: ListOptions): Promise<void> {
  const { page, limit, sort, asc } = options
  await withTarget(options, async (target) => {
    const users = await target.listUsers(app, { page, limit, sort, desc: asc !== true })
    printAnswer(users, options, () => describe(users, options))
  })
}

async function remove(app: string, id: string, options: TargetOptions & YesOption): Promise<void> {
  await confirm(`Delete the user ${id} of ${app}?`, options)
  await withTarget(options, async (target) => {
    await target.deleteUser(app, id)
    console.log(`Deleted the user ${id} of ${app}.`)
  })
}

function describe({ items, totalHits }: UserPage, { page, limit }: ListOptions): string {
  const told = `${items.length} of ${counted(totalHits, 'user')}`
  const more = page * limit < totalHits ? `; --page ${page + 1} shows more` : ''
  return [formatTable(items.map(toRow)), told + more].filter((part) => part !== '').join('\n')
}

function toRow({ id, active, identifier, name, email, timestamp }: UserJson): readonly string[] {
  const since = new Date(timestamp).toISOString().slice(0, 10)
  const givenUp = howGivenUp(identifier)
  const state = [active ? 'active' : 'locked', ...(givenUp === undefined ? [] : [givenUp])]
  return [id, state.join(', '), `since ${since}`, name, email]
}
