import type { Sealer } from './sealer'

/** Sealed texts of a store, in an order. */
export interface SealedRows<Key, Row extends Key & { readonly sealed: string }> {
  listSealed(after: Key | undefined, limit: number): Promise<readonly Row[]>
  /** Replaces those that are still what they were, in one transaction; returns how many it has replaced. */
  reseal(changes: readonly (Row & { readonly to: string })[]): Promise<number>
}

export interface ResealOptions<Row> {
  readonly sealer: Sealer
  /** What the text of a row is bound to. */
  readonly sealedFor: (row: Row) => string
  /** Told of each that no key opens. */
  readonly onUnreadable: (row: Row) => void
}

const BATCH = 100

/**
 * Seals all of these with the first key, as far as they are not. May be stopped, and servers may run beside it: what changes
 * meanwhile stays as changed.
 *
 * @returns How many it has sealed anew.
 * @throws {AmazonAuthError} `store_unavailable`
 */
export async function resealAll<Key, Row extends Key & { readonly sealed: string }>(
  store: SealedRows<Key, Row>,
  { sealer, sealedFor, onUnreadable }: ResealOptions<Row>,
): Promise<number> {
  let resealed = 0
  for (let after: Row | undefined; ;) {
    const batch = await store.listSealed(after, BATCH)
    const changes = batch.flatMap((row) => {
      if (sealer.isCurrent(row.sealed)) return []
      const text = sealer.open(row.sealed, sealedFor(row))
      if (text !== undefined) return [{ ...row, to: sealer.seal(text, sealedFor(row)) }]
      onUnreadable(row)
      return []
    })
    if (changes.length > 0) resealed += await store.reseal(changes)
    after = batch.at(-1)
    if (after === undefined) return resealed
  }
}
