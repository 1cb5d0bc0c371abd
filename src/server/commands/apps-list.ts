import { Command } from 'commander'

import type { AppAdmin } from '../../apps/app-admin'
import type { AppJson } from '../../apps/app-json'
import { configOption } from '../load-command-config'
import { withAdmin } from '../with-admin'

interface ListOptions {
  readonly config?: string
  readonly json?: true
}

const PAGE = 200

const EXAMPLES = `
Examples:
  express-amazon-auth apps list
  express-amazon-auth apps list --json | jq -r '.[].appIdentifier'`

export function appsListCommand(): Command {
  return new Command('list')
    .description('list all apps by name')
    .addOption(configOption())
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(list)
}

async function list({ config, json }: ListOptions): Promise<void> {
  await withAdmin(config, async (admin) => {
    const apps = await readAll(admin)
    console.log(json === true ? JSON.stringify(apps, null, 2) : table(apps))
  })
}

async function readAll(admin: AppAdmin): Promise<readonly AppJson[]> {
  const apps: AppJson[] = []
  let page: readonly AppJson[]
  do {
    const afterId = apps.at(-1)?.appIdentifier
    page = await admin.list({ ...(afterId !== undefined && { afterId }), limit: PAGE })
    apps.push(...page)
  } while (page.length === PAGE)
  return apps
}

function table(apps: readonly AppJson[]): string {
  const width = Math.max(...apps.map(({ appIdentifier }) => appIdentifier.length))
  return apps
    .map(({ appIdentifier, appid, active, timestamp }) => {
      const kind = appIdentifier === appid ? 'root' : 'child'
      const since = new Date(timestamp).toISOString().slice(0, 10)
      return `${appIdentifier.padEnd(width)}  ${kind.padEnd(5)}  ${active ? 'active' : 'inactive'}  since ${since}`
    })
    .join('\n')
}
