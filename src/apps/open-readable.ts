import type { Sealer } from '../crypto/sealer'
import type { SettingRecords } from './app'
import { jsonOrText } from './json-or-text'
import { MASK } from './mask-settings'
import { settingsFrom } from './seal-settings'
import { isSecretSetting } from './setting-names'
import type { SettingValues } from './settings'

/** Reads settings back from the store, for people: a secret that no key opens is there, and is told by the mask. */
export function openReadable(
  appId: string,
  records: SettingRecords,
  sealer: Sealer,
): SettingValues {
  const entries = Array.from(records, ([name, stored]) => {
    const text = isSecretSetting(name) ? sealer.open(stored, appId) : stored
    return [name, text === undefined ? MASK : jsonOrText(text)] as const
  })
  return settingsFrom(entries)
}
