import { startAdminWorld, type AdminWorld } from '../../support/admin-world'
import type { HostOptions } from '../../support/host'

export interface UserRow {
  readonly id: string
  readonly appId?: string
  readonly identifier?: string
  readonly name?: string
  readonly email?: string
  readonly active?: boolean
  readonly createdAtMs?: number
}

export const BORN_MS = 1_700_000_000_000

/** Operators and users who were there before. */
export interface UsersWorld extends AdminWorld {
  add(...users: readonly UserRow[]): void
  /** @param from Of their numbers, which lie in a row. */
  addMany(from: number, count: number): void
  user(id: string, appId?: string): Readonly<Record<string, unknown>> | undefined
  /** Events of operators about a user, or (without one) about none, the earliest first. */
  changes(userId?: string): readonly Readonly<Record<string, unknown>>[]
}

export async function startUsersWorld(setup: HostOptions = {}): Promise<UsersWorld> {
  const world = await startAdminWorld(setup)
  const { store } = world
  const insert = `INSERT INTO users (app_id, id, identifier, email, name, picture, "groups", active, token_secret, session_epoch, created_at, updated_at)`
  return {
    ...world,
    add(...users) {
      for (const user of users) {
        const { id, appId = 'acme', identifier = `az:${id}`, createdAtMs = BORN_MS } = user
        const { name = 'Ann', email = `${id}@example.com`, active = true } = user
        const values = [appId, id, identifier, email, name, Number(active), createdAtMs]
        const sql = `${insert} VALUES (?, ?, ?, ?, ?, '', 'users', ?, 'secret', 0, ?, ${BORN_MS})`
        store.run(sql, ...values)
      }
    },
    addMany(from, count) {
      store.run(
        `WITH RECURSIVE n (i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i < ${from + count - 1})
        ${insert} SELECT 'acme', i, 'az:' || i, i || '@example.com', 'Many ' || i, '', 'users', 1, 'secret', 0, ${BORN_MS} + i, ${BORN_MS} FROM n`,
      )
    },
    user: (id, appId = 'acme') =>
      store.rows('SELECT * FROM users WHERE app_id = ? AND id = ?', appId, id)[0],
    changes: (userId) =>
      store.rows(
        `SELECT * FROM audit WHERE way = 'operator' AND reason <> 'operator_signed_in' AND user_id IS ? ORDER BY at, id`,
        userId ?? null,
      ),
  }
}
