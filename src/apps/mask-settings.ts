import type { Sealer } from '../crypto/sealer'
import type { SettingRecords } from './app'
import { isSecretSetting } from './known-settings'
import { openEach } from './seal-settings'
import { settingsFrom, type Json, type SettingValues } from './settings'
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

/** Reads settings back from the store, for people: a secret that no key opens is there, and is told by the mask. */
export function openReadable(
  appId: string,
  records: SettingRecords,
  sealer: Sealer,
): SettingValues {
  return openEach(appId, records, sealer, () => MASK)
}
