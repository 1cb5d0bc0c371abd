import { setTimeout as sleep } from 'node:timers/promises'

import type { App } from '../apps/app'
import { toAmazonAuthError } from '../errors'
import type { RefreshDueOptions, RefreshReport } from './kept-tokens'
import { findKept, type Kept, type RefreshDeps } from './refresh-kept'

interface RefreshDueDeps extends RefreshDeps {
  /** Undefined: another node is at it. */
  readonly refresh: (kept: Kept) => Promise<Kept | undefined>
}

const PAGE = 100
/** So many failures in a row are not of single people: Amazon is down, or the app's keys are wrong. */
const MOST_IN_A_ROW = 10

type Counted = 'refreshed' | 'elsewhere' | 'revoked' | 'lost' | 'failed'

/**
 * Refreshes all tokens of an app that end soon, those first that end first. Can be stopped and begun again at any time:
 * what is refreshed is due no more.
 *
 * @throws {AmazonAuthError} `store_unavailable`
 */
export async function refreshDue(
  app: App,
  options: RefreshDueOptions,
  deps: RefreshDueDeps,
): Promise<RefreshReport> {
  const beforeMs = deps.now() + options.dueWithinMs
  const { due } = await deps.store.count(app.id, beforeMs)
  const users = listDue(app.id, beforeMs, deps)
  const waitForTurn = createPace(options.perSecond)
  const counts = { refreshed: 0, elsewhere: 0, revoked: 0, lost: 0, failed: 0 }
  let failure: string | undefined
  let inARow = 0
  const isAborted = (): boolean => options.signal?.aborted === true
  const isOver = (): boolean => isAborted() || inARow >= MOST_IN_A_ROW

  async function work(): Promise<void> {
    while (!isOver()) {
      const next = await users.next()
      if (next.done === true) return
      await waitForTurn()
      const { counted, code } = await refreshOne(app, next.value, beforeMs, deps)
      counts[counted] += 1
      if (code !== undefined) failure = code
      inARow = counted === 'failed' ? inARow + 1 : 0
      const done = Object.values(counts).reduce((sum, count) => sum + count, 0)
      options.onProgress(done, Math.max(done, due))
    }
  }
  await Promise.all(Array.from({ length: options.concurrency }, work))
  const stopped = isAborted() ? 'aborted' : isOver() ? 'failing' : undefined
  return { due, ...counts, failure, stopped }
}

async function refreshOne(
  app: App,
  userId: string,
  beforeMs: number,
  deps: RefreshDueDeps,
): Promise<{ readonly counted: Counted; readonly code?: string }> {
  let kept: Kept | undefined
  try {
    kept = await findKept(app, userId, deps)
    const isDue = kept.record.expiresAtMs <= beforeMs
    const renewed = isDue ? await deps.refresh(kept) : undefined
    return { counted: renewed === undefined ? 'elsewhere' : 'refreshed' }
  } catch (thrown) {
    const { code } = toAmazonAuthError(thrown)
    const ended = ENDED.get(code)
    if (ended === undefined) return { counted: 'failed', code }
    // Somebody else has found it out since they were listed.
    return { counted: kept === undefined ? 'elsewhere' : ended }
  }
}

const ENDED = new Map<string, Counted>([
  ['consent_revoked', 'revoked'],
  ['amazon_token_missing', 'lost'],
])

async function* listDue(
  appId: string,
  beforeMs: number,
  { store }: RefreshDueDeps,
): AsyncGenerator<string, undefined> {
  let after: { expiresAtMs: number; userId: string } | undefined
  for (;;) {
    const page = await store.listDue(appId, { beforeMs, after, limit: PAGE })
    for (const { userId } of page) yield userId
    after = page.at(-1)
    if (page.length < PAGE) return undefined
  }
}

/** Lets so many pass a second, one after the other. */
function createPace(perSecond: number): () => Promise<void> {
  let nextMs = performance.now()
  return async () => {
    const turnMs = Math.max(nextMs, performance.now())
    nextMs = turnMs + 1000 / perSecond
    await sleep(turnMs - performance.now())
  }
}
