/**
 * What operators do, as the audit trail names it. What is done has one name, however it is done: in the pages for
 * operators, by the API, or to many users at once.
 */
export const OPERATOR_ACTIONS = [
  'app_created',
  'app_renamed',
  'app_switched_on',
  'app_switched_off',
  'app_deleted',
  'keys_renewed',
  'setting_put',
  'setting_deleted',
  'settings_replaced',
  'user_changed',
  'user_locked',
  'user_unlocked',
  'user_signed_out',
  'user_unlinked',
  'user_deleted',
  'user_exported',
  'bulk_started',
  'bulk_cancelled',
  'webhook_created',
  'webhook_changed',
  'webhook_switched_on',
  'webhook_switched_off',
  'webhook_secret_rotated',
  'webhook_deleted',
  'webhook_tested',
  'webhook_resent',
  'operator_signed_in',
] as const

/** The name of something that operators do. */
export type OperatorAction = (typeof OPERATOR_ACTIONS)[number]
