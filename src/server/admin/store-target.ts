import { normalizeAppId } from '../../apps/app-id'
import { maskSettings } from '../../apps/mask-settings'
import { settingsInForce } from '../../apps/settings-in-force'
import { KNOWN_SETTINGS } from '../../apps/known-settings'
import type { SettingValues } from '../../apps/settings'
import type { Composition } from '../../compose/compose'
import { configuredSettings, originOfSetting } from '../../config/configured-settings'
import type { LoadedConfig } from '../../config/resolve-config'
import { tryAddress } from '../../http/login/try/try-link'
import { publicUrl } from '../../http/public-address'
import { toUserJson } from '../../users/user-json'
import { unknownApp } from '../command-error'
import type { AdminTarget, ShownSetting } from './admin-target'

const OF_SERVE =
  'para.public_url is not set, so this is the address of serve on this machine. For a host that is mounted elsewhere, ask the running one: --url, or client.tryLink() in code.'

/** Works on the store itself: needs no server, and whoever can read its files may do anything. */
export function storeTarget({ services }: Composition, loaded: LoadedConfig): AdminTarget {
  const { admin, userAdmin } = services
  /** An app that is not there is told of in the words of the command line. */
  async function idOf(name: string): Promise<string> {
    const id = normalizeAppId(name)
    if ((await admin.find(id)) !== undefined) return id
    throw unknownApp(id)
  }
  return {
    createApp: (name, details) => admin.create({ name, ...details }),
    async makeTryLink(name) {
      const app = await services.apps.find(await idOf(name))
      if (app === undefined) throw unknownApp(name)
      const known = publicUrl(app, services)
      const base = known ?? `http://localhost:${loaded.config.port}`
      const link = tryAddress(app, { base, mountPath: '' }, services)
      return known === undefined ? { ...link, note: OF_SERVE } : link
    },
    listApps: (page) => admin.list(page),
    patchApp: async (name, patch) => admin.patch(await idOf(name), patch),
    deleteApp: async (name) => admin.delete(await idOf(name)),
    renewKeys: async (name) => admin.renewKeys(await idOf(name)),
    async readSettings(name) {
      const id = await idOf(name)
      return shownSettings(await admin.readSettings(id), id, loaded)
    },
    putSetting: async (name, key, value) => admin.putSetting(await idOf(name), key, value),
    deleteSetting: async (name, key) => admin.deleteSetting(await idOf(name), key),
    async listUsers(app, { page, limit, sort, desc }) {
      const offset = (page - 1) * limit
      const range = { offset, limit, sort, descending: desc }
      const { users, total } = await userAdmin.list(await idOf(app), range)
      return { items: users.map(toUserJson), totalHits: total }
    },
    setUserActive: async (app, id, active) =>
      toUserJson(await userAdmin.patch(await idOf(app), id, { active })),
    deleteUser: async (app, id) => userAdmin.delete(await idOf(app), id),
    signOutUser: async (app, id) =>
      toUserJson(await userAdmin.revokeAll(await userAdmin.get(await idOf(app), id))),
    unlinkAmazon: async (app, id) => toUserJson(await userAdmin.unlinkAmazon(await idOf(app), id)),
    exportUser: async (app, id) => userAdmin.export(await idOf(app), id),
  }
}

/**
 * What is stored, and what the configuration says where nothing is. Defaults are left out, and so is what is hidden: each
 * of Amazon's two keys hides the other of the layer below.
 */
function shownSettings(
  stored: SettingValues,
  appId: string,
  loaded: LoadedConfig,
): readonly ShownSetting[] {
  const configured = configuredSettings(loaded.config, appId) ?? {}
  const inForce = settingsInForce(stored, configured).settings
  const placeOf = (name: string): string | undefined =>
    Object.hasOwn(configured, name) ? originOfSetting(loaded, appId, name) : undefined
  const below = Object.entries(maskSettings(configured)).flatMap(([name, value]) => {
    const origin = placeOf(name)
    const isHidden =
      Object.hasOwn(stored, name) || (KNOWN_SETTINGS.has(name) && !Object.hasOwn(inForce, name))
    return origin === undefined || isHidden ? [] : [{ name, value, origin }]
  })
  const above = Object.entries(stored).map(([name, value]) => ({
    name,
    value,
    origin: describeStored(placeOf(name)),
  }))
  return [...above, ...below]
}

/** Who changes the configuration there would wonder why nothing happens. */
function describeStored(place: string | undefined): string {
  return place === undefined ? 'stored' : `stored, which wins over ${place}`
}
