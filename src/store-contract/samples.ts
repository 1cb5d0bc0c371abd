import type { AppRecord } from '../apps/app'
import type { User } from '../users/user'

/** The app that every case finds in the store. */
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

/** A user of that app. */
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
