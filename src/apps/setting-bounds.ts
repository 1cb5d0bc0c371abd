import { AmazonAuthError } from '../errors'
import type { SettingRecords } from './app'

/** How much an app may keep as settings: more would make every node that reads them slow, for all other apps too. */
export const SETTING_BOUNDS = {
  maxCount: 1_000,
  /** Of names and values together, as they are stored: JSON in UTF-8, of secrets the sealed text. */
  maxBytes: 256 * 1024,
} as const

/**
 * @param settings As they are to be stored, secrets sealed.
 * @throws {AmazonAuthError} `setting_invalid`: they are too many, or too large in all.
 */
export function requireWithinBounds(settings: SettingRecords): void {
  const bytes = Array.from(settings, ([name, value]) => settingBytes(name, value))
  const isTooLarge = bytes.reduce((sum, each) => sum + each, 0) > SETTING_BOUNDS.maxBytes
  if (isTooLarge || settings.size > SETTING_BOUNDS.maxCount) throw tooManySettings()
}

export function settingBytes(name: string, value: string): number {
  return Buffer.byteLength(name) + Buffer.byteLength(value)
}

export function tooManySettings(): AmazonAuthError {
  const { maxCount, maxBytes } = SETTING_BOUNDS
  const problem = `An app has at most ${maxCount} settings, of ${maxBytes / 1024} KB in all.`
  return new AmazonAuthError('setting_invalid', { problem })
}
