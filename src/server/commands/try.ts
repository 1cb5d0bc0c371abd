import type { Command } from 'commander'

import type { TryLink } from '../../client'
import { JSON_OPTION, printAnswer, type JsonOption } from '../admin/print-answer'
import { adminCommand, withTarget, type TargetOptions } from '../admin/with-target'

const HELP = `
Open the link in a browser: it leads to a real login with Amazon that signs nobody in and stores nothing, and shows each step; where
it fails, what doctor says of it. Whoever has the link may open it, on any node, as often as they like, for ten minutes. Without
para.public_url the address is that of serve on this machine; in a host, ask the API: --url.

Examples:
  express-amazon-auth try shop
  express-amazon-auth try shop --json --url https://auth.example.com --access-key app:shop`

export function tryCommand(): Command {
  return adminCommand('try', 'print a link by which the sign-in to an app is tried', HELP)
    .argument('<app>', 'name of the app')
    .option(...JSON_OPTION)
    .action(print)
}

async function print(app: string, options: TargetOptions & JsonOption): Promise<void> {
  await withTarget(options, async (target) => {
    printAnswer(await target.makeTryLink(app), options, describe)
  })
}

function describe({ url, expiresAtMs }: TryLink): string {
  return `${url}\nGood until ${new Date(expiresAtMs).toISOString()}.`
}
