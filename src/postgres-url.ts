import { toUrl } from './to-url'

/** Where a PostgreSQL server is, and how to connect to it. */
export interface PostgresServer {
  /** Name or address; a directory (it starts with `/`) means the socket in it. */
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password: string | undefined
  /**
   * `require` encrypts without looking at the certificate, `verify-ca` looks at who issued it, `verify-full` at the name
   * too.
   */
  readonly ssl: SslMode
  /** Certificates to trust (PEM) instead of those that Node.js brings. */
  readonly caFile: string | undefined
  /** How we are called in the server's list of sessions. */
  readonly applicationName: string | undefined
  /** Settings for the session, as on the server's command line: `-c search_path=auth`. */
  readonly options: string | undefined
  /** Ties the password to the TLS connection where the server offers that. */
  readonly channelBinding: boolean
}

/** Of libpq; `off` stands for its `disable`. */
export const SSL_MODES = ['off', 'require', 'verify-ca', 'verify-full'] as const
type SslMode = (typeof SSL_MODES)[number]

/** Modes that addresses of hosted databases have, and what they come to here. */
const SSL_MODE_NAMES: Readonly<Record<string, SslMode>> = {
  disable: 'off',
  allow: 'require',
  prefer: 'require',
  'no-verify': 'require',
  require: 'require',
  'verify-ca': 'verify-ca',
  'verify-full': 'verify-full',
}
const PARAMETERS = [
  ...['sslmode', 'sslrootcert', 'host', 'ssl', 'uselibpqcompat'],
  ...['application_name', 'options', 'channel_binding'],
]
/** What other clients read: it changes nothing of where and as whom we connect. */
const PASSED_OVER = [
  ...['connect_timeout', 'target_session_attrs', 'fallback_application_name', 'gssencmode'],
  ...[
    'keepalives',
    'keepalives_idle',
    'keepalives_interval',
    'keepalives_count',
    'client_encoding',
  ],
  ...['pgbouncer', 'pool_mode', 'pool_timeout', 'connection_limit', 'statement_cache_size', 'supa'],
  ...['sslaccept', 'sslnegotiation', 'workaround', 'socket_timeout'],
]
const DEFAULT_PORT = 5432
const ENCODE =
  'percent-encode what stands for itself in it (@ as %40, / as %2F, # as %23, ? as %3F, % as %25), or put the password into store.password'

/**
 * Reads `postgres://user:password@host:port/database?sslmode=…&sslrootcert=…`. `?host=/run/postgresql` names a socket.
 *
 * @throws {TypeError} It cannot be used. The message follows the name of a key, and holds nothing of the URL.
 */
export function parsePostgresUrl(text: string): PostgresServer {
  const url = splitPostgresUrl(text)
  const parameter = (name: string) => url.searchParams.get(name) ?? undefined
  const host = parameter('host') ?? url.hostname.replace(/^\[(.*)\]$/, '$1')
  const database = decode(url.pathname.slice(1))
  const user = decode(url.username)
  if (host === '' || database === '' || user === '') {
    fail(`must name a user, a host and a database. If its password is cut off, ${ENCODE}`)
  }
  const caFile = parameter('sslrootcert')
  return {
    host: decode(host),
    port: url.port === '' ? DEFAULT_PORT : Number(url.port),
    database,
    user,
    password: url.password === '' ? undefined : decode(url.password),
    ssl: readSslMode(parameter('sslmode') ?? (parameter('ssl') === 'true' ? 'require' : undefined)),
    // As libpq has it: those of the system.
    caFile: caFile === 'system' ? undefined : caFile,
    applicationName: parameter('application_name'),
    options: parameter('options'),
    channelBinding: ['prefer', 'require'].includes(parameter('channel_binding') ?? ''),
  }
}

/** What an address that can be used asks for in vain. Sentences that follow the name of a key, without its values. */
export function postgresUrlWarnings(text: string): readonly string[] {
  const { searchParams } = splitPostgresUrl(text)
  const ignored = PASSED_OVER.filter((name) => searchParams.has(name))
  const warnings = []
  if (ignored.length > 0) warnings.push(`has parameters that are ignored: ${ignored.join(', ')}`)
  const mode = searchParams.get('sslmode') ?? ''
  if (['allow', 'prefer'].includes(mode)) {
    warnings.push(
      `has sslmode=${mode}, which is taken as require: a server without TLS needs disable`,
    )
  }
  if (searchParams.get('channel_binding') === 'require') {
    warnings.push(
      'has channel_binding=require, which is taken as prefer: sslmode=verify-full makes sure of the server',
    )
  }
  return warnings
}

/**
 * The parts of an address, some of which may be missing. What stands behind a password that was not encoded would be taken
 * for the host, the database or a parameter: that is refused.
 *
 * @throws {TypeError} As {@link parsePostgresUrl}.
 */
export function splitPostgresUrl(text: string): URL {
  const url = toUrl(text)
  if (url?.hash !== '' || url.pathname.includes('@')) {
    return fail(`must be postgres://user:password@host:port/database. In its password ${ENCODE}`)
  }
  const known = [...PARAMETERS, ...PASSED_OVER]
  if (Array.from(url.searchParams.keys()).some((name) => !known.includes(name))) {
    fail(
      `takes only the parameters ${PARAMETERS.join(', ')}. If its password has a ? in it, ${ENCODE}`,
    )
  }
  return url
}

function readSslMode(mode: string | undefined): SslMode {
  if (mode === undefined) return 'off'
  return (
    SSL_MODE_NAMES[mode] ?? fail('takes sslmode disable, prefer, require, verify-ca or verify-full')
  )
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return fail(`must have % only before two hexadecimal digits. In its password ${ENCODE}`)
  }
}

function fail(problem: string): never {
  throw new TypeError(problem)
}
