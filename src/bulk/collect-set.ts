import { setImmediate } from 'node:timers/promises'

import type { BulkChange } from './bulk-change'
import { MAX_IDS, type BulkStore, type BulkWalk, type WalkPosition } from './bulk-store'

export interface CollectDeps {
  readonly store: Pick<BulkStore, 'addPage'>
  /** Asked between two pages: false ends it. */
  readonly mayGoOn: () => Promise<boolean>
}

/** Each index of a search in its turn: who is found by two of them is in the set once. */
const WALKS: readonly BulkWalk[] = ['name', 'email', 'identifier']

/**
 * Writes down the set of a search, or of all users: some at a time, with the event loop free in between.
 *
 * @returns How many they are; undefined: it was ended before.
 * @throws {AmazonAuthError} `store_unavailable`
 */
export async function collectSet(
  bulk: BulkChange,
  { store, mayGoOn }: CollectDeps,
): Promise<number | undefined> {
  const text = bulk.covers.kind === 'search' ? bulk.covers.text : ''
  let total = 0
  for (const walk of bulk.covers.kind === 'search' ? WALKS : (['id'] as const)) {
    let after: WalkPosition | undefined
    do {
      if (!(await mayGoOn())) return undefined
      const page = await store.addPage(bulk, { walk, text, after })
      total += page.added
      after = page.next
      await setImmediate()
    } while (after !== undefined)
  }
  return total
}

/** A set of ids: which of them are users, and which are not. */
export async function collectIds(
  bulk: BulkChange,
  ids: readonly string[],
  store: Pick<BulkStore, 'add'>,
): Promise<{ readonly total: number; readonly missing: readonly string[] }> {
  const missing: string[] = []
  let total = 0
  for (let at = 0; at < ids.length; at += MAX_IDS) {
    const some = ids.slice(at, at + MAX_IDS)
    const { known, added } = await store.add(bulk, some)
    const isKnown = new Set(known)
    missing.push(...some.filter((id) => !isKnown.has(id)))
    total += added
    await setImmediate()
  }
  return { total, missing }
}
