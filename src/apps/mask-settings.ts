import { settingsFrom } from './seal-settings'
import { isSecretSetting } from './setting-names'
import type { SettingValues } from './settings'

/** Stands for a secret that is set. */
export const MASK = '********'

/** Settings as people may see them. */
export function maskSettings(settings: SettingValues): SettingValues {
  return settingsFrom(
    Object.entries(settings).map(([name, value]) => [name, isSecretSetting(name) ? MASK : value]),
  )
}
