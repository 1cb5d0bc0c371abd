import type { App } from '../../../apps/app'
import { appPath } from '../../../pages/admin/app-path'
import type { LoginVisit } from '../../installation'

/**
 * Where the guide through the set-up of an app lies.
 *
 * @param isWanted Whether the try has begun there: to whom else a link was given, nothing is told of pages for operators.
 */
export function guideAddress(
  app: App,
  isWanted: boolean | undefined,
  { services: { policy }, mountPath }: Pick<LoginVisit, 'services' | 'mountPath'>,
): string | undefined {
  const { isOn, origin = '', path } = policy.admin
  if (isWanted !== true || isOn !== true) return undefined
  return origin + mountPath + path + appPath(app.id, '/setup')
}
