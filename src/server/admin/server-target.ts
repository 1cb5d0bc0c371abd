import { normalizeAppId } from '../../apps/app-id'
import type { SettingKey } from '../../apps/app-settings'
import type { AppKeys } from '../../apps/create-app'
import { requireAllStorable } from '../../apps/require-storable'
import type { SettingValues } from '../../apps/settings'
import { createClient, type Client } from '../../client'
import { CommandError } from '../command-error'
import type { AdminTarget } from './admin-target'

export interface ServerAccess extends AppKeys {
  readonly url: string
}

/**
 * Works on a server that runs, by its API. The keys say on which app: an app's own on that app, and the root app's on
 * which apps there are.
 *
 * @throws {CommandError} The address cannot be used.
 */
export function serverTarget(access: ServerAccess): AdminTarget {
  const client = connect(access)
  const of = (app: string): Client => {
    requireKeysOf(app, access.accessKey)
    return client
  }
  return {
    async createApp(name, { settings, ...details }) {
      requireAllStorable(settings)
      const keys = await client.apps.create(name, details)
      if (Object.keys(settings).length > 0) await configure({ ...access, ...keys }, settings)
      return keys
    },
    makeTryLink: (app) => client.tryLink({ app }),
    listApps: async ({ afterId, limit }) =>
      (await client.apps.list({ lastKey: afterId, limit })).items,
    patchApp: (name, patch) => client.apps.patch(name, patch),
    deleteApp: (name) => client.apps.delete(name),
    renewKeys: (app) => of(app).keys.rotate(),
    async readSettings(app) {
      const settings = await of(app).settings.read()
      return Object.entries(settings).map(([name, value]) => ({ name, value, origin: 'stored' }))
    },
    putSetting: (app, key, value) => of(app).settings.put(key as SettingKey, value),
    deleteSetting: (app, key) => of(app).settings.delete(key as SettingKey),
    async listUsers(app, page) {
      const { items, totalHits } = await of(app).users.list(page)
      return { items, totalHits }
    },
    setUserActive: (app, id, active) => of(app).users.patch(id, { active }),
    deleteUser: (app, id) => of(app).users.delete(id),
    signOutUser: (app, id) => of(app).users.signOut(id),
    unlinkAmazon: (app, id) => of(app).users.unlinkAmazon(id),
    exportUser: (app, id) => of(app).users.export(id),
  }
}

/** @throws {CommandError} The address cannot be used. */
export function connect(access: ServerAccess): Client {
  try {
    return createClient(access)
  } catch (thrown) {
    throw thrown instanceof TypeError ? new CommandError(`--url: ${thrown.message}.`) : thrown
  }
}

/** Gives a new app its first settings, by its own keys; when that fails, there shall be no half-made app. */
async function configure(access: ServerAccess, settings: SettingValues): Promise<void> {
  const client = createClient(access)
  try {
    await client.settings.replace(settings)
  } catch (thrown) {
    await client.apps.delete(access.accessKey)
    throw thrown
  }
}

function requireKeysOf(app: string, accessKey: string): void {
  const [id, owner] = [normalizeAppId(app), normalizeAppId(accessKey)]
  if (id === owner) return
  throw new CommandError(
    `These are the keys of ${owner}, which open only ${owner} itself: for ${id} give its own, with --access-key app:${id}.`,
  )
}
