const LET_WRITE = 'let this process write the file and its directory'
const REACH = 'check that the server runs, and store.url'
const ROOM = 'give this server a database, or its user a schema, of its own'
const TRUST = 'name the certificates to trust in store.ssl_ca'

/** What the operator can do, by the code of SQLite, of PostgreSQL (SQLSTATE) or of the system. */
const ADVICE: ReadonlyMap<unknown, string> = new Map([
  ['SQLITE_NOTADB', 'move the file away, or correct store.url'],
  ['SQLITE_CORRUPT', 'restore the file from a backup'],
  ['SQLITE_READONLY', LET_WRITE],
  ['EACCES', LET_WRITE],
  ['SQLITE_BUSY', 'end the process that keeps the file locked'],
  ['ECONNREFUSED', REACH],
  ['ENOTFOUND', REACH],
  ['28P01', 'correct the user or password of store.url'],
  ['28000', 'correct the user of store.url, or let it in in pg_hba.conf'],
  ['3D000', 'create the database (encoding UTF8), or correct store.url'],
  ['42P07', ROOM],
  ['42710', ROOM],
  ['42501', 'let the user of store.url create tables in its schema'],
  ['53300', "raise the server's max_connections, or lower store.pool_size"],
  ['SELF_SIGNED_CERT_IN_CHAIN', TRUST],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', TRUST],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', TRUST],
])

export function adviceFor(code: unknown): string | undefined {
  return ADVICE.get(code)
}
