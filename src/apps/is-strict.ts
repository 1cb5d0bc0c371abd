import type { App } from './app'
import { flagSetting } from './read-setting'

/** Whether the app, or the configuration for all apps, has turned every safer choice on. A setting that is neither on nor off is on. */
export function isStrict(
  app: App,
  { policy }: { readonly policy: { readonly strict: boolean } },
): boolean {
  const isSet = (app.settings['security.strict'] ?? '') !== ''
  return policy.strict || flagSetting(app, 'security.strict', isSet)
}
