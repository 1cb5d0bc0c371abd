import { knownSettingName, KNOWN_SETTINGS, type SettingInfo } from './known-settings'
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

export interface ReadSettings {
  /** In force: each in the form that its format gives, under the name that it has here. */
  readonly settings: SettingValues
  /** What is set and has no effect. */
  readonly ignored: readonly SettingRemark[]
}

interface Given {
  readonly setting: string
  readonly value: Json
}

/** Longer ones have no effect: each app is read again every other second. */
const MAX_CHARACTERS = 8 * 1024
const SCHEMES = 'security.app_schemes'

/**
 * The settings that are in force. Of each, the first layer counts that sets it to something usable; blank means not set.
 *
 * @param layers Settings as they were written, e.g. those stored, then those configured.
 */
export function readSettings(...layers: readonly SettingValues[]): ReadSettings {
  const ignored: SettingRemark[] = []
  const written = layers.map(withoutBlanks)
  const schemes = pick(SCHEMES, written, [])
  const list = schemes === undefined ? undefined : listItems(schemes)
  const entries = Array.from(KNOWN_SETTINGS.keys(), (name) => {
    const value = pick(name, isAmazonKey(name) ? ownersOfKeys(written) : written, ignored, list)
    return value === undefined ? [] : [[name, value] as const]
  })
  return { settings: settingsFrom(entries.flat()), ignored }
}

/** @param ignored Takes up what is passed over. */
function pick(
  name: string,
  layers: readonly SettingValues[],
  ignored: SettingRemark[],
  schemes?: readonly string[],
): Json | undefined {
  const info = KNOWN_SETTINGS.get(name)
  if (info === undefined) return undefined
  for (const { setting, value } of layers.flatMap((layer) => findGiven(name, info, layer))) {
    const read = readOne(info, value, schemes)
    if (read.problem !== undefined) ignored.push({ setting, problem: read.problem })
    if (read.value !== undefined) return read.value
  }
  return undefined
}

/** Para's own name first. */
function findGiven(
  name: string,
  { paraName }: SettingInfo,
  layer: SettingValues,
): readonly Given[] {
  const names = paraName === undefined ? [name] : [paraName, name]
  return names.flatMap((setting) => {
    const value = layer[setting]
    return value === undefined ? [] : [{ setting, value }]
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
  return owner === undefined ? [] : [owner]
}
