import { Command } from 'commander'

import type { AppPatch } from '../../apps/app'
import type { AppJson } from '../../apps/app-json'
import { normalizeAppId } from '../../apps/app-id'
import { printable } from '../../printable'
import type { AdminTarget } from '../admin/admin-target'
import { confirm, YES, type YesOption } from '../admin/confirm'
import { formatTable, JSON_OPTION, printAnswer, type JsonOption } from '../admin/print-answer'
import { adminCommand, withTarget, type TargetOptions } from '../admin/with-target'
import { appsCreateCommand } from './apps-create'

const PAGE = 100

const EXAMPLES = `
Examples:
  express-amazon-auth apps create shop --az-app-id amzn1.… --az-secret - < secret.txt
  express-amazon-auth apps list
  express-amazon-auth apps disable shop
  express-amazon-auth apps delete shop`

const LIST_EXAMPLES = `
Examples:
  express-amazon-auth apps list
  express-amazon-auth apps list --url https://auth.example.com --access-key app:para
  express-amazon-auth apps list --json | jq -r '.[].appIdentifier'`

const SWITCH_EXAMPLES = `
Nobody signs in to an app that is off, and its sessions, tokens and keys are worth nothing until it is on again: in force within
two seconds on every node. Users and settings stay. Against a server it takes the keys of the root app.

Examples:
  express-amazon-auth apps disable shop
  express-amazon-auth apps enable shop --url https://auth.example.com --access-key app:para`

const RENAME_EXAMPLES = `
The id of an app never changes. Against a server it takes the keys of the root app, or those of the app itself.

Examples:
  express-amazon-auth apps rename shop "The Shop"`

const DELETE_EXAMPLES = `
Against a server it takes the keys of the root app, or those of the app itself.

Examples:
  express-amazon-auth apps delete shop
  express-amazon-auth apps delete shop --yes --url https://auth.example.com --access-key app:para`

export function appsCommand(): Command {
  return new Command('apps')
    .description('create, list, switch and delete apps')
    .addCommand(appsCreateCommand())
    .addCommand(listCommand())
    .addCommand(switchCommand('disable', 'switch an app off', false))
    .addCommand(switchCommand('enable', 'switch an app on again', true))
    .addCommand(renameCommand())
    .addCommand(deleteCommand())
    .addHelpText('after', EXAMPLES)
}

function listCommand(): Command {
  return adminCommand('list', 'list all apps by name', LIST_EXAMPLES)
    .option(...JSON_OPTION)
    .action(list)
}

function switchCommand(word: string, description: string, active: boolean): Command {
  return adminCommand(word, description, SWITCH_EXAMPLES)
    .argument('<name>', 'name of the app')
    .action(async (name: string, options: TargetOptions) =>
      patch(
        name,
        { active },
        options,
        (app) => `The app ${app.appIdentifier} is ${app.active ? 'on' : 'off'}.`,
      ),
    )
}

function renameCommand(): Command {
  return adminCommand('rename', 'change the name that people see', RENAME_EXAMPLES)
    .argument('<name>', 'name of the app')
    .argument('<display-name>', 'the new name for people')
    .action(async (typed: string, name: string, options: TargetOptions) =>
      patch(
        typed,
        { name },
        options,
        (app) => `The app ${app.appIdentifier} is named ${app.name}.`,
      ),
    )
}

async function patch(
  typed: string,
  changes: AppPatch,
  options: TargetOptions,
  describe: (app: AppJson) => string,
): Promise<void> {
  await withTarget(options, async (target) => {
    console.log(printable(describe(await target.patchApp(normalizeAppId(typed), changes))))
  })
}

function deleteCommand(): Command {
  return adminCommand('delete', 'delete an app with its users and settings', DELETE_EXAMPLES)
    .argument('<name>', 'name of the app')
    .option(...YES)
    .action(remove)
}

async function list(options: TargetOptions & JsonOption): Promise<void> {
  await withTarget(options, async (target) => {
    printAnswer(await readAll(target), options, (apps) => formatTable(apps.map(toRow)))
  })
}

async function remove(typed: string, options: TargetOptions & YesOption): Promise<void> {
  const name = normalizeAppId(typed)
  await confirm(`Delete the app ${name} with its users and settings?`, options)
  await withTarget(options, async (target) => {
    await target.deleteApp(name)
    console.log(`Deleted the app ${name}.`)
  })
}

async function readAll(target: AdminTarget): Promise<readonly AppJson[]> {
  const apps: AppJson[] = []
  let page: readonly AppJson[]
  do {
    page = await target.listApps({ afterId: apps.at(-1)?.appIdentifier ?? '', limit: PAGE })
    apps.push(...page)
  } while (page.length === PAGE)
  return apps
}

function toRow({ appIdentifier, appid, active, timestamp }: AppJson): readonly string[] {
  const kind = appIdentifier === appid ? 'root' : 'child'
  const since = new Date(timestamp).toISOString().slice(0, 10)
  return [appIdentifier, kind, active ? 'active' : 'inactive', `since ${since}`]
}
