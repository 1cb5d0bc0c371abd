import { sql, type Kysely } from 'kysely'

import type { UserEvent } from '../../users/user-event'
import type { PlainEvent } from '../../webhooks/delivery'
import { newEventId } from '../../webhooks/event-id'
import { defineQuery, type Statement } from './define-query'
import type { Schema } from './schema'

/** Names of events as one text, with a blank around each, so that one of them can be looked for. */
export function joinEvents(events: readonly string[]): string {
  return ` ${events.join(' ')} `
}

export function splitEvents(text: string | null): readonly string[] {
  return text?.split(' ').filter((name) => name !== '') ?? []
}

/** What tells which user an event is of; see {@link Whose}. */
interface Facts {
  readonly appId: string
  readonly userId?: string
  readonly identifier?: string
  readonly tokenSecret?: string
  readonly besideId?: string
  readonly version?: string
  readonly endedAtMs?: number
  readonly bulkId?: string
}

/**
 * Which user an event is of, and what has to be so for it to have happened, which the same transaction finds out:
 *
 * - `user`: this one, if there is one.
 * - `signed_in`: who has this identifier, and is not locked: of one who is, an upsert has written nothing.
 * - `made`, `known`: the same, made just now by this upsert under the id that was meant for them, or there before it.
 * - `renewed`: this one, if they have been given this token secret. `beside`: this one, if that other one has been.
 * - `meant`: this one, if a running change of many users has them on its set.
 * - `withdrawn`: this one, if their tokens of this version have just ended as those of who has withdrawn their consent.
 */
export type Whose =
  | { readonly kind: 'user'; readonly userId: string }
  | { readonly kind: 'signed_in'; readonly identifier: string }
  | { readonly kind: 'made' | 'known'; readonly identifier: string; readonly userId: string }
  | { readonly kind: 'renewed'; readonly userId: string; readonly tokenSecret: string }
  | { readonly kind: 'meant'; readonly userId: string; readonly bulkId: string }
  | {
      readonly kind: 'beside'
      readonly userId: string
      readonly besideId: string
      readonly tokenSecret: string
    }
  | {
      readonly kind: 'withdrawn'
      readonly userId: string
      readonly version: string
      readonly endedAtMs: number
    }

interface Event extends Facts {
  readonly pattern: string
  readonly atMs: number
  readonly id: string
  readonly type: string
  readonly detail: string
}

/** Users and endpoints of the app that want to be told. */
function wanting(db: Kysely<Schema>, { appId, pattern }: Event) {
  return db
    .selectFrom('users as u')
    .innerJoin('webhooks as w', 'w.app_id', 'u.app_id')
    .where('u.app_id', '=', appId)
    .where('w.off', '=', '')
    .where('w.deleted_at', 'is', null)
    .where('w.events', 'like', pattern)
}

type Wanting = ReturnType<typeof wanting>
type Narrow = (query: Wanting, facts: Facts) => Wanting

const byId: Narrow = (query, { userId = '' }) => query.where('u.id', '=', userId)
const byIdentifier: Narrow = (query, { identifier = '' }) =>
  query.where('u.identifier', '=', identifier).where('u.active', '=', 1)

const NARROWED: Readonly<Record<Whose['kind'], Narrow>> = {
  user: byId,
  signed_in: byIdentifier,
  made: (query, facts) => byIdentifier(byId(query, facts), facts),
  known: (query, facts) => byIdentifier(query, facts).where('u.id', '<>', facts.userId ?? ''),
  renewed: (query, facts) =>
    byId(query, facts).where('u.token_secret', '=', facts.tokenSecret ?? ''),
  meant: (query, facts) =>
    byId(query, facts).where((eb) =>
      eb.exists(
        eb
          .selectFrom('bulk_users as m')
          .innerJoin('bulks as b', (join) =>
            join.onRef('b.app_id', '=', 'm.app_id').onRef('b.bulk_id', '=', 'm.bulk_id'),
          )
          .select('m.user_id')
          .whereRef('m.app_id', '=', 'u.app_id')
          .where('m.bulk_id', '=', facts.bulkId ?? '')
          .where('m.user_id', '=', facts.userId ?? '')
          .where('b.state', '=', 'running'),
      ),
    ),
  beside: (query, facts) =>
    byId(query, facts).where((eb) =>
      eb.exists(
        eb
          .selectFrom('users as other')
          .select('other.id')
          .whereRef('other.app_id', '=', 'u.app_id')
          .where('other.id', '=', facts.besideId ?? '')
          .where('other.token_secret', '=', facts.tokenSecret ?? ''),
      ),
    ),
  withdrawn: (query, facts) =>
    byId(query, facts).where((eb) =>
      eb.exists(
        eb
          .selectFrom('amazon_tokens as t')
          .select('t.version')
          .whereRef('t.app_id', '=', 'u.app_id')
          .whereRef('t.user_id', '=', 'u.id')
          .where('t.version', '=', facts.version ?? '')
          .where('t.state', '=', 'revoked')
          .where('t.updated_at', '=', facts.endedAtMs ?? 0),
      ),
    ),
}

const STREAM_COLUMNS = ['app_id', 'webhook_id', 'stream', 'last_seq', 'next_at'] as const

const DELIVERY_COLUMNS = [
  'app_id',
  'webhook_id',
  'id',
  'stream',
  'seq',
  'user_id',
  'type',
  'at',
  'snapshot',
  'detail',
  'state',
  'attempts',
  'tries',
] as const

/** Of an event that has not been sent yet. */
const FRESH = [
  sql<string>`'pending'`.as('state'),
  sql<number>`0`.as('attempts'),
  sql<string>`'[]'`.as('tries'),
] as const

const GROUPS = sql.ref('u.groups')
/** The user as of this transaction; all that a person is shown of them, and no secret. */
const SNAPSHOT = sql<string>`cast(json_object(
  'id', u.id, 'appId', u.app_id, 'identifier', u.identifier, 'email', u.email, 'name', u.name, 'picture', u.picture,
  'groups', ${GROUPS}, 'profile', u.profile, 'scopes', u.scopes, 'active', u.active,
  'createdAtMs', u.created_at, 'updatedAtMs', u.updated_at) as text)`

/**
 * The two statements of an event. The first numbers it within its stream, and holds that: so events of one user have the
 * order in which they are written, whatever the clocks of nodes say, and whoever ends the stream meanwhile finds it longer.
 */
function queriesOf(narrow: Narrow) {
  return {
    number: defineQuery((db, params: Event) =>
      db
        .insertInto('webhook_streams')
        .columns(STREAM_COLUMNS)
        .expression(
          narrow(wanting(db, params), params)
            .select([
              'w.app_id',
              'w.id as webhook_id',
              'u.id as stream',
              value(params.atMs, 'last_seq'),
              value(params.atMs, 'next_at'),
            ])
            // So that no two transactions hold them in another order.
            .orderBy('w.id'),
        )
        .onConflict((conflict) =>
          conflict.columns(['app_id', 'webhook_id', 'stream']).doUpdateSet({
            last_seq: sql<number>`case when webhook_streams.last_seq < excluded.last_seq
              then excluded.last_seq else webhook_streams.last_seq + 1 end`,
          }),
        ),
    ),
    add: defineQuery((db, params: Event) =>
      db
        .insertInto('webhook_deliveries')
        .columns(DELIVERY_COLUMNS)
        .expression(
          narrow(wanting(db, params), params)
            .innerJoin('webhook_streams as s', (join) =>
              join
                .onRef('s.app_id', '=', 'w.app_id')
                .onRef('s.webhook_id', '=', 'w.id')
                .onRef('s.stream', '=', 'u.id'),
            )
            .select([
              'w.app_id',
              'w.id as webhook_id',
              value(params.id, 'id'),
              'u.id as stream',
              's.last_seq as seq',
              'u.id as user_id',
              value(params.type, 'type'),
              value(params.atMs, 'at'),
              // Of one who goes, nothing stays.
              sql<
                string | null
              >`case when ${params.type} = 'user.deleted' then null else ${SNAPSHOT} end`.as(
                'snapshot',
              ),
              value(params.detail, 'detail'),
              ...FRESH,
            ]),
        ),
    ),
  }
}

const QUERIES = {
  user: queriesOf(NARROWED.user),
  signed_in: queriesOf(NARROWED.signed_in),
  made: queriesOf(NARROWED.made),
  known: queriesOf(NARROWED.known),
  renewed: queriesOf(NARROWED.renewed),
  meant: queriesOf(NARROWED.meant),
  beside: queriesOf(NARROWED.beside),
  withdrawn: queriesOf(NARROWED.withdrawn),
}

/**
 * Writes an event for all endpoints of the app that want it; for none, where there are none. Belongs behind what it tells
 * of, in the same transaction; that of a deletion stands before it.
 */
export function tell(
  appId: string,
  { kind, ...whose }: Whose,
  event: Omit<UserEvent, 'type'> & { readonly type: UserEvent['type'] | 'consent.revoked' },
  nowMs: number,
): readonly Statement[] {
  const { number, add } = QUERIES[kind]
  const params = {
    appId,
    ...whose,
    pattern: patternOf(event.type),
    type: event.type,
    detail: JSON.stringify(event.detail ?? {}),
    id: newEventId(nowMs),
    atMs: nowMs,
  }
  return [number(params), add(params)]
}

interface PlainRow extends Omit<PlainEvent, 'detail' | 'webhookId'> {
  readonly webhookId: string
  readonly pattern: string
  readonly detail: string
}

function wantingPlain(db: Kysely<Schema>, { appId, pattern, webhookId }: PlainRow) {
  return db
    .selectFrom('webhooks as w')
    .where('w.app_id', '=', appId)
    .where('w.off', '=', '')
    .where('w.deleted_at', 'is', null)
    .where('w.events', 'like', pattern)
    .where(sql<boolean>`(${webhookId} = '' or w.id = ${webhookId})`)
}

const numberPlain = defineQuery((db, params: PlainRow) =>
  db
    .insertInto('webhook_streams')
    .columns(STREAM_COLUMNS)
    .expression(
      wantingPlain(db, params)
        .select([
          'w.app_id',
          'w.id as webhook_id',
          value(params.id, 'stream'),
          value(params.atMs, 'last_seq'),
          value(params.atMs, 'next_at'),
        ])
        .orderBy('w.id'),
    ),
)

const addPlain = defineQuery((db, params: PlainRow) =>
  db
    .insertInto('webhook_deliveries')
    .columns(DELIVERY_COLUMNS)
    .expression(
      wantingPlain(db, params).select([
        'w.app_id',
        'w.id as webhook_id',
        value(params.id, 'id'),
        value(params.id, 'stream'),
        value(params.atMs, 'seq'),
        value(params.userId ?? null, 'user_id'),
        value(params.type, 'type'),
        value(params.atMs, 'at'),
        value<string | null>(null, 'snapshot'),
        value(params.detail, 'detail'),
        ...FRESH,
      ]),
    ),
)

/** Writes an event that befalls no user whom the store has, for those who want it: each waits for none before it. */
export function tellPlain({ detail, webhookId, ...event }: PlainEvent): readonly Statement[] {
  const params = {
    ...event,
    detail: JSON.stringify(detail),
    pattern: webhookId === undefined ? patternOf(event.type) : '%',
    webhookId: webhookId ?? '',
  }
  return [numberPlain(params), addPlain(params)]
}

/** To LIKE the sign _ stands for any other; no two names of events differ in that alone. */
function patternOf(type: string): string {
  return `% ${type} %`
}

/** A parameter as a column of a SELECT. */
function value<T>(parameter: T, column: string) {
  return sql<T>`${parameter}`.as(column)
}
