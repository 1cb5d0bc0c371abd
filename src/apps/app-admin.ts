import type { Sealer } from '../crypto/sealer'
import { AmazonAuthError } from '../errors'
import type { App, AppStore } from './app'
import type { AppDirectory } from './app-directory'
import { normalizeAppId } from './app-id'
import { toAppJson, type AppJson } from './app-json'
import { createApp, type AppKeys, type NewApp } from './create-app'
import { maskSettings } from './mask-settings'
import { parseSetting, parseSettings } from './parse-setting'
import { sealSetting } from './seal-settings'
import type { Json, SettingValues } from './settings'

/** What operators do with apps; the command line and the REST API both work through it. */
export interface AppAdmin {
  /** @throws {AmazonAuthError} `app_id_invalid`, `app_exists`, `setting_invalid`, `store_unavailable` */
  create(app: NewApp): Promise<AppKeys>
  /** All apps by id, a page at a time. */
  list(page: { readonly afterId?: string; readonly limit: number }): Promise<readonly AppJson[]>
  /**
   * The settings in force, those of the configuration included; secrets are masked.
   *
   * @throws {AmazonAuthError} `app_not_found`, `store_unavailable`
   */
  readSettings(name: string): Promise<SettingValues>
  /** @throws {AmazonAuthError} `app_not_found`, `setting_invalid`, `store_unavailable` */
  putSetting(name: string, setting: string, value: Json): Promise<void>
  /** @throws {AmazonAuthError} `app_not_found`, `store_unavailable` */
  deleteSetting(name: string, setting: string): Promise<void>
}

export interface AppAdminDeps {
  readonly apps: AppDirectory
  readonly store: AppStore
  readonly sealer: Sealer
  readonly now: () => number
}

export function createAppAdmin({ apps, store, sealer, now }: AppAdminDeps): AppAdmin {
  async function get(name: string): Promise<App> {
    const app = await apps.find(normalizeAppId(name))
    if (app === undefined) throw new AmazonAuthError('app_not_found', { app: name.slice(0, 64) })
    return app
  }
  return {
    async create(app) {
      const settings = parseSettings(app.settings ?? {})
      const keys = await createApp({ ...app, settings }, { store, sealer, nowMs: now() })
      apps.forget(normalizeAppId(app.name))
      return keys
    },
    async list(page) {
      const records = await store.list(page)
      return records.map((record) => toAppJson(record, apps.rootId))
    },
    readSettings: async (name) => maskSettings((await get(name)).settings),
    async putSetting(name, setting, value) {
      const { id } = await get(name)
      const sealed = sealSetting(id, setting, parseSetting(setting, value), sealer)
      await store.putSetting(id, setting, sealed, now())
      apps.forget(id)
    },
    async deleteSetting(name, setting) {
      const { id } = await get(name)
      await store.deleteSetting(id, setting, now())
      apps.forget(id)
    },
  }
}
