import type { User } from '../../users/user'

export const USER_COLUMNS = [
  'id',
  'app_id as appId',
  'identifier',
  'email',
  'name',
  'picture',
  'groups',
  'profile',
  'scopes',
  'active',
  'token_secret as tokenSecret',
  'session_epoch as sessionEpoch',
  'created_at as createdAtMs',
  'updated_at as updatedAtMs',
] as const

export type UserRow = Omit<User, 'active'> & { readonly active: number }

export function fromUserRow(row: UserRow): User {
  return { ...row, active: row.active === 1 }
}
