import type { Span } from '../../stats/span'

/** The tables as SQL names them. Times are milliseconds since 1970; `active` is 1 or 0 in every dialect. */
export interface Schema {
  apps: {
    app_id: string
    name: string
    active: number
    sealed_secret: string
    created_at: number
    updated_at: number
    /** Set: the app is gone, and its users go bite by bite. */
    deleted_at: number | null
    /** What its endpoints want to be told of: names of events with a blank around each; null: it has none. */
    webhook_events: string | null
  }
  settings: {
    app_id: string
    name: string
    value: string
  }
  users: {
    app_id: string
    id: string
    identifier: string
    email: string
    name: string
    picture: string
    groups: string
    /** JSON text. */
    profile: string | null
    scopes: string | null
    active: number
    token_secret: string
    session_epoch: number
    created_at: number
    updated_at: number
  }
  /** What Amazon gave for a user, where the app keeps it. */
  amazon_tokens: {
    app_id: string
    user_id: string
    /** Empty once they have ended. */
    sealed: string
    state: string
    /** When the access token ends. */
    expires_at: number
    /** Names these tokens: others of the same user have another. */
    version: string
    /** Until when one process alone may refresh them; 0: none is at it. */
    refreshing_until: number
    /** 1: a refresh was sent whose answer never came. */
    unsure: number
    updated_at: number
  }
  sessions: {
    id_hash: string
    data: string
    expires_at: number
  }
  audit: {
    app_id: string
    at: number
    id: string
    outcome: string
    reason: string
    way: string
    user_id: string | null | undefined
    request_id: string | undefined
    network: string
    step: string | null | undefined
    took_ms: number | null | undefined
    amazon_ms: number | null | undefined
    is_new: number | null | undefined
    actor: string | null | undefined
    detail: string | null | undefined
  }
  used_once: {
    app_id: string
    name_hash: string
    expires_at: number
  }
  /** Users who are gone, and of whom something may be left elsewhere. */
  erasures: {
    app_id: string
    user_id: string
    deleted_at: number
  }
  /** Logins of devices that are under way, see devices/device-login.ts: not exported. */
  device_logins: {
    app_id: string
    handle_hash: string
    state: string
    sealed: string
    /** Names whoever asks, by a hash. */
    address: string
    interval_ms: number
    next_poll_at: number
    expires_at: number
  }
  /** Changes of many users, see bulk/bulk-change.ts: not exported. */
  bulks: {
    app_id: string
    bulk_id: string
    action: string
    state: string
    covers: string
    search: string | null
    actor: string
    total: number
    changed: number
    unchanged: number
    gone: number
    /** Ids, with blanks between. */
    missing: string
    missing_count: number
    created_at: number
    updated_at: number
    driven_until: number
    expires_at: number
  }
  /** Users whom such a change has still to look at. */
  bulk_users: {
    app_id: string
    bulk_id: string
    user_id: string
  }
  /** Endpoints of apps: see webhooks/webhook.ts. */
  webhooks: {
    app_id: string
    id: string
    url: string
    /** Names of events, with a blank around each. */
    events: string
    /** Why it is off; empty: it is on. */
    off: string
    sealed: string
    former_until: number
    failing_since: number | null
    created_at: number
    updated_at: number
    /** Set: it is gone, and its deliveries go bite by bite. */
    deleted_at: number | null
  }
  /** One for each user of whom something waits for an endpoint: its events go one after the other. Not exported. */
  webhook_streams: {
    app_id: string
    webhook_id: string
    /** Id of the user; of an event without one, its own. */
    stream: string
    /** Number of its last event: no other of the stream has one as high. Close to the time, so that streams compare. */
    last_seq: number
    /** When its first event is to be sent; whoever sends it puts the end of its claim here. */
    next_at: number
  }
  /** Events for endpoints: those that wait and, for some days, those that are done. Not exported. */
  webhook_deliveries: {
    app_id: string
    webhook_id: string
    /** Of the event: the same for each endpoint. In the order of time. */
    id: string
    stream: string
    seq: number
    user_id: string | null
    type: string
    at: number
    /** The user as it was, as JSON. */
    snapshot: string | null
    /** What is told beside, as JSON. */
    detail: string
    state: string
    attempts: number
    /** The latest attempts, as JSON. */
    tries: string
    done_at: number | null
  }
  /** Which keys may have sealed what is stored: a start without one of them would only fail later. */
  sealing_keys: {
    key_id: string
  }
  /** Processes that serve from this store: neither moved nor exported. */
  serving_nodes: {
    node_id: string
    label: string
    /** Of master keys, with blanks between. */
    key_ids: string
    seen_at: number
  }
  /** What was counted of an app's sign-ins in a period, see stats/sums.ts; all are added to. */
  sign_in_sums: SignInSums
  sign_in_failures: {
    app_id: string
    span: Span
    at: number
    way: string
    reason: string
    n: number
  }
  schema_versions: {
    version: number
  }
  /** Only while another store is moved into this one: see move-store.ts. */
  moves: {
    name: string
    /** Names the store that it comes from. */
    source: string
    /** Key of the last row that is here, as JSON; undefined: none is. */
    position: string | undefined
  }
  /** Apps of an import that has not reached its end: see import-marks.ts. */
  imports: {
    app_id: string
    /** Names the file that it comes from. */
    source: string
    /** Of the app: one that was made later, under the same name, is another. */
    created_at: number
    /** 1: it is in the place of an app that was there, and has kept what the file lacks. */
    replaces: number
    /** 1: it is here with all its users. */
    done: number
  }
  /** SQLite's own list of tables. */
  sqlite_schema: { type: string; name: string }
}

type Bucket = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7

export interface SignInSums
  extends Record<`amazon_${Bucket}`, number>, Record<`own_${Bucket}`, number> {
  /** See stats/roll-up.ts: also of all apps together, and of names that no app has. */
  app_id: string
  span: Span
  /** When the period begins. */
  at: number
  begun: number
  returned: number
  browser: number
  amazon_token: number
  app_token: number
  device: number
  /** Of all ways together, by which apps are ordered. */
  succeeded: number
  declined: number
  failed: number
  new_users: number
  revoked: number
  timed: number
  amazon_ms: number
  own_ms: number
}
