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
}

/** Of libpq; `off` stands for its `disable`. */
export const SSL_MODES = ['off', 'require', 'verify-ca', 'verify-full'] as const
type SslMode = (typeof SSL_MODES)[number]

const PARAMETERS = ['sslmode', 'sslrootcert', 'host']
const DEFAULT_PORT = 5432

/**
 * Reads `postgres://user:password@host:port/database?sslmode=…&sslrootcert=…`. `?host=/run/postgresql` names a socket.
 *
 * @throws {TypeError} It cannot be used. The message follows the name of a key, and holds nothing of the URL.
 */
export function parsePostgresUrl(text: string): PostgresServer {
  const url = URL.canParse(text) ? new URL(text) : fail('must be postgres://user@host/database')
  const unknown = Array.from(url.searchParams.keys()).find((name) => !PARAMETERS.includes(name))
  if (unknown !== undefined) fail(`takes only the parameters ${PARAMETERS.join(', ')}`)
  const host = url.searchParams.get('host') ?? url.hostname.replace(/^\[(.*)\]$/, '$1')
  const database = decode(url.pathname.slice(1))
  const user = decode(url.username)
  if (host === '' || database === '' || user === '') fail('must name a user, a host and a database')
  return {
    host: decode(host),
    port: url.port === '' ? DEFAULT_PORT : Number(url.port),
    database,
    user,
    password: url.password === '' ? undefined : decode(url.password),
    ssl: readSslMode(url.searchParams.get('sslmode')),
    caFile: url.searchParams.get('sslrootcert') ?? undefined,
  }
}

function readSslMode(mode: string | null): SslMode {
  if (mode === null || mode === 'disable') return 'off'
  return (
    SSL_MODES.find((known) => known === mode) ??
    fail('takes sslmode disable, require, verify-ca or verify-full')
  )
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return fail('must have % only before two hexadecimal digits')
  }
}

function fail(problem: string): never {
  throw new TypeError(problem)
}
