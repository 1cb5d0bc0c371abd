import { joinScopes, type AskedScopes } from '../../amazon/scopes'
import type { App } from '../../apps/app'
import { textSetting } from '../../apps/typed-setting'
import type { SignInServices } from '../auth-services'

/** The scopes that a login to an app asks for: its own, or the configured ones. An app with its own `amazon.scope` says both. */
export function askedScopes(app: App, { policy }: Pick<SignInServices, 'policy'>): AskedScopes {
  const scope = textSetting(app, 'amazon.scope')
  const voluntary = textSetting(app, 'amazon.voluntary_scope')
  if (scope !== undefined) return joinScopes(scope, voluntary)
  return joinScopes(policy.scope, voluntary ?? policy.voluntaryScope)
}
