import type { DescribedSetting, SettingSource } from '../../../apps/describe-settings'
import { KNOWN_SETTINGS, type SettingInfo } from '../../../apps/known-settings'
import { describeRemark } from '../../../apps/remark-list'
import { jsonOrText, type Json } from '../../../apps/settings'
import { sha256 } from '../../../crypto/random'
import type { ShownSetting } from '../../../pages/admin/apps/settings-page'
import type { Sourced } from '../../../pages/admin/apps/setting-state'
import type { AdminTexts } from '../../../pages/admin/texts/en'

const MAX_SHOWN_CHARACTERS = 200
/** Longer ones get a field of several lines. */
const MAX_LINE_CHARACTERS = 120

/** A setting as its field shows it, before anybody has typed. */
export function shownSetting(
  setting: DescribedSetting,
  { settings }: AdminTexts,
  mayTellOrigins: boolean,
): ShownSetting {
  const { name, known, isSecret, stored, inForce, beneath, remarks } = setting
  const info = known === undefined ? undefined : KNOWN_SETTINGS.get(known)
  const text = isSecret || stored === undefined ? '' : textOfStored(stored.value, info)
  const sourced = (of: DescribedSetting['inForce']): Sourced | undefined =>
    of && {
      text: shorten(isSecret ? settings.secretSet : textOf(of.value)),
      ...told(of.source, mayTellOrigins),
    }
  return {
    name,
    known,
    input: isSecret ? 'secret' : inputOf(info, text, stored?.value),
    words: info?.input === 'flag' ? ['true', 'false'] : (info?.words ?? []),
    text,
    seen: stored?.version ?? '',
    shown: markOf(text),
    isStored: stored !== undefined,
    isUnreadable: stored?.isUnreadable === true,
    inForce: sourced(inForce),
    beneath: sourced(beneath),
    problem: undefined,
    conflict: undefined,
    remarks: remarks.map(describeRemark),
  }
}

/** Names a text that stood in a field, as it would come back: browsers send line ends of their own. */
export function markOf(text: string): string {
  return sha256(text.replace(/\r\n?/g, '\n')).slice(0, 22)
}

/** What a text that was typed means: JSON where that is written, or was stored; else itself. */
export function valueOfTyped(text: string, setting: DescribedSetting | undefined): Json {
  const info = setting?.known === undefined ? undefined : KNOWN_SETTINGS.get(setting.known)
  if (info === undefined || info.input === 'json') return jsonOrText(text)
  if (info.input === 'flag') return text === 'true' ? true : text === 'false' ? false : text
  const wasText = setting?.stored === undefined || typeof setting.stored.value === 'string'
  return wasText ? text : jsonOrText(text)
}

/** A value in one line, for people. */
export function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

export function shorten(text: string): string {
  return text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS)}…` : text
}

/** What {@link valueOfTyped} makes the same value of. */
function textOfStored(value: Json, info: SettingInfo | undefined): string {
  const isPlain = info !== undefined && info.input !== 'json'
  if (typeof value !== 'string') return JSON.stringify(value, null, isPlain ? 0 : 2)
  if (isPlain) return value
  // Text that reads as JSON, such as "12", would come back as another value.
  return jsonOrText(value) === value ? value : JSON.stringify(value)
}

function inputOf(
  info: SettingInfo | undefined,
  text: string,
  stored: Json | undefined,
): ShownSetting['input'] {
  if (info?.input === 'flag' || info?.input === 'choice') return 'choice'
  const isLong = text.length > MAX_LINE_CHARACTERS || /[\r\n]/.test(text)
  if (info === undefined || info.input === 'json' || isLong) return 'area'
  return typeof stored === 'object' && stored !== null ? 'area' : 'line'
}

/** Whoever has the keys of one app is not told where files of the server lie. */
function told(source: SettingSource, mayTellOrigins: boolean): Omit<Sourced, 'text'> {
  const origin = 'origin' in source && mayTellOrigins ? source.origin : undefined
  return { from: source.from, origin }
}
