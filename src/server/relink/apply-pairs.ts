import { createReadStream } from 'node:fs'

import { counted } from '../../counted'
import { normalizeAppId } from '../../apps/app-id'
import { readLines, TextError } from '../../store/read-lines'
import type { RelinkOutcome, RelinkStore, WhyLeft } from '../../users/relink'
import { confirm, type YesOption } from '../admin/confirm'
import { withComposition } from '../admin/with-composition'
import { CommandError, unknownApp } from '../command-error'
import { showProgress } from '../show-progress'
import { OnePairEach } from './one-pair-each'
import { PairFileError, parsePairs, type PairLine } from './pair-file'

interface FileOptions extends YesOption {
  readonly config?: string
}

/** Pairs of one transaction: SQLite does it on the event loop, and servers wait for it. */
const BATCH = 50
const SHOWN = 10

/** Gives the old users of a file the new identifiers. */
export function applyPairs(file: string, options: FileOptions): Promise<void> {
  return changeBy(file, options, {
    ask: (count, app) =>
      `Relink ${counted(count, 'pair')} of users of ${app}: give the old one the new identifier, and lock the new one?`,
    takenBack: 'users relink undo gives back what they had, but no session or token that has ended',
    change: (store, ...pairs) => store.relink(...pairs),
    done: 'relinked',
  })
}

/** Takes back what {@link applyPairs} has done. */
export function undoPairs(file: string, options: FileOptions): Promise<void> {
  return changeBy(file, options, {
    ask: (count, app) => `Give back what ${counted(count, 'pair')} of users of ${app} had before?`,
    takenBack:
      'users relink apply does the pairs again, but no session or token that has ended comes back',
    change: (store, ...pairs) => store.undo(...pairs),
    done: 'undone',
  })
}

interface Work {
  readonly ask: (count: number, app: string) => string
  readonly takenBack: string
  readonly change: (
    store: RelinkStore,
    ...pairs: Parameters<RelinkStore['relink']>
  ) => Promise<RelinkOutcome[]>
  readonly done: string
}

async function changeBy(file: string, options: FileOptions, work: Work): Promise<void> {
  // All of it is read before anything is changed.
  const { app, count } = await review(file)
  if (count === 0) throw new CommandError(`${file}: no pair says yes. Nothing was changed.`)
  await confirm(work.ask(count, app), options, work.takenBack)
  await withComposition(options.config, async ({ relinking, services }) => {
    if ((await services.admin.find(app)) === undefined) throw unknownApp(app)
    const tally = new Tally()
    const progress = showProgress(`pairs ${work.done}`)
    try {
      for await (const batch of batchesOf(file)) {
        tally.add(batch, await work.change(relinking, app, batch, Date.now()))
        progress.show(tally.total, count)
      }
    } finally {
      progress.end()
    }
    console.log(tally.describe(work.done))
    if (tally.left.length > 0) throw new CommandError(tally.explain())
  })
}

async function review(file: string): Promise<{ readonly app: string; readonly count: number }> {
  let app: string | undefined
  let count = 0
  const each = new OnePairEach()
  for await (const line of linesOf(file)) {
    const named = normalizeAppId(line.app)
    if (app !== undefined && named !== app) {
      throw new CommandError(`${file}: it has pairs of ${app} and of ${named}: one app at a time.`)
    }
    app = named
    if (!line.isWanted) continue
    count += 1
    each.add(line)
  }
  const repeated = each.explain()
  if (repeated !== undefined) throw new CommandError(`${file}: ${repeated}`)
  if (app === undefined) throw new CommandError(`${file}: there is no pair in it.`)
  return { app, count }
}

async function* batchesOf(file: string): AsyncGenerator<readonly PairLine[]> {
  let batch: PairLine[] = []
  for await (const line of linesOf(file)) {
    if (!line.isWanted) continue
    batch.push(line)
    if (batch.length < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

async function* linesOf(file: string): AsyncGenerator<PairLine> {
  try {
    yield* parsePairs(readLines(createReadStream(file)))
  } catch (thrown) {
    throw explainFile(thrown, file)
  }
}

function explainFile(thrown: unknown, file: string): unknown {
  const { syscall, code } = thrown as Partial<NodeJS.ErrnoException>
  if (thrown instanceof TextError) {
    return new CommandError(`${file}: ${thrown.message}. Save it as "CSV UTF-8".`)
  }
  if (thrown instanceof PairFileError) return new CommandError(`${file}: ${thrown.message}.`)
  return syscall === undefined
    ? thrown
    : new CommandError(`${file} cannot be read (${code ?? syscall}).`)
}

/** What has become of the pairs. */
class Tally {
  total = 0
  private readonly counts = { done: 0, already: 0, left: 0 }
  /** Some of those that nothing was done about. */
  readonly left: string[] = []

  add(batch: readonly PairLine[], outcomes: readonly RelinkOutcome[]): void {
    for (const [index, outcome] of outcomes.entries()) {
      this.total += 1
      if (outcome === 'done' || outcome === 'already') this.counts[outcome] += 1
      else this.leave(batch[index], outcome)
    }
  }

  private leave(pair: PairLine | undefined, why: WhyLeft): void {
    this.counts.left += 1
    if (pair === undefined || this.left.length === SHOWN) return
    this.left.push(`  line ${pair.line}, user/${pair.oldId} and user/${pair.newId}: ${WHY[why]}`)
  }

  describe(done: string): string {
    const { done: now, already, left } = this.counts
    return [
      `${counted(now, 'pair')} ${done}`,
      `${counted(already, 'was', 'were')} already`,
      `${counted(left, 'left as it is', 'left as they are')}.`,
    ].join(', ')
  }

  explain(): string {
    const more = this.counts.left - this.left.length
    const told = more > 0 ? [...this.left, `  and ${more} more`] : this.left
    return `These pairs (old and new user) were left as they are; all others are done:\n${told.join('\n')}`
  }
}

const WHY: Readonly<Record<WhyLeft, string>> = {
  old_gone: 'the old one has been deleted',
  new_gone: 'the new one has been deleted',
  both_gone: 'both have been deleted',
  old_changed: 'the old one has another identifier by now',
  new_changed: 'the new one has another identifier by now',
  new_relinked: 'the identifier of the new one went to another old user',
  new_locked: 'the new one is locked',
  new_unlocked: 'the new one was unlocked',
  old_identifier_taken: 'somebody else has the identifier of the old one by now',
  changed: 'one of them was changed at the same moment: run it again',
}
