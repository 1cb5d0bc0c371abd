import { sql } from 'kysely'

import type { Incoming, IncomingApp, IncomingIdentifier, IncomingUser } from '../incoming'
import { statementOf, type Statement } from './define-query'
import { written } from './moved-tables'
import type { SqlExecutor } from './sql-executor'

/** A user, and what the rest of the incoming says of its identifier. */
export interface StagedUser {
  readonly user: IncomingUser
  /** Of Amazon, by which it is found: its own, or one that leads to it. Undefined: it has none. */
  readonly amazonIdentifier: string | undefined
  /** How many more of Amazon's lead to it. */
  readonly moreIdentifiers: number
  /** The user who has its identifier, if that is another one. */
  readonly ownedBy: string | undefined
}

const TABLES = [
  'create table apps (app_id text primary key, record text not null, updated_at integer not null)',
  `create table users (app_id text not null, id text not null, identifier text not null, record text not null,
    updated_at integer not null, primary key (app_id, id))`,
  `create table identifiers (app_id text not null, identifier text not null, user_id text not null, at integer not null,
    primary key (app_id, identifier)) without rowid`,
]
const INDICES = [
  'create index users_by_identifier on users (app_id, identifier)',
  'create index identifiers_by_user on identifiers (app_id, user_id)',
]

/** Statements of one transaction. */
const BATCH = 1_000

interface Row {
  readonly app: string
  readonly id: string
  readonly record: string
  readonly at: number
}

/** Of what comes twice, as from two backups, the later one counts. */
const putApp = written<Omit<Row, 'id'>, unknown>(
  ({ app, record, at }) => sql`insert into apps values (${app}, ${record}, ${at})
    on conflict (app_id) do update set record = excluded.record, updated_at = excluded.updated_at
    where excluded.updated_at >= apps.updated_at`,
)
const putUser = written<Row & { readonly identifier: string }, unknown>(
  ({
    app,
    id,
    identifier,
    record,
    at,
  }) => sql`insert into users values (${app}, ${id}, ${identifier}, ${record}, ${at})
    on conflict (app_id, id) do update set identifier = excluded.identifier, record = excluded.record,
    updated_at = excluded.updated_at where excluded.updated_at >= users.updated_at`,
)
const putIdentifier = written<Omit<Row, 'record'> & { readonly identifier: string }, unknown>(
  ({
    app,
    id,
    identifier,
    at,
  }) => sql`insert into identifiers values (${app}, ${identifier}, ${id}, ${at})
    on conflict (app_id, identifier) do update set user_id = excluded.user_id, at = excluded.at
    where excluded.at >= identifiers.at`,
)

const listApps = written<object, { id: string; record: string | null; users: number }>(
  () => sql`select names.id, apps.record, (select count(*) from users where app_id = names.id) as users
    from (select app_id as id from apps union select distinct app_id as id from users) as names
    left join apps on apps.app_id = names.id order by names.id`,
)

interface UserRow {
  readonly id: string
  readonly record: string
  readonly attached: string | null
  readonly attachments: number
  readonly owner: string | null
  readonly twin: string | null
}

const usersAfter = written<{ app: string; after: string; limit: number }, UserRow>(
  ({ app, after, limit }) => sql`select u.id, u.record,
      coalesce(
        (select i.identifier from identifiers i where i.app_id = u.app_id and i.user_id = u.id and i.identifier = u.identifier),
        (select i.identifier from identifiers i where i.app_id = u.app_id and i.user_id = u.id
          order by i.at desc, i.identifier limit 1)) as attached,
      (select count(*) from identifiers i where i.app_id = u.app_id and i.user_id = u.id) as attachments,
      (select i.user_id from identifiers i where i.app_id = u.app_id and i.identifier = u.identifier) as owner,
      (select other.id from users other where other.app_id = u.app_id and other.identifier = u.identifier
        and (other.updated_at > u.updated_at or other.updated_at = u.updated_at and other.id < u.id)
        order by other.updated_at desc, other.id limit 1) as twin
    from users u where u.app_id = ${app} and u.id > ${after} order by u.id limit ${limit}`,
)

const AMAZON = 'az:'

/**
 * What is coming in, laid into a database of its own first: it comes in any order, users and what leads to them apart,
 * and a million of them do not lie in memory.
 */
export class IncomingStage {
  private batch: Statement[] = []

  private constructor(private readonly database: SqlExecutor) {}

  /** @param database An SQLite database that is empty. It stays the caller's to close. */
  static async create(database: SqlExecutor): Promise<IncomingStage> {
    await database.write(TABLES.map((text) => statementOf(text)))
    return new IncomingStage(database)
  }

  async add(incoming: Incoming): Promise<void> {
    this.batch.push(toStatement(incoming))
    if (this.batch.length === BATCH) await this.flush()
  }

  /** To be called when all is in, before anything is read. */
  async finish(): Promise<void> {
    await this.flush()
    await this.database.write(INDICES.map((text) => statementOf(text)))
  }

  /** Every app that has a record or users, by its id. */
  async apps(): Promise<readonly { id: string; app: IncomingApp | undefined; users: number }[]> {
    const rows = await this.database.read(listApps({}))
    return rows.map(({ id, record, users }) => ({
      id,
      app: record === null ? undefined : (JSON.parse(record) as IncomingApp),
      users,
    }))
  }

  /** The users of an app by their ids, some at a time. */
  async *usersOf(app: string, limit: number): AsyncGenerator<readonly StagedUser[]> {
    for (let after = ''; ;) {
      const rows = await this.database.read(usersAfter({ app, after, limit }))
      const last = rows.at(-1)
      if (last === undefined) return
      yield rows.map(toStagedUser)
      after = last.id
    }
  }

  private async flush(): Promise<void> {
    const { batch } = this
    this.batch = []
    if (batch.length > 0) await this.database.write(batch)
  }
}

function toStatement(incoming: Incoming): Statement {
  if (incoming.kind === 'app') return appStatement(incoming.app)
  return incoming.kind === 'user'
    ? userStatement(incoming.user)
    : identifierStatement(incoming.identifier)
}

function appStatement(app: IncomingApp): Statement {
  return putApp({ app: app.id, record: JSON.stringify(app), at: app.updatedAtMs })
}

function userStatement(user: IncomingUser): Statement {
  const { appId: app, id, identifier, updatedAtMs: at = 0 } = user
  return putUser({ app, id, identifier, record: JSON.stringify(user), at })
}

function identifierStatement({ appId, identifier, userId, atMs }: IncomingIdentifier): Statement {
  return putIdentifier({ app: appId, id: userId, identifier, at: atMs })
}

function toStagedUser({ record, attached, attachments, owner, twin }: UserRow): StagedUser {
  const user = JSON.parse(record) as IncomingUser
  const isAmazons = user.identifier.startsWith(AMAZON)
  const other = owner !== null && owner !== user.id ? owner : undefined
  // Whom an identifier leads to is said by its own record, where there is one.
  const ownedBy =
    attached === null ? (other ?? (owner === null ? (twin ?? undefined) : undefined)) : undefined
  return {
    user,
    amazonIdentifier: attached ?? (isAmazons ? user.identifier : undefined),
    moreIdentifiers: Math.max(0, attachments - 1),
    ownedBy,
  }
}
