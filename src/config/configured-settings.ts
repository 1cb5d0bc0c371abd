import { settingsFrom, type SettingValues } from '../apps/settings'
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

function rootSettings({ azAppId, azSecret, security }: Config): SettingValues {
  return settingsFrom([
    ...(azAppId === undefined ? [] : [['az_app_id', azAppId] as const]),
    ...(azSecret === undefined ? [] : [['az_secret', azSecret] as const]),
    ['signin_success', security.signinSuccess],
    ['security.app_schemes', security.appSchemes ?? null],
    ['security.hosturl_aliases', security.hosturlAliases],
  ])
}
