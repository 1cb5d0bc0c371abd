import { checkSealingKeys } from '../apps/sealing-keys'
import type { Config } from '../config/config'
import { createSealer, type Sealer } from '../crypto/sealer'
import { loadRedis, loadSqlStores } from '../store/drivers'
import { describeKeySource, getMasterKeys } from '../store/master-key'
import type { Redis } from '../store/redis/open-redis'
import type { SqlStore } from '../store/sql/open-sql-store'
import { once } from '../lazily'
import type { Tracing } from '../telemetry/tracing'
import type { Parts } from './parts'

/** Where everything is kept, and the keys that seal it. */
export interface Stores {
  readonly sql: SqlStore
  /** What nodes share beside the store, if they do. */
  readonly redis: Redis | undefined
  /** Those in force; read at first use. */
  readonly masterKeys: () => readonly string[]
  /** Seals the secrets of apps and users at rest. */
  readonly sealer: Sealer
  /** Opens them, and makes sure that the master keys are those that have sealed what is there. */
  open(): Promise<void>
  close(): Promise<void>
}

export function composeStores(config: Config, tracing: Tracing, { logger }: Parts): Stores {
  const { url, poolSize, connectTimeout: connectTimeoutMs, timeout: timeoutMs } = config.store
  const sql = loadSqlStores().openSqlStore({
    url,
    poolSize,
    connectTimeoutMs,
    timeoutMs,
    logger,
    tracing,
  })
  const redis = openRedis(config, logger)
  const keySource = { secretKeys: config.secretKey, storeUrl: url }
  let mayCreate = false
  const masterKeys = once(() => getMasterKeys({ ...keySource, mayCreate }))
  const sealer = createSealer(masterKeys, 'secrets at rest')
  return {
    sql,
    redis,
    masterKeys,
    sealer,
    async open() {
      await Promise.all([sql.ready(), redis?.ready()])
      mayCreate = (await sql.sealingKeys.list()).length === 0
      await checkSealingKeys(sealer, sql.sealingKeys, describeKeySource(keySource))
    },
    async close() {
      await Promise.all([sql.close(), redis?.close()])
    },
  }
}

function openRedis({ appName, session }: Config, logger: Parts['logger']): Redis | undefined {
  const { storeUrl: url, idleTimeout: idleSeconds } = session
  return url === undefined
    ? undefined
    : loadRedis().openRedis({ url, name: appName, idleSeconds, logger })
}
