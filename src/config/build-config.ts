import type { Config } from './config'
import type { Values } from './schema'

/** What `amazon.proxy` and the environment come to. */
export type AmazonProxy = Pick<Config['amazon'], 'proxy' | 'unusedProxy'>

/** Gives checked values their shape in code, frozen through and through. */
export function buildConfig(values: Values, apps: Config['apps'], proxy: AmazonProxy): Config {
  return deepFreeze({
    appName: values.app_name,
    port: values.port,
    host: values.host,
    trustProxy: values.trust_proxy,
    shutdown: { delayMs: values['shutdown.delay'] },
    env: values.env,
    publicUrl: values.public_url,
    azAppId: values.az_app_id,
    azSecret: values.az_secret,
    security: {
      signinSuccess: values['security.signin_success'],
      signinFailure: values['security.signin_failure'],
      appSchemes: values['security.app_schemes'],
      hosturlAliases: values['security.hosturl_aliases'],
      strict: values['security.strict'],
      linkByEmail: values['security.link_by_email'],
      corsOrigins: values['security.cors_origins'],
    },
    returntoCookie: values.returnto_cookie,
    jwtExpiresAfter: values.jwt_expires_after,
    idTokenExpiresAfter: values.id_token_expires_after,
    oneSessionPerUser: values.one_session_per_user,
    rootSecretKey: values.root_secret_key,
    secretKeys: values.secret_key,
    amazon: {
      authorizeUrl: values['amazon.authorize_url'],
      apiUrl: values['amazon.api_url'],
      scope: values['amazon.scope'],
      timeoutMs: values['amazon.timeout'],
      ...proxy,
    },
    store: {
      url: values['store.url'],
      poolSize: values['store.pool_size'],
      connectTimeoutMs: values['store.connect_timeout'],
      timeoutMs: values['store.timeout'],
    },
    session: {
      storeUrl: values['session.store_url'],
      secret: values['session.secret'],
      cookieName: values['session.cookie_name'],
      loginCookieName: values['session.login_cookie_name'],
      keep: values['session.keep'],
      idleTimeoutSeconds: values['session.idle_timeout'],
      absoluteTimeoutSeconds: values['session.absolute_timeout'],
    },
    limits: {
      failuresPerMinute: values['limits.failures_per_minute'],
      badSignaturesPerMinute: values['limits.bad_signatures_per_minute'],
      loginsPerMinute: values['limits.logins_per_minute'],
    },
    audit: { retentionSeconds: values['audit.retention'] },
    apps,
  })
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    Object.values(value).forEach(deepFreeze)
  }
  return value
}
