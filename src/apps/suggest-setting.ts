import { suggest } from '../suggest'
import { isParaKey } from './para-keys'
import { KNOWN_SETTING_NAMES, knownSettingName } from './known-settings'

/** The known setting that was most likely meant by an unknown name; undefined: none, or Para has a setting of that name. */
export function suggestSetting(name: string): string | undefined {
  if (knownSettingName(name) !== undefined || isParaKey(name)) return undefined
  return suggest(name, KNOWN_SETTING_NAMES)
}
