import { Command, Option } from 'commander'

import type { UserJson } from '../../users/user-json'
import type { UserPage, UserPageRequest } from '../admin/admin-target'
import { confirm, YES } from '../admin/confirm'
import { formatJson } from '../admin/format-json'
import { formatTable } from '../admin/format-table'
import { addTargetOptions, withTarget, type TargetOptions } from '../admin/with-target'
import { countUpTo } from '../read-count'

interface ListOptions extends TargetOptions, Omit<UserPageRequest, 'desc'> {
  readonly asc?: true
  readonly json?: true
}

interface LockOptions extends TargetOptions {
  readonly json?: true
}

interface DeleteOptions extends TargetOptions {
  readonly yes?: true
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
  express-amazon-auth users delete shop 1792518452904000000 --url https://auth.example.com --access-key app:shop`

export function usersCommand(): Command {
  return new Command('users')
    .description('list, lock, unlock and delete the users of an app')
    .addCommand(listCommand())
    .addCommand(lockCommand('lock', 'end all sessions and tokens of a user, and let none begin'))
    .addCommand(lockCommand('unlock', 'let a locked user sign in again'))
    .addCommand(deleteCommand())
    .addHelpText('after', EXAMPLES)
}

function listCommand(): Command {
  return addTargetOptions(new Command('list'))
    .description('list the users of an app, a page at a time, latest first')
    .argument('<app>', 'name of the app')
    .option('--page <number>', 'which page', countUpTo(MAX_PAGE), 1)
    .option('--limit <number>', 'users on a page', countUpTo(MAX_LIMIT), 30)
    .addOption(new Option('--sort <key>', 'order').choices(SORT_KEYS).default('timestamp'))
    .option('--asc', 'least or earliest first')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(list)
}

function lockCommand(name: 'lock' | 'unlock', description: string): Command {
  return addTargetOptions(new Command(name))
    .description(description)
    .argument('<app>', 'name of the app')
    .argument('<id>', 'id of the user')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (app: string, id: string, { json, ...where }: LockOptions) => {
      await withTarget(where, async (target) => {
        const user = await target.setUserActive(app, id, name === 'unlock')
        console.log(json === true ? formatJson(user) : formatTable([toRow(user)]))
      })
    })
}

function deleteCommand(): Command {
  return addTargetOptions(new Command('delete'))
    .description('delete a user')
    .argument('<app>', 'name of the app')
    .argument('<id>', 'id of the user')
    .option(...YES)
    .addHelpText('after', EXAMPLES)
    .action(remove)
}

async function list(app: string, options: ListOptions): Promise<void> {
  const { page, limit, sort, asc, json, ...where } = options
  await withTarget(where, async (target) => {
    const users = await target.listUsers(app, { page, limit, sort, desc: asc !== true })
    console.log(json === true ? formatJson(users) : describe(users, options))
  })
}

async function remove(app: string, id: string, { yes, ...where }: DeleteOptions): Promise<void> {
  await confirm(`Delete the user ${id} of ${app}?`, yes)
  await withTarget(where, async (target) => {
    await target.deleteUser(app, id)
    console.log(`Deleted the user ${id} of ${app}.`)
  })
}

function describe({ items, totalHits }: UserPage, { page, limit }: ListOptions): string {
  const told = `${items.length} of ${totalHits} users`
  const more = page * limit < totalHits ? `; --page ${page + 1} shows more` : ''
  return [formatTable(items.map(toRow)), told + more].filter((part) => part !== '').join('\n')
}

function toRow({ id, active, name, email, timestamp }: UserJson): readonly string[] {
  const since = new Date(timestamp).toISOString().slice(0, 10)
  return [id, active ? 'active' : 'locked', `since ${since}`, name, email]
}
