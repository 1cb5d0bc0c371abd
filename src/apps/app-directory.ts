import { LRUCache } from 'lru-cache'

import type { Sealer } from '../crypto/sealer'
import { AmazonAuthError } from '../errors'
import { growingCache } from '../growing-cache'
import type { App, AppStore } from './app'
import type { AppChanges } from './app-changes'
import { MAX_APP_ID_CHARACTERS } from './app-id'
import { settingsInForce } from './settings-in-force'
import { openSettings } from './seal-settings'
import type { SettingValues } from './settings'
import { createSoleApp } from './sole-app'

/** Settings from beside the store, for an app by id; what the store holds wins over them. */
export interface ConfiguredSettings {
  /** Whether a database of the host's says which apps there are: who is not in it is none. */
  readonly isHosted: boolean
  /**
   * Undefined: nothing is known of such an app there.
   *
   * @throws {AmazonAuthError} `host_app_invalid`, `host_apps_unavailable`
   */
  find(appId: string): Promise<SettingValues | undefined>
}

export interface AppDirectoryDeps {
  readonly store: Pick<AppStore, 'find' | 'list'>
  readonly sealer: Sealer
  readonly rootId: string
  /** Fixed secret of the root app, if configured. */
  readonly rootSecret: string | undefined
  readonly configured: ConfiguredSettings
  /** Adds an app that the host knows of and the store does not. One that is there by now is left as it is. */
  readonly add: (appId: string) => Promise<void>
  readonly changes: AppChanges
  /** How long a node may go on with what it has read, in milliseconds. */
  readonly cacheTtlMs: number
}

/** Finds apps by id, with a short memory for those it found and those it did not. */
export interface AppDirectory {
  readonly rootId: string
  /** @throws {AmazonAuthError} `store_unavailable`, `secret_unreadable`, `host_app_invalid`, `host_apps_unavailable` */
  find(appId: string): Promise<App | undefined>
  /**
   * The id of the only app that people can be signed in to; undefined: there are several. One bounded look into the store
   * each cache life, and after a change.
   *
   * @throws {AmazonAuthError} `store_unavailable`
   */
  findSole(): Promise<string | undefined>
  /** Forgets what was read of an app, here and on all other nodes: call it after every change. */
  forget(appId: string): void
}

const MAX_CACHED_APPS = 10_000
const MAX_CACHED_BYTES = 32 * 1024 * 1024
/** Of an app without settings, roughly. */
const APP_BYTES = 1024
const MAX_MISSING_NAMES = 20_000

export function createAppDirectory(deps: AppDirectoryDeps): AppDirectory {
  const memory = createMemory(deps.cacheTtlMs)
  const reads = new Map<string, Promise<App | undefined>>()

  /** Whoever asks for the same app while it is read waits for the same read. */
  function read(appId: string): Promise<App | undefined> {
    const underWay = reads.get(appId)
    if (underWay !== undefined) return underWay
    const reading = readApp(appId, deps)
      .then((app) => {
        // Forgotten meanwhile: those who wait get what was read, but it is not kept.
        if (reads.get(appId) === reading) memory.keep(appId, app)
        return app
      })
      .finally(() => {
        if (reads.get(appId) === reading) reads.delete(appId)
      })
    reads.set(appId, reading)
    return reading
  }
  function drop(appId: string): void {
    memory.drop(appId)
    reads.delete(appId)
    sole.forget()
  }
  async function find(appId: string): Promise<App | undefined> {
    return memory.isMissing(appId) ? undefined : (memory.recall(appId) ?? read(appId))
  }
  const sole = createSoleApp({ ...deps, find })
  deps.changes.subscribe((appId) => {
    if (appId !== undefined) {
      drop(appId)
      return
    }
    memory.clear()
    reads.clear()
    sole.forget()
  })
  return {
    rootId: deps.rootId,
    find,
    // Which others a host knows of, its database alone can tell.
    findSole: () => (deps.configured.isHosted ? Promise.resolve(undefined) : sole.find()),
    forget(appId) {
      drop(appId)
      deps.changes.publish(appId)
    },
  }
}

/** Apps apart from names that none has: a flood of invented names drives no app out, and what is kept has an end. */
function createMemory(ttl: number) {
  const apps = new LRUCache<string, App>({
    max: MAX_CACHED_APPS,
    maxSize: MAX_CACHED_BYTES,
    sizeCalculation: ({ settings }) => APP_BYTES + sizeOf(settings),
    ttl,
  })
  const missing = growingCache<true>({ max: MAX_MISSING_NAMES, ttl })
  return {
    isMissing: (appId: string) => appId.length > MAX_APP_ID_CHARACTERS || missing.has(appId),
    recall: (appId: string) => apps.get(appId),
    keep(appId: string, app: App | undefined) {
      if (app === undefined) missing.set(appId, true)
      else apps.set(appId, app)
    },
    drop(appId: string) {
      apps.delete(appId)
      missing.delete(appId)
    },
    clear() {
      apps.clear()
      missing.clear()
    },
  }
}

async function readApp(appId: string, deps: AppDirectoryDeps): Promise<App | undefined> {
  const { store, configured, rootId } = deps
  const isHosts = configured.isHosted && appId !== rootId
  // Of names that are invented, the host is asked alone.
  const hosted = isHosts ? await configured.find(appId) : undefined
  if (isHosts && hosted === undefined) return undefined
  const found = (await store.find(appId)) ?? (isHosts ? await addAndFind(appId, deps) : undefined)
  if (found === undefined) return undefined
  const { name, active, sealedSecret, createdAtMs, updatedAtMs } = found.app
  const isRoot = appId === rootId
  const fixedSecret = isRoot ? deps.rootSecret : undefined
  const secret = fixedSecret ?? deps.sealer.open(sealedSecret, appId)
  if (secret === undefined) throw new AmazonAuthError('secret_unreadable', { app: appId })
  const stored = openSettings(appId, found.known, deps.sealer)
  const { settings } = settingsInForce(stored, hosted ?? (await configured.find(appId)) ?? {})
  // Field by field: an object made by `...rest` has a hidden class of its own, and each read of it is a slow one.
  return {
    id: appId,
    name,
    isRoot,
    active,
    secret,
    settings,
    webhookEvents: setOf(found.webhookEvents),
    createdAtMs,
    updatedAtMs,
  }
}

function setOf(events: readonly string[] = []): ReadonlySet<string> | undefined {
  return events.length === 0 ? undefined : new Set(events)
}

/** Sessions, tokens and users belong to an app of the store, so there has to be one. */
async function addAndFind(appId: string, { add, store }: AppDirectoryDeps) {
  await add(appId)
  return store.find(appId)
}

/** What the texts of settings take, roughly: those in force are texts, numbers and flags. */
function sizeOf(settings: SettingValues): number {
  return Object.values(settings).reduce<number>(
    (sum, value) => sum + (typeof value === 'string' ? 2 * value.length : 8),
    0,
  )
}
