import { knownSettingName, KNOWN_SETTINGS, settingInfo, type SettingInfo } from './known-settings'
import { settingsFrom, type Json, type SettingValues } from './settings'
import { checkTargetScheme } from './target-url'
import { FormatError, isBlank, listItems } from './value-formats'

/** Something to tell about one setting. */
export interface SettingRemark {
  /** Its name, as it was written. */
  readonly setting: string
  /** Without a subject, e.g. `must be true or false`; never with the value. */
  readonly problem: string
}

export interface SettingsInForce {
  /** In force: each in the form that its format gives, under the name that it has here. */
  readonly settings: SettingValues
  /** What is set and has no effect. */
  readonly ignored: readonly SettingRemark[]
}

interface Given {
  readonly setting: string
  readonly value: Json
  /** Which of the layers, counted from 0. */
  readonly layer: number
}

/** What is in force of one setting. */
interface Picked extends Given {
  /** As its format reads it. */
  readonly read: Json
}

/** Longer ones have no effect: each app is read again every other second. */
const MAX_CHARACTERS = 8 * 1024
const SCHEMES = 'security.app_schemes'

/**
 * The settings that are in force. Of each, the first layer counts that sets it to something usable; blank means not set.
 *
 * @param layers Settings as they were written, e.g. those stored, then those configured.
 */
export function settingsInForce(...layers: readonly SettingValues[]): SettingsInForce {
  const ignored: SettingRemark[] = []
  const entries = pickAll(layers, ignored).map(([name, { read }]) => [name, read] as const)
  return { settings: settingsFrom(entries), ignored }
}

/** Which layer each setting in force comes from, counted from 0, by the name that it has here. */
export function layersInForce(...layers: readonly SettingValues[]): ReadonlyMap<string, number> {
  return new Map(pickAll(layers, []).map(([name, { layer }]) => [name, layer]))
}

/** @param ignored Takes up what is passed over. */
function pickAll(
  layers: readonly SettingValues[],
  ignored: SettingRemark[],
): readonly (readonly [name: string, picked: Picked])[] {
  const written = layers.map(withoutBlanks)
  const schemes = pick(SCHEMES, written, [])?.read
  const list = schemes === undefined ? undefined : listItems(schemes)
  const entries = Array.from(KNOWN_SETTINGS.keys(), (name) => {
    const picked = pick(name, isAmazonKey(name) ? ownersOfKeys(written) : written, ignored, list)
    return picked === undefined ? [] : [[name, picked] as const]
  })
  return entries.flat()
}

/** @param ignored Takes up what is passed over. */
function pick(
  name: string,
  layers: readonly SettingValues[],
  ignored: SettingRemark[],
  schemes?: readonly string[],
): Picked | undefined {
  const info = KNOWN_SETTINGS.get(name)
  if (info === undefined) return undefined
  for (const given of layers.flatMap((layer, at) => findGiven(name, info, layer, at))) {
    const { value: read, problem } = readOne(info, given.value, schemes)
    if (problem !== undefined) ignored.push({ setting: given.setting, problem })
    if (read !== undefined) return { ...given, read }
  }
  return undefined
}

/** Para's own name first. */
function findGiven(
  name: string,
  { paraName }: SettingInfo,
  values: SettingValues,
  layer: number,
): readonly Given[] {
  const names = paraName === undefined ? [name] : [paraName, name]
  return names.flatMap((setting) => {
    const value = values[setting]
    return value === undefined ? [] : [{ setting, value, layer }]
  })
}

function readOne(
  info: SettingInfo,
  value: Json,
  schemes: readonly string[] | undefined,
): { readonly value?: Json; readonly problem?: string } {
  if (JSON.stringify(value).length > MAX_CHARACTERS) return { problem: 'is longer than 8 KB' }
  try {
    const read = info.reads.parse(value)
    const leads = info.leadsTo === true && typeof read === 'string'
    const problem = leads ? checkTargetScheme(read, schemes) : undefined
    if (problem !== undefined) return { problem }
    const unused = info.list?.findUnused(value).length ?? 0
    return unused === 0 ? { value: read } : { value: read, problem: describeUnused(unused, info) }
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    const { whenUnreadable: value } = info
    return { problem: error.message, ...(value !== undefined && { value }) }
  }
}

/**
 * Why a value of a setting would have no effect; undefined: it has one, or it has no meaning here anyway. Never with the value.
 *
 * @param schemes The app's own, as in {@link checkTargetScheme}.
 */
export function explainUnusable(
  setting: string,
  value: Json,
  schemes: readonly string[] | undefined,
): string | undefined {
  const info = settingInfo(setting)
  return info === undefined || isBlank(value) ? undefined : readOne(info, value, schemes).problem
}

function describeUnused(count: number, { list }: SettingInfo): string {
  return `lists ${count === 1 ? 'one item that is' : `${count} items that are`} not of its kind (${String(list?.of)})`
}

function withoutBlanks(settings: SettingValues): SettingValues {
  return settingsFrom(
    Object.entries(settings).filter(
      ([name, value]) => !isBlank(value) && knownSettingName(name) !== undefined,
    ),
  )
}

function isAmazonKey(name: string): boolean {
  return name === 'az_app_id' || name === 'az_secret'
}

/** The two keys of Amazon belong together: a layer that sets one hides both of the layers below. */
function ownersOfKeys(layers: readonly SettingValues[]): readonly SettingValues[] {
  const owner = layers.find((layer) => Object.keys(layer).some(isAmazonKey))
  return layers.map((layer) => (layer === owner ? layer : {}))
}
