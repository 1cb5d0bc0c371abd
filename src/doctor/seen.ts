/** What a request tells of the way that it has come. */
export interface SeenRequest {
  /** Path that the middleware is mounted under; empty: the root. */
  readonly mountPath: string
  /** Scheme, host and port as we take them; undefined: its Host header is no host. */
  readonly origin: string | undefined
  /** Headers by which proxies tell of the browser's address, with their values. */
  readonly forwarded: Readonly<Record<string, string>>
  /** Whether the proxy next to us is one that is trusted. */
  readonly isTrusted: boolean
  /** What is wrong with the session that the host has mounted, for logins that end at an address. */
  lossesAt(target: string, ownOrigin: string): readonly string[]
}

/** What an Express app says of itself. */
export interface SeenExpress {
  /** Its setting `trust proxy`. */
  readonly trustProxy: unknown
  /** Path that the middleware is mounted under; empty: the root; undefined: neither a request nor the app has told. */
  readonly mountPath: string | undefined
  /** Whether the middleware is in it, or behind something that answers every request; absent: a request has come through. */
  readonly mount?: MountState
  /** Where express-session is mounted: before the middleware, behind it, or not at all; undefined: that cannot be seen. */
  readonly session: 'before' | 'behind' | 'none' | undefined
}

export type MountState = 'mounted' | 'hidden' | 'absent'
