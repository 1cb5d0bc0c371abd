import { settingsFrom, type Json, type SettingValues } from '../apps/settings'
import type { Config, Origin } from './config'
import type { LoadedConfig } from './resolve-config'

/** What the configuration says of an app, as settings: the store's win over them. Undefined: nothing. */
export function configuredSettings(config: Config, appId: string): SettingValues | undefined {
  return appId === config.appName ? rootSettings(config) : config.apps[appId]
}

/** Where the configuration says it: file and line, variable, option; undefined: it is a default, or nowhere. */
export function originOfSetting(
  { config, origins }: Pick<LoadedConfig, 'config' | 'origins'>,
  appId: string,
  name: string,
): Origin | undefined {
  const keys =
    appId === config.appName
      ? [`para.${name}`, `para.security.${name}`]
      : [`para.apps.${appId}.${name}`]
  const origin = keys.map((key) => origins.get(key)).find((found) => found !== undefined)
  return origin === 'default' ? undefined : origin
}

/**
 * What holds for apps that do not say, by the name of their setting, and where it is written: without an origin it is a
 * default. Undefined: nothing does.
 */
export function settingForAll(
  { config, origins }: Pick<LoadedConfig, 'config' | 'origins'>,
  name: string,
): { readonly value: Json; readonly origin: Origin | undefined } | undefined {
  const [key, value] = keyForAll(config, name) ?? []
  if (key === undefined || value === undefined) return undefined
  const origin = origins.get(`para.${key}`)
  return { value, origin: origin === 'default' ? undefined : origin }
}

/** The key that holds for all apps, where that is one, and its value. */
function keyForAll(
  config: Config,
  name: string,
): readonly [key: string, value: Json | undefined] | undefined {
  const { security, amazon } = config
  const keys: Readonly<Record<string, readonly [string, Json | undefined]>> = {
    signin_failure: ['security.signin_failure', security.signinFailure],
    public_url: ['public_url', config.publicUrl],
    'security.strict': ['security.strict', security.strict],
    'security.link_by_email': ['security.link_by_email', security.linkByEmail],
    'amazon.region': ['amazon.region', amazon.region],
    'amazon.scope': ['amazon.scope', amazon.scope],
    'amazon.voluntary_scope': ['amazon.voluntary_scope', amazon.voluntaryScope],
    'amazon.keep_tokens': ['amazon.keep_tokens', amazon.keepTokens],
    'amazon.on_revoked': ['amazon.on_revoked', amazon.onRevoked],
    claims: ['claims', config.claims],
    session_timeout: ['jwt_expires_after', config.jwtExpiresAfter],
    one_session_per_user: ['one_session_per_user', config.oneSessionPerUser],
  }
  return Object.hasOwn(keys, name) ? keys[name] : undefined
}

function rootSettings({ azAppId, azSecret, security }: Config): SettingValues {
  return settingsFrom([
    ...(azAppId === undefined ? [] : [['az_app_id', azAppId] as const]),
    ...(azSecret === undefined ? [] : [['az_secret', azSecret] as const]),
    ['signin_success', security.signinSuccess],
    ['security.app_schemes', security.appSchemes ?? null],
    ['security.hosturl_aliases', security.hosturlAliases],
  ])
}
