import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import { Command, Option } from 'commander'

import { normalizeAppId } from '../../apps/app-id'
import type { AuditRecord } from '../../audit/audit-history'
import { auditOf, type AuditOf } from '../../store/audit-of'
import { abortAtSignal } from '../abort-at-signal'
import { AUDIT_HEADING, auditToJson, describeAudit } from '../admin/describe-audit'
import { CommandError } from '../command-error'
import { configOption, loadCommandConfig } from '../load-command-config'
import { silentLogger } from '../logging/create-logger'
import { countUpTo } from '../read-number'
import { readMoment } from '../read-moment'
import { requireStore } from '../require-store'

interface AuditOptions {
  readonly app?: string
  readonly since?: number
  readonly until?: number
  readonly outcome?: AuditRecord['outcome']
  readonly limit?: number
  readonly follow?: true
  readonly json?: true
  readonly config?: string
  readonly url?: string
}

const LATEST = 100
const MAX_LIMIT = 100_000

const EXAMPLES = `
The latest attempt comes last. Without --since these are the latest ${LATEST}; with it, all from then on. Times are UTC. The reason is
ok, or the code of an error; the user is our id. It reads the store itself, beside servers that run, and knows what
these have written: half a second late. It has no --url: run it where the configuration of a server is.

Examples:
  express-amazon-auth audit --follow
  express-amazon-auth audit --app shop --since 2h --outcome failure
  express-amazon-auth audit --since 2026-11-01 --until 2026-12-01 --json | jq -r .reason | sort | uniq -c`

export function auditCommand(): Command {
  return new Command('audit')
    .description('show who tried to sign in, when, and what came of it')
    .option('--app <name>', 'of this app alone')
    .option('--since <when>', 'from then on: a date, or how long ago, as 30m, 2h, 7d', readMoment)
    .option('--until <when>', 'before then', readMoment)
    .addOption(new Option('--outcome <outcome>', 'these alone').choices(['success', 'failure']))
    .option('--limit <number>', 'the latest so many', countUpTo(MAX_LIMIT))
    .addOption(new Option('-f, --follow', 'go on until Ctrl+C').conflicts('until'))
    .option('--json', 'print JSON, a line for each attempt')
    .addOption(configOption())
    .addOption(new Option('--url <url>').hideHelp())
    .addHelpText('after', EXAMPLES)
    .action(audit)
}

async function audit(options: AuditOptions): Promise<void> {
  if (options.url !== undefined) throw new CommandError(NEEDS_STORE)
  const { config } = await loadCommandConfig(options.config)
  requireStore(config.store.url)
  const source = { ...rangeOf(options), url: config.store.url, logger: silentLogger }
  const pages = auditOf({ ...source, follow: options.follow && untilStopped() })
  await print(options.json === true ? toJson(pages) : toTable(pages))
  if (config.audit.retention === 0) console.error(NOT_KEPT)
}

const NEEDS_STORE =
  'audit reads the store, and no server tells it over the network: run it with --config where the store can be reached.'
const NOT_KEPT = 'para.audit.retention is 0: servers with this configuration keep no audit trail.'

function rangeOf({
  app,
  since,
  until,
  outcome,
  limit,
}: AuditOptions): Pick<AuditOf, 'filter' | 'limit'> {
  return {
    filter: {
      app: app === undefined ? undefined : normalizeAppId(app),
      outcome,
      sinceMs: since ?? 0,
      untilMs: until ?? Number.MAX_SAFE_INTEGER,
    },
    limit: limit ?? (since === undefined ? LATEST : undefined),
  }
}

/** Until a person presses Ctrl+C, or the reader has seen enough. */
function untilStopped(): AuditOf['follow'] {
  const stopped = abortAtSignal()
  process.stdout.once('error', stopped.abort)
  return {
    signal: stopped.signal,
    now: Date.now,
    onTrouble: () => console.error('The store does not answer. Asking again until it does.'),
  }
}

/** Ends in silence when the reader has seen enough. */
async function print(texts: AsyncIterable<string>): Promise<void> {
  try {
    await pipeline(Readable.from(texts), process.stdout)
  } catch (thrown) {
    if ((thrown as Partial<NodeJS.ErrnoException>).code !== 'EPIPE') throw thrown
  }
}

async function* toTable(pages: AsyncIterable<readonly AuditRecord[]>): AsyncGenerator<string> {
  yield `${AUDIT_HEADING}\n`
  for await (const page of pages) {
    if (page.length > 0) yield page.map((event) => `${describeAudit(event)}\n`).join('')
  }
}

async function* toJson(pages: AsyncIterable<readonly AuditRecord[]>): AsyncGenerator<string> {
  for await (const page of pages) {
    if (page.length > 0) yield page.map((event) => `${auditToJson(event)}\n`).join('')
  }
}
