import { Command } from 'commander'

import { counted } from '../../counted'
import type { ResealReport } from '../../apps/reseal-secrets'
import type { ServingNode } from '../../apps/serving-nodes'
import { printable } from '../../printable'
import { confirm, YES, type YesOption } from '../admin/confirm'
import { JSON_OPTION, printAnswer, type JsonOption } from '../admin/print-answer'
import { withComposition } from '../admin/with-composition'
import { adminCommand, withTarget, type TargetOptions } from '../admin/with-target'
import { CommandError } from '../command-error'
import { describeKeys } from '../describe-keys'
import { configOption } from '../load-command-config'
import { showProgress } from '../show-progress'

interface ResealOptions extends YesOption, JsonOption {
  readonly config?: string
}

const EXAMPLES = `
Examples:
  express-amazon-auth keys rotate shop
  express-amazon-auth keys rotate shop --yes --json --url https://auth.example.com --access-key app:shop
  express-amazon-auth keys reseal --config application.conf`

const RESEAL_HELP = `
To retire a master key: 1. put a new key behind it in para.secret_key, on every server, and restart them, so that all
can open what any of them seals; 2. put the new key in front, and restart them again (one server alone can begin here);
3. run this command with the same configuration, beside the servers if you like; 4. leave the old key out.
It can be stopped and run again at any time.

Example:
  express-amazon-auth keys reseal --config application.conf`

export function keysCommand(): Command {
  return new Command('keys')
    .description('renew the keys of an app, and the master key')
    .addCommand(rotateCommand())
    .addCommand(resealCommand())
    .addHelpText('after', EXAMPLES)
}

function rotateCommand(): Command {
  const description =
    'make a new secret and print it, once; the old one and every token end at once'
  return adminCommand('rotate', description, EXAMPLES)
    .argument('<app>', 'name of the app')
    .option(...YES)
    .option(...JSON_OPTION)
    .action(rotate)
}

function resealCommand(): Command {
  return new Command('reseal')
    .description('seal every stored secret with the first of the master keys')
    .addOption(configOption())
    .option(...YES)
    .option(...JSON_OPTION)
    .addHelpText('after', RESEAL_HELP)
    .action(reseal)
}

async function reseal(options: ResealOptions): Promise<void> {
  await withComposition(options.config, async (composition) => {
    const lacking = await composition.nodesWithoutKey()
    if (lacking.length > 0) await confirm(describeLacking(lacking), options)
    const progress = showProgress('apps')
    const report = await composition.resealSecrets(progress.show).finally(progress.end)
    printAnswer(report, options, describeReport)
    if (report.unreadable.length === 0) return
    const list = report.unreadable.map((name) => `  ${printable(name)}`).join('\n')
    throw new CommandError(
      `No key opens these secrets, so set them anew and run this again:\n${list}`,
    )
  })
}

function describeLacking(nodes: readonly ServingNode[]): string {
  const list = nodes.map(({ label, seenAtMs }) => `  ${printable(label)}, seen ${ago(seenAtMs)}`)
  return (
    'These servers have not the first key of para.secret_key, and could open no secret that is sealed with it:\n' +
    `${list.join('\n')}\n` +
    'Put it into their configuration, and restart them first (one that was killed is listed for twenty minutes). Seal all the same?'
  )
}

function ago(timeMs: number): string {
  return `${Math.max(0, Math.round((Date.now() - timeMs) / 60_000))} min ago`
}

function describeReport({ apps, resealed, unreadable, keyId }: ResealReport): string {
  const done = `${counted(resealed, 'secret was', 'secrets were')} sealed anew, with the key ${keyId}; ${counted(apps, 'app was', 'apps were')} looked at.`
  return unreadable.length > 0
    ? done
    : `${done}\nEvery other key can be left out of para.secret_key.`
}

async function rotate(app: string, options: TargetOptions & YesOption & JsonOption): Promise<void> {
  await confirm(`Make a new secret for ${app}, and end the old one and every token?`, options)
  await withTarget(options, async (target) => {
    printAnswer(await target.renewKeys(app), options, (keys) => describeKeys(`app ${app}`, keys))
  })
}
