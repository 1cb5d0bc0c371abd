import { setImmediate } from 'node:timers/promises'

import type { Json } from '../apps/settings'
import type { KeptOfUser, KeptPosition } from './kept-of-user'
import type { User } from './user'
import { toUserJson, type UserJson } from './user-json'

/** All that is kept of one person, for that person. Holds nothing secret. */
export interface UserExport {
  readonly user: UserJson
  /** What is kept beside the record, by kind, the latest first. */
  readonly kept: Readonly<Record<string, readonly Json[]>>
  /** Kinds of which there is more than that. */
  readonly cut_off: readonly string[]
  /** When it was exported, in milliseconds since 1970. */
  readonly exported: number
}

/** An answer of some megabytes. Nobody signs in so often. */
const MAX_ITEMS = 20_000

/** @throws {AmazonAuthError} `store_unavailable` */
export async function exportUser(
  user: User,
  kinds: readonly KeptOfUser[],
  nowMs: number,
): Promise<UserExport> {
  const kept: Record<string, readonly Json[]> = {}
  const cutOff: string[] = []
  for (const kind of kinds) {
    const { items, isWhole } = await readAll(kind, user)
    kept[kind.name] = items
    if (!isWhole) cutOff.push(kind.name)
  }
  return { user: toUserJson(user), kept, cut_off: cutOff, exported: nowMs }
}

async function readAll(
  kind: KeptOfUser,
  { appId, id }: User,
): Promise<{ readonly items: readonly Json[]; readonly isWhole: boolean }> {
  const items: Json[] = []
  let position: KeptPosition | undefined
  do {
    const page = await kind.page(appId, id, position)
    items.push(...page.items)
    position = page.next
    // SQLite reads on the event loop.
    await setImmediate()
  } while (position !== undefined && items.length < MAX_ITEMS)
  return { items: items.slice(0, MAX_ITEMS), isWhole: position === undefined }
}
