import type { App } from '../../apps/app'
import type { AppDirectory } from '../../apps/app-directory'
import type { AmazonAuthError } from '../../errors'

/**
 * The app of a login that failed: looked for once, for all who are told. A store that has just failed is not asked again:
 * whoever waited for it in vain would wait as long once more.
 *
 * @param error Why the login failed; that the app cannot be read must not hide it.
 * @returns Undefined: no app has that id, or it cannot be told.
 */
export async function findFailedApp(
  { code }: AmazonAuthError,
  appId: string,
  apps: AppDirectory,
): Promise<App | undefined> {
  if (code === 'store_unavailable') return apps.recall(appId)
  return apps.find(appId).catch(() => undefined)
}
