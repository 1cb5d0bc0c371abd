import type { AppRecord } from '../../../src/apps/app'
import type { Logger } from '../../../src/logger'
import { openSqlStore } from '../../../src/store/sql/open-sql-store'
import type { SqlStore } from '../../../src/store/sql/open-sql-store'
import type { User } from '../../../src/users/user'

const silent = () => undefined
export const silentLogger: Logger = { debug: silent, info: silent, warn: silent, error: silent }

export function openStore(url: string, options: { lockTimeoutMs?: number } = {}): SqlStore {
  return openSqlStore({ url, logger: silentLogger, ...options })
}

export function buildApp(values: Partial<AppRecord> = {}): AppRecord {
  return {
    id: 'shop',
    name: 'The shop',
    active: true,
    sealedSecret: 'k1.sealed',
    createdAtMs: 1_700_000_000_000,
    updatedAtMs: 1_700_000_000_000,
    ...values,
  }
}

export function buildUser(values: Partial<User> = {}): User {
  return {
    id: '1001',
    appId: 'shop',
    identifier: 'az:amzn1.account.A',
    email: 'ann@example.com',
    name: 'Ann',
    picture: 'https://example.com/ann.png',
    groups: 'users',
    profile: null,
    scopes: null,
    active: true,
    tokenSecret: 'token-secret',
    sessionEpoch: 0,
    createdAtMs: 1_700_000_000_000,
    updatedAtMs: 1_700_000_000_000,
    ...values,
  }
}
