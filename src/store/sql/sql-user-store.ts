import { sql, type Kysely } from 'kysely'
import { AmazonAuthError } from '../../errors'
import type { User, UserChanges, UserStore, UserUpdate } from '../../users/user'
import { UserIdTakenError } from '../../users/user'
import type { UserEvent } from '../../users/user-event'
import { defineQuery } from './define-query'
import { deletionOf } from './delete-user'
import { folded, foldedText } from './folded'
import { listUsers } from './list-users'
import type { Schema } from './schema'
import { ConstraintError, whenViolated, type SqlExecutor } from './sql-executor'
import { tell, type Whose } from './sql-outbox'
import { fromUserRow, USER_COLUMNS, type UserRow } from './user-row'

/** By their own names, and in the order in which an export has them (but for the token secret, which comes last there). */
export const STORED_COLUMNS = [
  'app_id',
  'id',
  'identifier',
  'email',
  'name',
  'picture',
  'groups',
  'profile',
  'scopes',
  'active',
  'token_secret',
  'session_epoch',
  'created_at',
  'updated_at',
] as const

/** The user to insert, and what to write when there is one already. */
type UpsertRow = UserRow & {
  readonly newEmail: string | undefined
  readonly newName: string | undefined
  readonly newProfile: string | undefined
  readonly newScopes: string | undefined
  readonly newTokenSecret: string | undefined
}

/** What an update writes; what is absent stays as it is. */
type UserUpdateRow = Omit<UserUpdate, 'active' | 'endsSessions'> & {
  readonly appId: string
  readonly id: string
  readonly active: number | undefined
  readonly moreEpochs: number
}

function usersOf(db: Kysely<Schema>, appId: string) {
  return db.selectFrom('users').select(USER_COLUMNS).where('app_id', '=', appId)
}

export const findById = defineQuery((db, params: { appId: string; id: string }) =>
  usersOf(db, params.appId).where('id', '=', params.id),
)

export const findByIdentifier = defineQuery((db, params: { appId: string; identifier: string }) =>
  usersOf(db, params.appId).where('identifier', '=', params.identifier),
)

const findByEmail = defineQuery((db, params: { appId: string; email: string; text: string }) =>
  usersOf(db, params.appId)
    // The index is on this; the email itself is compared to the letter.
    .where(sql<boolean>`${folded('email')} = ${params.text}`)
    .where('email', '=', params.email)
    .orderBy('created_at')
    .orderBy('id')
    .limit(1),
)

const upsertUser = defineQuery((db, params: UpsertRow) =>
  db
    .insertInto('users')
    .columns(STORED_COLUMNS)
    .expression((select) =>
      // As a SELECT, so that an app which is being deleted, whose row is still there, gets no user.
      select
        .selectFrom('apps')
        .select([
          'apps.app_id',
          value(params.id, 'id'),
          value(params.identifier, 'identifier'),
          value(params.email, 'email'),
          value(params.name, 'name'),
          value(params.picture, 'picture'),
          value(params.groups, 'groups'),
          value(params.profile ?? null, 'profile'),
          value(params.scopes ?? null, 'scopes'),
          value(params.active, 'active'),
          value(params.tokenSecret, 'token_secret'),
          value(params.sessionEpoch, 'session_epoch'),
          value(params.createdAtMs, 'created_at'),
          value(params.updatedAtMs, 'updated_at'),
        ])
        .where('apps.app_id', '=', params.appId)
        .where('apps.deleted_at', 'is', null),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['app_id', 'identifier'])
        .doUpdateSet({
          email: orKept(params.newEmail, 'email'),
          name: orKept(params.newName, 'name'),
          profile: orKept(params.newProfile, 'profile'),
          scopes: orKept(params.newScopes, 'scopes'),
          token_secret: orKept(params.newTokenSecret, 'token_secret'),
          updated_at: params.updatedAtMs,
        })
        .where('users.active', '=', 1),
    )
    .returning(USER_COLUMNS),
)

const findApp = defineQuery((db, params: { id: string }) =>
  db
    .selectFrom('apps')
    .select('app_id')
    .where('app_id', '=', params.id)
    .where('deleted_at', 'is', null),
)

const replaceTokenSecret = defineQuery(
  (
    db,
    params: { appId: string; id: string; old: string; tokenSecret: string; updatedAtMs: number },
  ) =>
    db
      .updateTable('users')
      .set({ token_secret: params.tokenSecret, updated_at: params.updatedAtMs })
      .where('app_id', '=', params.appId)
      .where('id', '=', params.id)
      .where('token_secret', '=', params.old)
      .returning(USER_COLUMNS),
)

const updateUser = defineQuery((db, params: UserUpdateRow) =>
  db
    .updateTable('users')
    .set({
      identifier: orKept(params.identifier, 'identifier'),
      email: orKept(params.email, 'email'),
      name: orKept(params.name, 'name'),
      picture: orKept(params.picture, 'picture'),
      groups: orKept(params.groups, 'groups'),
      profile: orKept(params.profile, 'profile'),
      scopes: orKept(params.scopes, 'scopes'),
      active: orKept(params.active, 'active'),
      token_secret: orKept(params.tokenSecret, 'token_secret'),
      session_epoch: sql<number>`users.session_epoch + ${params.moreEpochs}`,
      updated_at: params.updatedAtMs,
    })
    .where('app_id', '=', params.appId)
    .where('id', '=', params.id)
    .returning(USER_COLUMNS),
)

/** Users in SQL. */
export function sqlUserStore(executor: SqlExecutor): UserStore {
  /** An upsert that has written nothing met a locked user, or an app that is gone. */
  async function requireApp(appId: string): Promise<void> {
    const [app] = await executor.read(findApp({ id: appId }))
    if (app === undefined) throw new AmazonAuthError('app_not_found', { appId })
  }

  return {
    findById: async (appId, id) => toUser(await executor.read(findById({ appId, id }))),
    findByIdentifier: async (appId, identifier) =>
      toUser(await executor.read(findByIdentifier({ appId, identifier }))),
    findByEmail: async (appId, email) =>
      toUser(await executor.read(findByEmail({ appId, email, text: foldedText(email) }))),
    async upsert(user, changes, events = []) {
      const { appId, updatedAtMs } = user
      const [rows] = await executor
        .write([
          upsertUser(toUpsertRow(user, changes)),
          ...events.flatMap((event) => tell(appId, whoseUpsert(user, event), event, updatedAtMs)),
        ])
        .catch((error: unknown) => {
          throw toUpsertError(error, user)
        })
      if (rows.length === 0) await requireApp(user.appId)
      return toUser(rows)
    },
    update: async (appId, id, { active, endsSessions, ...changes }, events = []) =>
      executor
        .write([
          updateUser({
            ...changes,
            appId,
            id,
            active: toInteger(active),
            moreEpochs: Number(endsSessions === true),
          }),
          ...events.flatMap((event) =>
            tell(appId, { kind: 'user', userId: id }, event, changes.updatedAtMs),
          ),
        ])
        .then(([rows]) => toUser(rows))
        .catch(whenViolated('unique', undefined)),
    async renewTokenSecret({ appId, id, tokenSecret: old }, tokenSecret, nowMs) {
      const [rows] = await executor.write([
        replaceTokenSecret({ appId, id, old, tokenSecret, updatedAtMs: nowMs }),
      ])
      return toUser(rows)
    },
    async delete(appId, id, nowMs) {
      const rows = await executor.write(deletionOf(appId, id, { nowMs }))
      return rows.at(-1)?.length === 1
    },
    list: (appId, page) => listUsers(executor, appId, page),
  }
}

/** A parameter as a column of a SELECT. */
function value<T>(parameter: T, column: string) {
  return sql<T>`${parameter}`.as(column)
}

/** The value or, when it is absent, what the column of the stored user holds. */
function orKept<T>(value: T | undefined, column: string) {
  return sql<T>`coalesce(${value}, ${sql.ref(`users.${column}`)})`
}

/** Of which user an event is that is written with an upsert. */
function whoseUpsert({ id: userId, identifier }: User, { type }: UserEvent): Whose {
  if (type === 'user.created') return { kind: 'made', userId, identifier }
  if (type === 'user.updated') return { kind: 'known', userId, identifier }
  return { kind: 'signed_in', identifier }
}

function toInteger(active: boolean | undefined): number | undefined {
  return active === undefined ? undefined : Number(active)
}

function toUpsertRow(user: User, changes: UserChanges): UpsertRow {
  return {
    ...user,
    active: Number(user.active),
    newEmail: changes.email,
    newName: changes.name,
    newProfile: changes.profile,
    newScopes: changes.scopes,
    newTokenSecret: changes.tokenSecret,
  }
}

/** Identifiers cannot clash in an upsert, so a unique constraint that stands against it is that of the id. */
function toUpsertError(error: unknown, { appId, id }: User): unknown {
  if (!(error instanceof ConstraintError)) return error
  return error.constraint === 'unique'
    ? new UserIdTakenError(id)
    : new AmazonAuthError('app_not_found', { appId })
}

function toUser([row]: readonly UserRow[]): User | undefined {
  return row && fromUserRow(row)
}
