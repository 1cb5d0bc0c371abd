import { normalizeAppId } from '../../apps/app-id'
import type { Composition } from '../../compose'
import { AmazonAuthError } from '../../errors'
import { toUserJson } from '../../users/user-json'
import type { AdminTarget } from './admin-target'

/** Works on the store itself: needs no server, and whoever can read its files may do anything. */
export function storeTarget({ admin, services }: Composition): AdminTarget {
  const { apps, userAdmin } = services
  /** The store has no users of an app that is not there, and would not tell why. */
  async function idOf(name: string): Promise<string> {
    const id = normalizeAppId(name)
    if ((await apps.find(id)) !== undefined) return id
    throw new AmazonAuthError('not_found', { problem: `There is no app ${id}.` })
  }
  return {
    createApp: (name, details) => admin.create({ name, ...details }),
    listApps: (page) => admin.list(page),
    deleteApp: (name) => admin.delete(name),
    renewKeys: (app) => admin.renewKeys(app),
    readSettings: (app) => admin.readSettings(app),
    putSetting: (app, key, value) => admin.putSetting(app, key, value),
    deleteSetting: (app, key) => admin.deleteSetting(app, key),
    async listUsers(app, { page, limit, sort, desc }) {
      const offset = (page - 1) * limit
      const range = { offset, limit, sort, descending: desc }
      const { users, total } = await userAdmin.list(await idOf(app), range)
      return { items: users.map(toUserJson), totalHits: total }
    },
    setUserActive: async (app, id, active) =>
      toUserJson(await userAdmin.patch(await idOf(app), id, { active })),
    deleteUser: async (app, id) => userAdmin.delete(await idOf(app), id),
  }
}
