import { checkSealingKeys } from '../apps/sealing-keys'
import type { Config } from '../config/config'
import { createSealer, type Sealer } from '../crypto/sealer'
import { loadRedis, loadSqlStores } from '../store/drivers'
import { describeKeySource, getMasterKeys } from '../store/master-key'
import { completeStore } from '../store/own/complete-store'
import type { Redis } from '../store/redis/open-redis'
import type { WholeStore } from '../store/store'
import { once } from '../lazily'
import type { Tracing } from '../telemetry/tracing'
import type { Parts } from './parts'

/** Where everything is kept, and the keys that seal it. */
export interface Stores {
  readonly store: WholeStore
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

/** To open a database may take longer than to ask it. */
const OPEN_MS = 15_000

export function composeStores(config: Config, tracing: Tracing, parts: Parts): Stores {
  const { logger } = parts
  const { url } = config.store
  const store = openStore(config, tracing, parts)
  const redis = openRedis(config, logger)
  const keySource = { secretKeys: config.secretKey, storeUrl: url }
  let mayCreate = false
  const masterKeys = once(() => getMasterKeys({ ...keySource, mayCreate }))
  const sealer = createSealer(masterKeys, 'secrets at rest')
  return {
    store,
    redis,
    masterKeys,
    sealer,
    async open() {
      await Promise.all([store.ready(), redis?.ready()])
      mayCreate = (await store.sealingKeys.list()).length === 0
      await checkSealingKeys(sealer, store.sealingKeys, describeKeySource(keySource))
    },
    async close() {
      await Promise.all([store.close(), redis?.close()])
    },
  }
}

/** The host's own, or an SQL store. */
function openStore({ store }: Config, tracing: Tracing, parts: Parts): WholeStore {
  const { url, poolSize, connectTimeout: connectTimeoutMs, timeout: timeoutMs } = store
  if (parts.store !== undefined) return completeStore(parts.store, { timeoutMs, openMs: OPEN_MS })
  const { logger } = parts
  const sql = { url, poolSize, connectTimeoutMs, timeoutMs, logger, tracing }
  return loadSqlStores().openSqlStore(sql)
}

function openRedis({ appName, session }: Config, logger: Parts['logger']): Redis | undefined {
  const { storeUrl: url, idleTimeout: idleSeconds } = session
  return url === undefined
    ? undefined
    : loadRedis().openRedis({ url, name: appName, idleSeconds, logger })
}
