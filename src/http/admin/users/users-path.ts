import type { AppJson } from '../../../apps/app-json'
import { appPath } from '../../../pages/admin/app-path'

/** Path of an app's users, below the pages. */
export function usersPath({ appIdentifier }: AppJson): string {
  return appPath(appIdentifier, '/users')
}

/** Path of one of them. */
export function userPath(app: AppJson, userId: string): string {
  return `${usersPath(app)}/${encodeURIComponent(userId)}`
}
