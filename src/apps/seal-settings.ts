import type { Sealer } from '../crypto/sealer'
import { AmazonAuthError } from '../errors'
import type { SettingRecords } from './app'
import { isSecretSetting } from './known-settings'
import { jsonOrText, settingsFrom, type Json, type SettingValues } from './settings'

/** One setting as the store keeps it: JSON text, sealed for its app when the setting is a secret. */
export function sealSetting(appId: string, name: string, value: Json, sealer: Sealer): string {
  const text = JSON.stringify(value)
  return isSecretSetting(name) ? sealer.seal(text, appId) : text
}

export function sealSettings(
  appId: string,
  settings: SettingValues,
  sealer: Sealer,
): SettingRecords {
  return new Map(
    Object.entries(settings).map(([name, value]) => [
      name,
      sealSetting(appId, name, value, sealer),
    ]),
  )
}

/**
 * Reads an app's settings back from the store. What somebody has written there by hand and is no JSON is text: it must not
 * keep an app from its users, nor from whoever wants to mend it.
 *
 * @throws {AmazonAuthError} `secret_unreadable`: sealed by an unknown key, changed, or moved from another app.
 */
export function openSettings(
  appId: string,
  records: SettingRecords,
  sealer: Sealer,
): SettingValues {
  return openEach(appId, records, sealer, (setting) => {
    throw new AmazonAuthError('secret_unreadable', { app: appId, setting })
  })
}

/** @param unreadable What stands for a secret that no key opens. */
export function openEach(
  appId: string,
  records: SettingRecords,
  sealer: Sealer,
  unreadable: (setting: string) => Json,
): SettingValues {
  const entries = Array.from(records, ([name, stored]) => {
    const text = isSecretSetting(name) ? sealer.open(stored, appId) : stored
    return [name, text === undefined ? unreadable(name) : jsonOrText(text)] as const
  })
  return settingsFrom(entries)
}
