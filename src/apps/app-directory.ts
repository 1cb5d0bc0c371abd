import { LRUCache } from 'lru-cache'

import type { Sealer } from '../crypto/sealer'
import { AmazonAuthError } from '../errors'
import type { App, AppStore } from './app'
import type { AppChanges } from './app-changes'
import { openSettings, settingsFrom } from './seal-settings'
import type { SettingValues } from './settings'

/** Settings written in the configuration, for an app by id; what the store holds wins over them. */
export type ConfiguredSettings = (appId: string) => SettingValues | undefined

export interface AppDirectoryDeps {
  readonly store: Pick<AppStore, 'find'>
  readonly sealer: Sealer
  readonly rootId: string
  /** Fixed secret of the root app, if configured. */
  readonly rootSecret: string | undefined
  readonly configured: ConfiguredSettings
  readonly changes: AppChanges
  /** How long a node may go on with what it has read, in milliseconds. */
  readonly cacheTtlMs: number
}

/** Finds apps by id, with a short memory for those it found and those it did not. */
export interface AppDirectory {
  readonly rootId: string
  /** @throws {AmazonAuthError} `store_unavailable`, `secret_unreadable` */
  find(appId: string): Promise<App | undefined>
  /** @throws {AmazonAuthError} as `find`, and `app_not_found`, `app_inactive` */
  resolve(appId: string): Promise<App>
  /** Forgets what was read of an app, here and on all other nodes: call it after every change. */
  forget(appId: string): void
}

/** Bounds the memory, also under a flood of names that do not exist. */
const MAX_CACHED_APPS = 10_000

export function createAppDirectory(deps: AppDirectoryDeps): AppDirectory {
  const cache = new LRUCache<string, { readonly app: App | undefined }>({
    max: MAX_CACHED_APPS,
    ttl: deps.cacheTtlMs,
    // Who waits for a read while the app is forgotten gets what was read; only it is not kept.
    ignoreFetchAbort: true,
    fetchMethod: async (appId) => ({ app: await readApp(appId, deps) }),
  })
  async function find(appId: string): Promise<App | undefined> {
    return (await cache.fetch(appId))?.app
  }
  deps.changes.subscribe((appId) => {
    if (appId === undefined) cache.clear()
    else cache.delete(appId)
  })
  return {
    rootId: deps.rootId,
    find,
    async resolve(appId) {
      const app = await find(appId)
      if (app === undefined) throw new AmazonAuthError('app_not_found', { app: appId.slice(0, 64) })
      if (!app.active) throw new AmazonAuthError('app_inactive', { app: appId })
      return app
    },
    forget(appId) {
      cache.delete(appId)
      deps.changes.publish(appId)
    },
  }
}

async function readApp(appId: string, deps: AppDirectoryDeps): Promise<App | undefined> {
  const found = await deps.store.find(appId)
  if (found === undefined) return undefined
  const { sealedSecret, ...record } = found.app
  const isRoot = appId === deps.rootId
  const fixedSecret = isRoot ? deps.rootSecret : undefined
  const secret = fixedSecret ?? deps.sealer.open(sealedSecret, appId)
  if (secret === undefined) throw new AmazonAuthError('secret_unreadable', { app: appId })
  const stored = openSettings(appId, found.settings, deps.sealer)
  const settings = mergeSettings(deps.configured(appId) ?? {}, stored)
  return { ...record, isRoot, secret, settings, storedSettings: stored }
}

/** The two keys of Amazon belong together: a layer that sets one hides both of the layer below. */
function mergeSettings(lower: SettingValues, upper: SettingValues): SettingValues {
  const setsKeys = 'az_app_id' in upper || 'az_secret' in upper
  const kept = Object.entries(lower).filter(
    ([name]) => !(setsKeys && (name === 'az_app_id' || name === 'az_secret')),
  )
  return settingsFrom([...kept, ...Object.entries(upper)])
}
