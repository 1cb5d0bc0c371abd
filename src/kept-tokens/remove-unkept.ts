import type { App } from '../apps/app'
import type { TokenStore } from './token-store'

/** Apps that are looked at in one bite. */
const APPS = 25

/**
 * Removes the tokens of apps that do not keep them any more, some at a time.
 *
 * @param findApp May reject: then that app's stay, for now.
 * @returns A bite: takes the most rows that it may remove; returns fewer when nothing is left to look at.
 */
export function createRemovalOfUnkept(
  store: Pick<TokenStore, 'findApp' | 'deleteSome'>,
  findApp: (appId: string) => Promise<App | undefined>,
  isKept: (app: App) => boolean,
): (limit: number) => Promise<number> {
  let position = ''

  async function isUnkept(appId: string): Promise<boolean> {
    try {
      const app = await findApp(appId)
      return app !== undefined && !isKept(app)
    } catch {
      return false
    }
  }

  return async (limit) => {
    for (let looked = 0; looked < APPS; looked += 1) {
      const appId = await store.findApp(position)
      if (appId === undefined) {
        position = ''
        return 0
      }
      const removed = (await isUnkept(appId)) ? await store.deleteSome(appId, limit) : 0
      if (removed === limit) return limit
      position = appId
    }
    return limit
  }
}
