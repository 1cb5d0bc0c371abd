/** Statements that both dialects take, but for `collate binary`: see {@link statementOf}. */
type Migration = (dialect: 'sqlite' | 'postgres') => readonly string[]

/**
 * Steps from an empty database to the schema of this version; the n-th leads to schema n. What has been released is
 * never changed: a new step follows it.
 *
 * Keys start with the app, so that rows can be spread over machines by it; sessions alone are found by id, because one
 * browser session may hold sign-ins of several apps.
 */
export const MIGRATIONS: readonly Migration[] = [
  () => [
    `create table apps (
      app_id text primary key, name text not null, active integer not null, sealed_secret text not null,
      created_at bigint not null, updated_at bigint not null)`,
    `create table settings (
      app_id text not null references apps (app_id) on delete cascade,
      name text not null, value text not null,
      constraint settings_key primary key (app_id, name))`,
    `create table users (
      app_id text not null references apps (app_id) on delete cascade,
      id text not null, identifier text not null, email text not null, name text not null,
      picture text not null, "groups" text not null, active integer not null,
      token_secret text not null, session_epoch integer not null,
      created_at bigint not null, updated_at bigint not null,
      constraint users_key primary key (app_id, id),
      constraint users_identifier unique (app_id, identifier))`,
    'create index users_by_email on users (app_id, email)',
    'create index users_by_created_at on users (app_id, created_at)',
    'create table sessions (id_hash text primary key, data text not null, expires_at bigint not null)',
    'create index sessions_by_expires_at on sessions (expires_at)',
  ],
  () => [
    // No reference to apps: attempts name apps that are not there, and outlive those that are deleted.
    `create table audit (
      app_id text not null, at bigint not null, id text not null, outcome text not null, reason text not null,
      way text not null, user_id text, request_id text, network text not null,
      constraint audit_key primary key (app_id, at, id))`,
    'create index audit_by_at on audit (at)',
  ],
  () => [
    // No reference to apps: what was used stays used until it is worth nothing, and then goes by itself.
    `create table used_once (
      app_id text not null, name_hash text not null, expires_at bigint not null,
      constraint used_once_key primary key (app_id, name_hash))`,
    'create index used_once_by_expires_at on used_once (expires_at)',
  ],
  () => [
    'alter table apps add column deleted_at bigint',
    'create index apps_by_deleted_at on apps (deleted_at)',
    'create table sealing_keys (key_id text primary key)',
  ],
  (dialect) => [...ORDER_INDICES, ...(dialect === 'postgres' ? TEXT_INDICES : [])],
  () => [
    `create table serving_nodes (
      node_id text primary key, label text not null, key_ids text not null, seen_at bigint not null)`,
  ],
  () => [
    // No reference to users: these are gone.
    `create table erasures (
      app_id text not null, user_id text not null, deleted_at bigint not null,
      constraint erasures_key primary key (app_id, user_id))`,
    'create index erasures_by_deleted_at on erasures (deleted_at)',
    'create index audit_by_user on audit (app_id, user_id, at, id) where user_id is not null',
  ],
  () => [
    `create table amazon_tokens (
      app_id text not null, user_id text not null, sealed text not null, state text not null,
      expires_at bigint not null, version text not null, refreshing_until bigint not null,
      unsure integer not null, updated_at bigint not null,
      constraint amazon_tokens_key primary key (app_id, user_id),
      constraint amazon_tokens_user foreign key (app_id, user_id) references users (app_id, id) on delete cascade)`,
    'create index amazon_tokens_due on amazon_tokens (app_id, state, expires_at, user_id)',
  ],
  () => [
    // No reference to apps: they end by themselves, and go with the purge.
    `create table device_logins (
      app_id text not null, handle_hash text not null, state text not null, sealed text not null,
      address text not null, interval_ms bigint not null, next_poll_at bigint not null, expires_at bigint not null,
      constraint device_logins_key primary key (app_id, handle_hash))`,
    'create index device_logins_by_address on device_logins (app_id, address, expires_at)',
    'create index device_logins_by_expiry on device_logins (app_id, expires_at)',
    'create index device_logins_by_expires_at on device_logins (expires_at)',
  ],
  () => ['alter table users add column profile text', 'alter table users add column scopes text'],
  () =>
    [
      'step text',
      'took_ms integer',
      'amazon_ms integer',
      'is_new integer',
      'actor text',
      'detail text',
    ].map((column) => `alter table audit add column ${column}`),
  () => [
    // No reference to apps and users: it tells how many of them have gone.
    `create table bulks (
      app_id text not null, bulk_id text not null, action text not null, state text not null, covers text not null,
      search text, actor text not null, total bigint not null, changed bigint not null, unchanged bigint not null,
      gone bigint not null, missing text not null, missing_count bigint not null, created_at bigint not null,
      updated_at bigint not null, driven_until bigint not null, expires_at bigint not null,
      constraint bulks_key primary key (app_id, bulk_id))`,
    'create index bulks_by_state on bulks (state)',
    'create index bulks_by_expires_at on bulks (expires_at)',
    `create table bulk_users (
      app_id text not null, bulk_id text not null, user_id text not null,
      constraint bulk_users_key primary key (app_id, bulk_id, user_id))`,
  ],
  () => [
    // No reference to apps: sums of all of them, and of names that no app has, are here as well.
    `create table sign_in_sums (
      app_id text not null, span text not null, at bigint not null,
      begun integer not null, returned integer not null, browser integer not null, amazon_token integer not null,
      app_token integer not null, device integer not null, succeeded integer not null, declined integer not null,
      failed integer not null, new_users integer not null, revoked integer not null, timed integer not null,
      amazon_ms bigint not null, own_ms bigint not null, ${buckets('amazon')}, ${buckets('own')},
      constraint sign_in_sums_key primary key (app_id, span, at))`,
    'create index sign_in_sums_by_at on sign_in_sums (span, at)',
    `create index sign_in_sums_by_succeeded on sign_in_sums (at, succeeded) where span = 'day'`,
    `create index sign_in_sums_by_failed on sign_in_sums (at, failed) where span = 'day'`,
    `create table sign_in_failures (
      app_id text not null, span text not null, at bigint not null, way text not null, reason text not null,
      n integer not null,
      constraint sign_in_failures_key primary key (app_id, span, at, way, reason))`,
    'create index sign_in_failures_by_at on sign_in_failures (span, at)',
  ],
  () => HISTORY_INDICES,
  () => [
    'alter table apps add column webhook_events text',
    // No reference to apps, and none to endpoints: what they have left goes with the purge, in bites.
    `create table webhooks (
      app_id text not null, id text not null, url text not null, events text not null, off text not null,
      sealed text not null, former_until bigint not null, failing_since bigint,
      created_at bigint not null, updated_at bigint not null, deleted_at bigint,
      constraint webhooks_key primary key (app_id, id))`,
    'create index webhooks_by_deleted_at on webhooks (deleted_at) where deleted_at is not null',
    `create table webhook_streams (
      app_id text not null, webhook_id text not null, stream text not null, last_seq bigint not null,
      next_at bigint not null,
      constraint webhook_streams_key primary key (app_id, webhook_id, stream))`,
    'create index webhook_streams_due on webhook_streams (app_id, webhook_id, next_at)',
    `create table webhook_deliveries (
      app_id text not null, webhook_id text not null, id text not null, stream text not null, seq bigint not null,
      user_id text, type text not null, at bigint not null, snapshot text, detail text not null,
      state text not null, attempts integer not null, tries text not null, done_at bigint,
      constraint webhook_deliveries_key primary key (app_id, webhook_id, id))`,
    `create index webhook_deliveries_waiting on webhook_deliveries (app_id, webhook_id, stream, seq)
      where state = 'pending'`,
    `create index webhook_deliveries_open on webhook_deliveries (app_id, webhook_id, state, id)
      where state <> 'delivered'`,
    'create index webhook_deliveries_by_user on webhook_deliveries (app_id, user_id, id) where user_id is not null',
    'create index webhook_deliveries_by_done_at on webhook_deliveries (done_at) where done_at is not null',
  ],
]

function buckets(name: string): string {
  return [0, 1, 2, 3, 4, 5, 6, 7].map((index) => `${name}_${index} integer not null`).join(', ')
}

/** One for each order in which users are listed, whole with the id, and for what names and emails begin with. */
const ORDER_INDICES = [
  'drop index users_by_email',
  'drop index users_by_created_at',
  'create index users_by_created_at on users (app_id, created_at, id)',
  'create index users_by_updated_at on users (app_id, updated_at, id)',
  'create index users_by_name on users (app_id, lower(name collate binary), id)',
  'create index users_by_email on users (app_id, lower(email collate binary), id)',
  'create index users_by_id_number on users (app_id, length(id), id)',
  'create index apps_by_name on apps (lower(name collate binary), app_id)',
]

/**
 * Ways into the audit trail for what is rare in it, each kept for these rows alone: a sign-in that succeeds is in none. Without
 * the id: events of one millisecond are few.
 */
const HISTORY_INDICES = [
  `create index audit_failures on audit (at) where outcome = 'failure'`,
  `create index audit_failures_by_app on audit (app_id, at) where outcome = 'failure'`,
  `create index audit_failures_by_reason on audit (reason, at) where outcome = 'failure'`,
  `create index audit_failures_by_app_reason on audit (app_id, reason, at) where outcome = 'failure'`,
  `create index audit_changes on audit (at) where way = 'operator'`,
  `create index audit_changes_by_app on audit (app_id, at) where way = 'operator'`,
  'create index audit_by_actor on audit (actor, at, id) where actor is not null',
]

/** SQLite orders these by code units anyway. */
const TEXT_INDICES = [
  'create index users_by_identifier on users (app_id, identifier collate binary)',
  'create index apps_by_id on apps (app_id collate binary)',
]
