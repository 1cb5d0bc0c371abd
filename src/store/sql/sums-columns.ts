import type { SignInSums } from './schema'

/** All but the key of `sign_in_sums`. */
export const SUM_COLUMNS = [
  'begun',
  'returned',
  'browser',
  'amazon_token',
  'app_token',
  'device',
  'succeeded',
  'declined',
  'failed',
  'new_users',
  'revoked',
  'timed',
  'amazon_ms',
  'own_ms',
  'amazon_0',
  'amazon_1',
  'amazon_2',
  'amazon_3',
  'amazon_4',
  'amazon_5',
  'amazon_6',
  'amazon_7',
  'own_0',
  'own_1',
  'own_2',
  'own_3',
  'own_4',
  'own_5',
  'own_6',
  'own_7',
] as const satisfies readonly (keyof SignInSums)[]

export const SUMS_KEY = ['app_id', 'span', 'at'] as const
export const FAILURES_KEY = [...SUMS_KEY, 'way', 'reason'] as const
