import type { App } from '../apps/app'
import { createAppAdmin, type AppAdmin } from '../apps/app-admin'
import {
  createAppDirectory,
  type AppDirectory,
  type ConfiguredSettings,
} from '../apps/app-directory'
import { createApp, type AppKeys } from '../apps/create-app'
import { createHostApps } from '../apps/host-apps'
import type { SettingValues } from '../apps/settings'
import type { Config } from '../config/config'
import { configuredSettings, originOfSetting, settingForAll } from '../config/configured-settings'
import { HOST_APP_ORIGIN, readHostApp } from '../config/read-host-app'
import { AmazonAuthError } from '../errors'
import type { EventHub } from '../events/event-hub'
import { keepsTokens } from '../kept-tokens/token-settings'
import { reviewLog } from '../http/review-log'
import { BITE_ROWS } from '../store/start-purge'
import type { Stores } from './compose-stores'
import type { Upkeep } from './compose-upkeep'
import { traitsOf } from './host-traits'
import type { Parts } from './parts'

/** The apps: which there are, and how they are changed. */
export interface Apps {
  readonly directory: AppDirectory
  readonly admin: AppAdmin
  /** Adds the root app and those of the configuration, as far as they are not there. */
  addConfigured(): Promise<void>
  /** Reads an app anew, here and on all other nodes, as the host has changed it. */
  forget(appId: string): void
  /** The root app's keys, if this process has added it with a secret of its own making. */
  firstKeys(): AppKeys | undefined
}

/** How long a node may go on with settings that another has changed: short of 2 s, by which they are to be in force. */
const CACHE_TTL_MS = 1_800

export function composeApps(
  config: Config,
  { store, redis, sealer }: Stores,
  { upkeep, events }: { readonly upkeep: Pick<Upkeep, 'wake'>; readonly events: EventHub },
  { logger, servesAs, hooks, findApp, told, now = Date.now }: Parts,
): Apps {
  const { appName: rootId, rootSecretKey: rootSecret } = config
  const origins = told?.origins ?? new Map<string, string>()
  const deps = { store: store.apps, sealer }
  const hostApps = findApp && createHostApps({ ask: findApp, read: readAnswer })
  const configured: ConfiguredSettings = {
    isHosted: hostApps !== undefined,
    async find(appId) {
      const written = configuredSettings(config, appId)
      return hostApps === undefined || written !== undefined ? written : hostApps.find(appId)
    },
  }
  const directory = createAppDirectory({
    ...deps,
    rootId,
    rootSecret,
    configured,
    async add(appId) {
      await add(appId)
    },
    cacheTtlMs: CACHE_TTL_MS,
    changes: redis?.changes ?? store.changes,
  })
  const admin = createAppAdmin({
    ...deps,
    apps: directory,
    configured,
    originOf: (appId, setting) =>
      originOfSetting({ config, origins }, appId, setting) ?? hostOrigin(appId),
    forAll: (setting) => settingForAll({ config, origins }, setting),
    host: traitsOf(hooks),
    onReview: reviewLog(logger),
    now,
    hasFixedRootSecret: rootSecret !== undefined,
    async onDeleted() {
      await store.apps.removeDeleted(BITE_ROWS)
      upkeep.wake()
    },
    async onSettings(appId, setting) {
      events.emit('settingsChanged', () => ({ appId, setting }))
      if (setting !== undefined && setting !== 'amazon.keep_tokens') return
      const app = await directory.find(appId).catch(() => undefined)
      if (app === undefined || !isUnkept(app)) return
      const removed = await store.keptTokens.deleteSome(appId, BITE_ROWS)
      if (removed === BITE_ROWS) upkeep.wake()
    },
  })
  /** Of a process that serves the configuration counts, too; that of a command need not be the servers'. */
  function isUnkept(app: App): boolean {
    const { keepTokens } = config.amazon
    return !keepsTokens(app, { keepTokens: keepTokens || servesAs === undefined })
  }
  function readAnswer(appId: string, answer: unknown): SettingValues | undefined {
    return readHostApp(appId, answer, traitsOf(hooks))
  }
  /** Of an app that is nowhere in the configuration, the host has said it. */
  function hostOrigin(appId: string): string | undefined {
    const isHosts = hostApps !== undefined && configuredSettings(config, appId) === undefined
    return isHosts ? HOST_APP_ORIGIN : undefined
  }
  let firstKeys: AppKeys | undefined

  async function add(name: string, secret?: string): Promise<AppKeys | undefined> {
    try {
      const app = { name, ...(secret !== undefined && { secret }) }
      return await createApp(app, { ...deps, nowMs: now() })
    } catch (error) {
      if (error instanceof AmazonAuthError && error.code === 'app_exists') return undefined
      throw error
    }
  }

  return {
    directory,
    admin,
    async addConfigured() {
      for (const name of Object.keys(config.apps)) await add(name)
      const keys = await add(rootId, rootSecret)
      if (rootSecret === undefined) firstKeys ??= keys
    },
    firstKeys: () => firstKeys,
    forget(appId) {
      hostApps?.forget(appId)
      directory.forget(appId)
    },
  }
}
