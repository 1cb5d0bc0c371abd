import { Command } from 'commander'

import type { AppJson } from '../../apps/app-json'
import type { AdminTarget } from '../admin/admin-target'
import { formatJson } from '../admin/format-json'
import { formatTable } from '../admin/format-table'
import { addTargetOptions, withTarget, type TargetOptions } from '../admin/with-target'

interface ListOptions extends TargetOptions {
  readonly json?: true
}

const PAGE = 100

const EXAMPLES = `
Examples:
  express-amazon-auth apps list
  express-amazon-auth apps list --url https://auth.example.com --access-key app:para
  express-amazon-auth apps list --json | jq -r '.[].appIdentifier'`

export function appsListCommand(): Command {
  return addTargetOptions(new Command('list'))
    .description('list all apps by name')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(list)
}

async function list({ json, ...where }: ListOptions): Promise<void> {
  await withTarget(where, async (target) => {
    const apps = await readAll(target)
    console.log(json === true ? formatJson(apps) : formatTable(apps.map(toRow)))
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
