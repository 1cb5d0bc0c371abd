import { sha256 } from '../crypto/random'
import type { Sealer } from '../crypto/sealer'
import type { SettingRecords } from './app'
import { isSecretSetting, KNOWN_SETTINGS, knownSettingName } from './known-settings'
import { MASK, maskSettings } from './mask-settings'
import { layersInForce, settingsInForce, type SettingRemark } from './settings-in-force'
import { reviewSettings } from './review-settings'
import { openEach } from './seal-settings'
import type { Json, SettingValues } from './settings'
import type { HostTraits } from './value-formats'

/** A value, and where the configuration has it. */
export interface ConfiguredValue {
  readonly value: Json
  /** File and line, variable, option; undefined: it is a default. */
  readonly origin: string | undefined
}

/** Where a value in force comes from: it is stored, the configuration has it of this app or for all apps, or it is a default. */
export type SettingSource =
  | { readonly from: 'stored' | 'default' }
  | { readonly from: 'app' | 'all'; readonly origin: string }

/** A value that is stored, as people may see it. */
export interface StoredSetting {
  /** As it was put; a secret is masked. */
  readonly value: Json
  /** Names this very value: another one has another. Tells nothing of a secret. */
  readonly version: string
  /** A secret that no key opens: sealed by another master key, or changed. It keeps everybody from signing in. */
  readonly isUnreadable: boolean
}

/** One setting of an app as a form shows it. */
export interface DescribedSetting {
  /** As it is or would be stored: what Para calls it, where it is stored so. */
  readonly name: string
  /** The name under which {@link KNOWN_SETTINGS} has it; undefined: it has no meaning here. */
  readonly known: string | undefined
  readonly isSecret: boolean
  readonly stored: StoredSetting | undefined
  /** As its format reads it; a secret is masked. Undefined: nothing is in force. */
  readonly inForce: { readonly value: Json; readonly source: SettingSource } | undefined
  /** What would be in force if nothing were stored. */
  readonly beneath: { readonly value: Json; readonly source: SettingSource } | undefined
  /** What is odd about it. */
  readonly remarks: readonly SettingRemark[]
}

export interface DescribeDeps {
  readonly sealer: Sealer
  /** What the configuration says of this app. */
  readonly configured: SettingValues
  /** Where it says so; undefined: it is a default. */
  readonly originOf: (name: string) => string | undefined
  /** What holds for apps that do not say, by the name of the setting; undefined: nothing does. */
  readonly forAll: (name: string) => ConfiguredValue | undefined
  readonly host: HostTraits
}

type InForce = DescribedSetting['inForce']

/** All settings with a meaning, in the order of their table, and then those that the app keeps besides, by name. */
export function describeSettings(
  appId: string,
  records: SettingRecords,
  deps: DescribeDeps,
): readonly DescribedSetting[] {
  const unreadable = new Set<string>()
  const opened = openEach(appId, records, deps.sealer, (setting) => {
    unreadable.add(setting)
    return MASK
  })
  const shown = maskSettings(opened)
  const { ignored, warnings } = reviewSettings(opened, deps.configured, deps.host)
  const inForce = inForceOf([opened, deps.configured], ['stored', 'app'], deps)
  const beneath = inForceOf([deps.configured], ['app'], deps)

  function describe(name: string): DescribedSetting {
    const known = knownSettingName(name)
    const record = records.get(name)
    const isRemarkOn = ({ setting }: SettingRemark): boolean =>
      setting === name || (record === undefined && setting === known)
    return {
      name,
      known,
      isSecret: isSecretSetting(name),
      stored:
        record === undefined
          ? undefined
          : {
              value: shown[name] ?? null,
              version: versionOf(record),
              isUnreadable: unreadable.has(name),
            },
      inForce: known === undefined ? undefined : inForce(known),
      beneath: known === undefined ? undefined : beneath(known),
      remarks: [...ignored, ...warnings].filter(isRemarkOn),
    }
  }
  const others = Array.from(records.keys()).filter((name) => knownSettingName(name) === undefined)
  const known = Array.from(KNOWN_SETTINGS.keys()).flatMap((name) => namesStored(name, records))
  return [...known, ...others.toSorted()].map(describe)
}

/** Names a stored text; the empty text: nothing is stored. */
export function versionOf(record: string | undefined): string {
  return record === undefined ? '' : sha256(record).slice(0, 22)
}

/** Both names of a setting where both are stored, else the one that is, else our own. */
function namesStored(name: string, records: SettingRecords): readonly string[] {
  const names = [KNOWN_SETTINGS.get(name)?.paraName, name].filter((each) => each !== undefined)
  const stored = names.filter((each) => records.has(each))
  return stored.length > 0 ? stored : [name]
}

/** @param kinds Of the layers. */
function inForceOf(
  layers: readonly SettingValues[],
  kinds: readonly ('stored' | 'app')[],
  { originOf, forAll }: DescribeDeps,
): (name: string) => InForce {
  const { settings } = settingsInForce(...layers)
  const masked = maskSettings(settings)
  const from = layersInForce(...layers)
  return (name) => {
    const value = masked[name]
    const kind = kinds[from.get(name) ?? -1]
    const all = forAll(name)
    if (value === undefined || kind === undefined) return all && withSource(all, 'all')
    // Which no app can turn off that is on for all.
    if (name === STRICT && all?.value === true) return withSource(all, 'all')
    if (kind === 'stored') return { value, source: { from: kind } }
    return withSource({ value, origin: originOf(name) }, kind)
  }
}

const STRICT = 'security.strict'

function withSource({ value, origin }: ConfiguredValue, from: 'app' | 'all'): NonNullable<InForce> {
  return { value, source: origin === undefined ? { from: 'default' } : { from, origin } }
}
