import { Command } from 'commander'

import { counted } from '../../counted'
import type { App } from '../../apps/app'
import { normalizeAppId } from '../../apps/app-id'
import type { Composition } from '../../compose/compose'
import type { KeptTokens, RefreshReport } from '../../kept-tokens/kept-tokens'
import type { TokenCounts } from '../../kept-tokens/token-store'
import { abortAtSignal } from '../abort-at-signal'
import { JSON_OPTION, printAnswer, type JsonOption } from '../admin/print-answer'
import { withComposition } from '../admin/with-composition'
import { CommandError, unknownApp } from '../command-error'
import { configOption } from '../load-command-config'
import { countUpTo } from '../read-number'
import { readDuration } from '../read-moment'
import { showProgress } from '../show-progress'

interface StatusOptions extends JsonOption {
  readonly dueWithin: number
  readonly config?: string
}

interface RefreshOptions extends StatusOptions {
  readonly concurrency: number
  readonly perSecond: number
}

const DUE_WITHIN_SECONDS = 600
const MAX_CONCURRENCY = 50
const MAX_PER_SECOND = 1_000

const EXAMPLES = `
Examples:
  express-amazon-auth tokens status shop
  express-amazon-auth tokens refresh shop
  express-amazon-auth tokens refresh shop --due-within 30m --per-second 50 --concurrency 10 --json`

const REFRESH_HELP = `
It may run beside servers, and several times at once: each token is refreshed by one of them. Stopped, it goes on where it was when it
is run again, since what is refreshed is due no more. It ends with 1 where a refresh has failed; people who have withdrawn their
consent, or have to sign in again, are counted and no failure. After ten failures in a row it stops. It has no --url: run it where
the configuration of a server is.
${EXAMPLES}`

export function tokensCommand(): Command {
  return new Command('tokens')
    .description("refresh and count the tokens of Amazon that are kept for an app's users")
    .addCommand(refreshCommand())
    .addCommand(statusCommand())
    .addHelpText('after', EXAMPLES)
}

function refreshCommand(): Command {
  return ofApp('refresh', 'refresh those that end soon, or have ended')
    .option('--concurrency <number>', 'at the same time, at most', countUpTo(MAX_CONCURRENCY), 5)
    .option('--per-second <number>', 'a second, at most', countUpTo(MAX_PER_SECOND), 10)
    .addHelpText('after', REFRESH_HELP)
    .action(refresh)
}

function statusCommand(): Command {
  return ofApp('status', 'count those that are kept, end soon, and have ended')
    .addHelpText('after', EXAMPLES)
    .action(status)
}

function ofApp(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .argument('<app>', 'name of the app')
    .option(
      '--due-within <time>',
      'what ends within: 30m, 2h; default: 10m',
      readDuration,
      DUE_WITHIN_SECONDS,
    )
    .addOption(configOption())
    .option(...JSON_OPTION)
}

async function refresh(name: string, options: RefreshOptions): Promise<void> {
  const { concurrency, perSecond, dueWithin } = options
  await withKeptTokens(name, options, async (keptTokens, app) => {
    const progress = showProgress('tokens')
    const stopped = abortAtSignal()
    const report = await keptTokens
      .refreshDue(app, {
        dueWithinMs: dueWithin * 1000,
        concurrency,
        perSecond,
        signal: stopped.signal,
        onProgress: progress.show,
      })
      .finally(() => {
        progress.end()
        stopped.release()
      })
    printAnswer(report, options, describeReport)
    if (report.failed > 0 || report.stopped !== undefined) throw new CommandError(whyFailed(report))
  })
}

async function status(name: string, options: StatusOptions): Promise<void> {
  await withKeptTokens(name, options, async (keptTokens, app) => {
    const counts = await keptTokens.count(app, options.dueWithin * 1000)
    printAnswer(counts, options, describeCounts)
  })
}

async function withKeptTokens(
  name: string,
  { config }: StatusOptions,
  work: (keptTokens: KeptTokens, app: App) => Promise<void>,
): Promise<void> {
  await withComposition(config, async ({ services }: Composition) => {
    const id = normalizeAppId(name)
    const app = await services.apps.find(id)
    if (app === undefined) throw unknownApp(id)
    if (!services.keptTokens.isOnFor(app)) throw new CommandError(isOff(id))
    await work(services.keptTokens, app)
  })
}

function isOff(id: string): string {
  return `No tokens are kept for ${id}: express-amazon-auth settings set ${id} amazon.keep_tokens true turns it on.`
}

function describeReport(report: RefreshReport): string {
  const { due, refreshed, elsewhere, revoked, lost, failed } = report
  return [
    `${refreshed} of ${counted(due, 'token was', 'tokens were')} refreshed.`,
    ...said(
      elsewhere,
      'was seen to by somebody else meanwhile.',
      'were seen to by somebody else meanwhile.',
    ),
    ...said(
      revoked,
      'is of a person who has withdrawn their consent.',
      'are of people who have withdrawn their consent.',
    ),
    ...said(
      lost,
      'cannot be refreshed: this person has to sign in again.',
      'cannot be refreshed: these people have to sign in again.',
    ),
    ...said(failed, 'has failed.', 'have failed.'),
  ].join('\n')
}

function said(count: number, one: string, many: string): readonly string[] {
  return count === 0 ? [] : [counted(count, one, many)]
}

function whyFailed({ failed, failure, stopped }: RefreshReport): string {
  const again = 'Run it again: what is refreshed is due no more.'
  if (stopped === 'aborted') return `It was stopped. ${again}`
  const code = failure ?? 'internal'
  return stopped === 'failing'
    ? `It stopped, since one after the other failed, at last by ${code}. ${again}`
    : `${counted(failed, 'has failed', 'have failed')}, at last by ${code}. ${again}`
}

function describeCounts({ kept, due, revoked, lost }: TokenCounts): string {
  return [
    `${counted(kept, 'user has', 'users have')} tokens, of which ${counted(due, 'ends soon or has', 'end soon or have')} ended.`,
    ...said(revoked, 'has withdrawn their consent.', 'have withdrawn their consent.'),
    ...said(
      lost,
      'has to sign in again: the answer to a refresh was lost.',
      'have to sign in again: the answer to a refresh was lost.',
    ),
  ].join('\n')
}
