import { sql, type Kysely } from 'kysely'

import { randomText } from '../../crypto/random'
import { relinkedIdentifier } from '../../users/identity-provider'
import type { RelinkOutcome, RelinkPair, RelinkStore } from '../../users/relink'
import { TOKEN_SECRET_BYTES } from '../../users/upserted-user'
import { updated } from '../../users/user-event'
import { defineQuery, type Statement } from './define-query'
import { explainRelink, explainUndo, type ExplainPair } from './explain-pair'
import { folded, foldedText } from './folded'
import type { Schema } from './schema'
import { ConstraintError, type SqlExecutor } from './sql-executor'
import { tell } from './sql-outbox'
import { findById, findByIdentifier } from './sql-user-store'
import { fromUserRow, USER_COLUMNS } from './user-row'
import { findLastSignIn } from './user-sign-ins'

interface PageAfter {
  readonly appId: string
  readonly key: string
  readonly id: string
  readonly limit: number
}

const pageByEmail = defineQuery((db, params: PageAfter) =>
  db
    .selectFrom('users')
    .select(USER_COLUMNS)
    .where('app_id', '=', params.appId)
    .where(sql<boolean>`${folded('email')} >= ${params.key}`)
    .where(sql<boolean>`(${folded('email')} > ${params.key} or id > ${params.id})`)
    .orderBy(folded('email'))
    .orderBy('id')
    .limit(params.limit),
)

/** A pair, and what one change of it needs. */
interface Change extends RelinkPair {
  readonly appId: string
  /** Identifier of the new user's record while the old one has its own. */
  readonly released: string
  /** A fresh secret, by which the second step of a pair knows that the first was done just now. */
  readonly tokenSecret: string
  readonly nowMs: number
}

/** Holds the old user's row: what others do with it at the same time is done before or after the whole pair. */
const hold = defineQuery((db, params: Change) =>
  oneUser(db, params.appId, params.oldId).set((eb) => ({ updated_at: eb.ref('updated_at') })),
)

const releaseNew = defineQuery((db, params: Change) =>
  oneUser(db, params.appId, params.newId)
    .set({ identifier: params.released, active: 0, updated_at: params.nowMs })
    .set(ended(params.tokenSecret))
    .where('identifier', '=', params.newIdentifier)
    .where('active', '=', 1)
    .where(other(params.appId, params.oldId, sql`other.identifier = ${params.oldIdentifier}`)),
)

const giveOld = defineQuery((db, params: Change) =>
  oneUser(db, params.appId, params.oldId)
    .set({ identifier: params.newIdentifier, updated_at: params.nowMs })
    .where('identifier', '=', params.oldIdentifier)
    .where(other(params.appId, params.newId, sql`other.token_secret = ${params.tokenSecret}`))
    .returning('id'),
)

const takeFromOld = defineQuery((db, params: Change) =>
  oneUser(db, params.appId, params.oldId)
    // What sign-ins have told since is of the new account, and may be a wrong person's.
    .set({
      identifier: params.oldIdentifier,
      updated_at: params.nowMs,
      profile: null,
      scopes: null,
    })
    .set(ended(params.tokenSecret))
    .where('identifier', '=', params.newIdentifier)
    .where(
      other(
        params.appId,
        params.newId,
        sql`other.identifier = ${params.released} and other.active = 0`,
      ),
    ),
)

const giveBackToNew = defineQuery((db, params: Change) =>
  oneUser(db, params.appId, params.newId)
    .set({ identifier: params.newIdentifier, active: 1, updated_at: params.nowMs })
    .where('identifier', '=', params.released)
    .where('active', '=', 0)
    .where(other(params.appId, params.oldId, sql`other.token_secret = ${params.tokenSecret}`))
    .returning('id'),
)

function oneUser(db: Kysely<Schema>, appId: string, id: string) {
  return db.updateTable('users').where('app_id', '=', appId).where('id', '=', id)
}

function ended(tokenSecret: string) {
  return { token_secret: tokenSecret, session_epoch: sql<number>`session_epoch + 1` }
}

/** Whether the other user of the pair is as it has to be. */
function other(appId: string, id: string, condition: ReturnType<typeof sql>) {
  return sql<boolean>`exists (select 1 from users as other where other.app_id = ${appId} and other.id = ${id} and ${condition})`
}

type Steps = (change: Change) => readonly [Statement, Statement, Statement<{ id: string }>]

const RELINK: Steps = (change) => [hold(change), releaseNew(change), giveOld(change)]
const UNDO: Steps = (change) => [hold(change), takeFromOld(change), giveBackToNew(change)]

/** What is told of it, behind the steps: the fresh secret shows that they were done just now. */
type Events = (change: Change) => readonly Statement[]

const LOCKED = { type: 'user.locked' } as const
const RELINKED = updated(['identifier'])
const UNLOCKED = updated(['identifier', 'active'])

const TELL_RELINK: Events = ({ appId, oldId, newId, tokenSecret, nowMs }) => [
  ...tell(appId, { kind: 'renewed', userId: newId, tokenSecret }, LOCKED, nowMs),
  ...tell(appId, { kind: 'beside', userId: oldId, besideId: newId, tokenSecret }, RELINKED, nowMs),
]
const TELL_UNDO: Events = ({ appId, oldId, newId, tokenSecret, nowMs }) => [
  ...tell(appId, { kind: 'renewed', userId: oldId, tokenSecret }, RELINKED, nowMs),
  ...tell(appId, { kind: 'beside', userId: newId, besideId: oldId, tokenSecret }, UNLOCKED, nowMs),
]

/** Relinking in SQL: the steps of a pair lie in one transaction, and the later ones find out whether the earlier were done. */
export function sqlRelinkStore(executor: SqlExecutor): RelinkStore {
  async function run(
    changes: readonly Change[],
    { steps, events }: { readonly steps: Steps; readonly events: Events },
  ): Promise<readonly boolean[]> {
    try {
      const rows = await executor.write([
        ...changes.flatMap((change) => steps(change)),
        ...changes.flatMap((change) => events(change)),
      ])
      return changes.map((_change, index) => (rows[index * 3 + 2] ?? []).length > 0)
    } catch (error) {
      // Another user has the identifier by now. Which of the pairs it was, shows when each is done alone.
      if (!(error instanceof ConstraintError)) throw error
      if (changes.length <= 1) return [false]
    }
    const alone: boolean[] = []
    for (const change of changes) alone.push(...(await run([change], { steps, events })))
    return alone
  }
  async function change(
    appId: string,
    pairs: readonly RelinkPair[],
    { nowMs, why, ...work }: { nowMs: number; steps: Steps; events: Events; why: ExplainPair },
  ): Promise<RelinkOutcome[]> {
    const done = await run(
      pairs.map((pair) => toChange(appId, pair, nowMs)),
      work,
    )
    const outcomes: RelinkOutcome[] = []
    for (const [index, pair] of pairs.entries()) {
      outcomes.push(done[index] === true ? 'done' : await explain(appId, pair, why))
    }
    return outcomes
  }
  async function explain(
    appId: string,
    pair: RelinkPair,
    why: ExplainPair,
  ): Promise<RelinkOutcome> {
    const [old, fresh] = await Promise.all(
      [pair.oldId, pair.newId].map(async (id) => {
        const [row] = await executor.read(findById({ appId, id }))
        return row
      }),
    )
    const outcome = why(pair, old, fresh)
    if (outcome !== 'changed') return outcome
    const [owner] = await executor.read(findByIdentifier({ appId, identifier: pair.oldIdentifier }))
    return owner === undefined || owner.id === pair.oldId ? 'changed' : 'old_identifier_taken'
  }
  return {
    async pageByEmail(appId, after, limit) {
      const key = foldedText(after?.email ?? '')
      const rows = await executor.read(pageByEmail({ appId, key, id: after?.id ?? '', limit }))
      return rows.map(fromUserRow)
    },
    async findLastSignIn(appId, userId) {
      const [event] = await executor.read(findLastSignIn({ appId, userId }))
      return event?.at
    },
    relink: (appId, pairs, nowMs) =>
      change(appId, pairs, { nowMs, steps: RELINK, events: TELL_RELINK, why: explainRelink }),
    undo: (appId, pairs, nowMs) =>
      change(appId, pairs, { nowMs, steps: UNDO, events: TELL_UNDO, why: explainUndo }),
  }
}

function toChange(appId: string, pair: RelinkPair, nowMs: number): Change {
  const released = relinkedIdentifier(pair.oldId, pair.newId)
  return { ...pair, appId, released, tokenSecret: randomText(TOKEN_SECRET_BYTES), nowMs }
}
