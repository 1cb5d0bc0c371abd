import { randomText } from '../crypto/random'
import type { Sealer } from '../crypto/sealer'

/** A process that serves from a store, and what it can open there. */
export interface ServingNode {
  readonly id: string
  /** For people: host name and process. */
  readonly label: string
  /** Ids of the master keys that it has been started with. */
  readonly keyIds: readonly string[]
  readonly seenAtMs: number
}

/** Every method rejects with `store_unavailable`. */
export interface ServingNodeStore {
  /** Notes that a node is there, or that it still is. */
  note(node: ServingNode): Promise<void>
  forget(id: string): Promise<void>
  /** Those seen at a time or later, by label. */
  listSeenSince(timeMs: number): Promise<readonly ServingNode[]>
  /** Forgets at most `limit` that were seen last before a time; returns how many. */
  deleteSeenBefore(timeMs: number, limit: number): Promise<number>
}

/** The node that this process is, as far as it serves. */
export interface OwnNode {
  note(): Promise<void>
  /** When it stops serving. */
  forget(): Promise<void>
}

export function createOwnNode(
  label: string,
  deps: {
    readonly store: ServingNodeStore
    readonly sealer: Pick<Sealer, 'keyIds'>
    readonly now: () => number
  },
): OwnNode {
  const id = randomText(16)
  let isNoted = false
  return {
    async note() {
      const keyIds = deps.sealer.keyIds()
      await deps.store.note({ id, label, keyIds, seenAtMs: deps.now() })
      isNoted = true
    },
    async forget() {
      if (isNoted) await deps.store.forget(id)
    },
  }
}
