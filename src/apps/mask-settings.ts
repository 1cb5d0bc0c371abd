import { settingsFrom } from './seal-settings'
import { isSecretSetting } from './known-settings'
import type { Json, SettingValues } from './settings'
import { isBlank } from './value-formats'

/** Stands for a secret that is set. */
export const MASK = '********'

/** Settings as people may see them. A blank secret is none. */
export function maskSettings(settings: SettingValues): SettingValues {
  const isHidden = (name: string, value: Json): boolean => isSecretSetting(name) && !isBlank(value)
  return settingsFrom(
    Object.entries(settings).map(([name, value]) => [name, isHidden(name, value) ? MASK : value]),
  )
}
