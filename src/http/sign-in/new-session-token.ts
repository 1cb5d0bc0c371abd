import type { App } from '../../apps/app'
import { countSetting } from '../../apps/typed-setting'
import { issueSessionToken, type SessionToken } from '../../tokens/issue-session-token'
import type { User } from '../../users/user'
import type { SignInServices } from '../auth-services'

/** A session token that lives as long as the app (`session_timeout`) or the configuration says. */
export function newSessionToken(
  app: App,
  user: User,
  services: Pick<SignInServices, 'policy' | 'now'>,
): SessionToken {
  const ttlSeconds = sessionTokenTtlSeconds(app, services)
  return issueSessionToken(app, user, { ttlSeconds, nowMs: services.now() })
}

export function sessionTokenTtlSeconds(
  app: App,
  { policy }: Pick<SignInServices, 'policy'>,
): number {
  return countSetting(app, 'session_timeout', policy.sessionTokenTtlSeconds)
}
