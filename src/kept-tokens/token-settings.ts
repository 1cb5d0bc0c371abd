import type { App } from '../apps/app'
import { flagSetting, textSetting } from '../apps/typed-setting'
import type { OnRevoked } from '../apps/value-formats'

/** What the configuration says for all apps. */
export interface TokenPolicy {
  readonly keepTokens: boolean
  readonly onRevoked: OnRevoked
}

/** Whether Amazon's tokens of an app's users are kept. */
export function keepsTokens(app: App, { keepTokens }: Pick<TokenPolicy, 'keepTokens'>): boolean {
  return flagSetting(app, 'amazon.keep_tokens', keepTokens)
}

/** What becomes of a user whose consent is withdrawn. */
export function onRevoked(app: App, policy: Pick<TokenPolicy, 'onRevoked'>): OnRevoked {
  const own = textSetting(app, 'amazon.on_revoked') as OnRevoked | undefined
  return own ?? policy.onRevoked
}
