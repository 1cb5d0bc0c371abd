import { suggest } from '../suggest'
import { isParaKey } from './para-keys'
import { KNOWN_SETTING_NAMES, knownSettingName } from './known-settings'

/** What Amazon's console calls the two keys. The nearest name by its letters would be another. */
const WORDS_OF_AMAZON = new Map([
  ['az_client_id', 'az_app_id'],
  ['az_client_secret', 'az_secret'],
])

/** The known setting that was most likely meant by an unknown name; undefined: none, or Para has a setting of that name. */
export function suggestSetting(name: string): string | undefined {
  if (knownSettingName(name) !== undefined || isParaKey(name)) return undefined
  return WORDS_OF_AMAZON.get(name) ?? suggest(name, KNOWN_SETTING_NAMES)
}
