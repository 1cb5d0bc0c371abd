import type { Command } from 'commander'

import type { AdminTarget, MadeTryLink } from '../admin/admin-target'
import { JSON_OPTION, printAnswer, type JsonOption } from '../admin/print-answer'
import { adminCommand, withTarget, type TargetOptions } from '../admin/with-target'

const HELP = `
Open the link in a browser: it leads to a real login with Amazon that signs nobody in and stores nothing, and shows each step; where
it fails, what doctor says of it. Whoever has the link may open it, on any node, as often as they like, for ten minutes. Without
para.public_url the address is that of serve on this machine; of a host, ask the running one by --url, or client.tryLink() in code.
It makes no store: the server that the link leads to has made it.

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
  const work = async (target: AdminTarget): Promise<void> => {
    printAnswer(await target.makeTryLink(app), options, describe)
  }
  await withTarget(options, work, { mayMakeStore: false })
}

function describe({ url, expiresAtMs, note }: MadeTryLink): string {
  const until = `Good until ${new Date(expiresAtMs).toISOString()}.`
  return [url, until, ...(note === undefined ? [] : [note])].join('\n')
}
