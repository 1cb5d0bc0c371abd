import { Readable } from 'node:stream'

import { counted } from '../../counted'
import { normalizeAppId } from '../../apps/app-id'
import { findRelinkPairs, type RelinkSearch } from '../../users/find-relink-pairs'
import type { RelinkStore } from '../../users/relink'
import { withComposition } from '../admin/with-composition'
import { unknownApp } from '../command-error'
import { openOutput } from '../output'
import { showProgress } from '../show-progress'
import { formatPair, PAIR_HEADER } from './pair-file'

interface PlanOptions {
  readonly since: number
  readonly out: string
  readonly force?: true
  readonly config?: string
}

interface Counts {
  pairs: number
  doubtful: number
}

/** Writes the file of pairs. */
export async function planPairs(name: string, options: PlanOptions): Promise<void> {
  const output = await openOutput(options.out, options.force === true)
  await withComposition(options.config, async ({ relinking, services }) => {
    const appId = normalizeAppId(name)
    if ((await services.admin.find(appId)) === undefined) throw unknownApp(appId)
    const page = { offset: 0, limit: 1, sort: 'id', descending: false } as const
    const { total } = await services.userAdmin.list(appId, page)
    const progress = showProgress('users')
    const counts: Counts = { pairs: 0, doubtful: 0 }
    const search: RelinkSearch = {
      appId,
      sinceMs: options.since,
      onProgress: (users) => progress.show(users, Math.max(users, total)),
    }
    try {
      await output.write(Readable.from(linesOf(relinking, search, counts)))
    } finally {
      progress.end()
    }
    const told = `${counted(counts.pairs, 'pair')} of ${counted(total, 'user')}, ${counts.doubtful} of them doubtful and set to no.`
    const next =
      counts.pairs === 0 ? '' : ` Nothing was changed yet: look at the pairs, then apply them.`
    if (output.isStandardOutput) console.error(told + next)
    else console.log(told + next)
  })
}

async function* linesOf(
  store: RelinkStore,
  search: RelinkSearch,
  counts: Counts,
): AsyncGenerator<Buffer> {
  yield Buffer.from(PAIR_HEADER)
  for await (const pair of findRelinkPairs(store, search)) {
    counts.pairs += 1
    if (pair.doubts.length > 0) counts.doubtful += 1
    yield Buffer.from(formatPair(search.appId, pair))
  }
}
