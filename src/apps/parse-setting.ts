import { AmazonAuthError } from '../errors'
import { SETTINGS } from './setting-names'
import type { Json, SettingValues } from './settings'
import { settingsFrom } from './seal-settings'
import { FormatError } from './value-formats'

const MAX_NAME_CHARACTERS = 256

/**
 * Checks one setting before it is stored. Settings without a meaning here may hold any JSON value; in the others null
 * and empty text stand for nothing set.
 *
 * @throws {AmazonAuthError} `setting_invalid`, with the setting and the problem; never with the value.
 */
export function parseSetting(name: string, value: Json): Json {
  if (name.trim() === '' || name.length > MAX_NAME_CHARACTERS || name.includes('\0')) {
    throw new AmazonAuthError('setting_invalid', {
      setting: name.slice(0, MAX_NAME_CHARACTERS),
      problem: `The name of a setting must have 1 to ${MAX_NAME_CHARACTERS} characters.`,
    })
  }
  if (value === null || value === '') return value
  try {
    return SETTINGS.get(name)?.format.parse(value) ?? value
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    const problem = `Setting ${name} ${error.message}.`
    throw new AmazonAuthError('setting_invalid', { setting: name, problem })
  }
}

/** @throws {AmazonAuthError} `setting_invalid` */
export function parseSettings(settings: SettingValues): SettingValues {
  return settingsFrom(
    Object.entries(settings).map(([name, value]) => [name, parseSetting(name, value)]),
  )
}
