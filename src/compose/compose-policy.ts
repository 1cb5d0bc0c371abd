import { readMapping } from '../apps/claims-setting'
import type { Config } from '../config/config'
import { KEYS } from '../config/keys'
import type { Policy } from '../http/auth-services'
import type { Parts } from './parts'

const LOGIN_DEADLINE_MS = 10_000

/** What of the configuration is in force for every app. */
export function composePolicy(config: Config, { hasFailurePage = false, told }: Parts): Policy {
  const { security, session, admin } = config
  const isNowhere =
    !hasFailurePage && security.signinFailure === KEYS.security.signinFailure.default
  const isTrustNamed = told !== undefined && told.origins.get('para.trust_proxy') !== 'default'
  return {
    trustProxy: isTrustNamed ? config.trustProxy : undefined,
    publicUrl: config.publicUrl,
    scope: config.amazon.scope,
    voluntaryScope: config.amazon.voluntaryScope,
    claimMapping: config.claims === undefined ? undefined : readMapping(config.claims),
    strict: security.strict,
    linkByEmail: security.linkByEmail,
    signinFailure: isNowhere ? undefined : security.signinFailure,
    returntoCookie: config.returntoCookie,
    idTokenTtlSeconds: config.idTokenExpiresAfter,
    sessionTokenTtlSeconds: config.jwtExpiresAfter,
    oneSessionPerUser: config.oneSessionPerUser,
    sessionLimits: {
      idleMs: session.idleTimeout * 1000,
      absoluteMs: session.absoluteTimeout * 1000,
    },
    cookies: { session: session.cookieName, login: session.loginCookieName },
    keepsSession: session.keep,
    corsOrigins: security.corsOrigins,
    admin: {
      isOn: admin.enabled,
      path: admin.path,
      origin: admin.origin,
      identifiers: admin.identifiers,
      idleMs: admin.idleTimeout * 1000,
    },
    loginDeadlineMs: LOGIN_DEADLINE_MS,
  }
}
