import type { Logger } from '../../../src/logger'
import { openSqlStore } from '../../../src/store/sql/open-sql-store'
import type { SqlStore } from '../../../src/store/sql/open-sql-store'

export { buildApp, buildUser } from '../../../src/store-contract/samples'

const silent = () => undefined
export const silentLogger: Logger = { debug: silent, info: silent, warn: silent, error: silent }

export function openStore(url: string, options: { lockTimeoutMs?: number } = {}): SqlStore {
  return openSqlStore({ url, logger: silentLogger, ...options })
}
