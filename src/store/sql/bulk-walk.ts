import { sql, type RawBuilder } from 'kysely'

import type { BulkWalk, WalkPosition } from '../../bulk/bulk-store'
import { defineQuery } from './define-query'
import { folded, textRange } from './folded'

interface Params {
  readonly appId: string
  readonly key: string
  readonly id: string
  readonly to: string
  readonly limit: number
}

/** A user of an index, and where it stands there. */
export interface WalkRow extends WalkPosition {
  readonly createdAtMs: number
}

const QUERIES = {
  name: walkQuery(folded('name')),
  email: walkQuery(folded('email')),
  identifier: walkQuery(sql`identifier collate binary`),
} satisfies Record<Exclude<BulkWalk, 'id'>, unknown>

const allUsers = defineQuery((db, params: Pick<Params, 'appId' | 'id' | 'limit'>) =>
  db
    .selectFrom('users')
    .select([sql<string>`''`.as('key'), 'id', 'created_at as createdAtMs'])
    .where('app_id', '=', params.appId)
    .where('id', '>', params.id)
    .orderBy('id')
    .limit(params.limit),
)

function walkQuery(key: RawBuilder<unknown>) {
  return defineQuery((db, params: Params) =>
    db
      .selectFrom('users')
      .select([key.as('key'), 'id', 'created_at as createdAtMs'])
      .where('app_id', '=', params.appId)
      // As rows, so that those of one key are not read again and again, however many they are.
      .where(sql<boolean>`(${key}, id) > (${params.key}, ${params.id})`)
      .where(sql<boolean>`${key} < ${params.to}`)
      .orderBy(key)
      .orderBy('id')
      .limit(params.limit)
      .$castTo<WalkRow>(),
  )
}

/** The next users of an index whose key begins with a text. */
export function walkStatement(
  appId: string,
  {
    walk,
    text,
    after,
  }: {
    readonly walk: BulkWalk
    readonly text: string
    readonly after: WalkPosition | undefined
  },
  limit: number,
) {
  const id = after?.id ?? ''
  if (walk === 'id') return allUsers({ appId, id, limit })
  const { from, to, exactFrom, exactTo } = textRange(text)
  const range = walk === 'identifier' ? { from: exactFrom, to: exactTo } : { from, to }
  return QUERIES[walk]({ appId, key: after?.key ?? range.from, id, to: range.to, limit })
}
