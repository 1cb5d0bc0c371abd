import { AmazonAuthError } from '../errors'
import { settingInfo } from './known-settings'
import type { Json, SettingValues } from './settings'
import { FormatError, HarmfulValueError, isBlank } from './value-formats'

const MAX_NAME_CHARACTERS = 256

/**
 * Makes sure that a setting may be kept. What has no meaning here may be any JSON value; of the others little is
 * refused, since people put the whole configuration that they have: what would do harm, and what is no value of that
 * kind at all. The rest is kept as it was sent and has no effect (see settings-in-force.ts).
 *
 * @throws {AmazonAuthError} `setting_invalid`, with the setting and the problem; never with the value.
 */
export function requireStorable(name: string, value: Json): void {
  if (name.trim() === '' || name.length > MAX_NAME_CHARACTERS || name.includes('\0')) {
    refuse(name, `The name of a setting must have 1 to ${MAX_NAME_CHARACTERS} characters.`)
  }
  if (!name.isWellFormed()) refuse(name, 'The name of a setting must be well-formed Unicode.')
  if (!isWellFormed(value)) refuse(name, `Setting ${name} must be well-formed Unicode.`)
  const problem = findHarm(name, value)
  if (problem !== undefined) refuse(name, `Setting ${name} ${problem}.`)
}

/** @throws {AmazonAuthError} `setting_invalid` */
export function requireAllStorable(settings: SettingValues): void {
  for (const [name, value] of Object.entries(settings)) requireStorable(name, value)
}

function findHarm(name: string, value: Json): string | undefined {
  if (isBlank(value)) return undefined
  try {
    settingInfo(name)?.reads.parse(value)
    return undefined
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    const isOfWrongType = typeof value === 'object'
    return error instanceof HarmfulValueError || isOfWrongType ? error.message : undefined
  }
}

/** Databases hold no half of a surrogate pair, so that two texts would become one. */
function isWellFormed(value: Json): boolean {
  if (typeof value === 'string') return value.isWellFormed()
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([name, each]) => name.isWellFormed() && isWellFormed(each))
}

function refuse(name: string, problem: string): never {
  const setting = name.slice(0, MAX_NAME_CHARACTERS).toWellFormed()
  throw new AmazonAuthError('setting_invalid', { setting, problem })
}
