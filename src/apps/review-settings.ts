import { findKeyMistakes } from './find-key-mistakes'
import { explainHostSetting } from './host-settings'
import { KNOWN_SETTINGS, type SettingInfo } from './known-settings'
import { MASK } from './mask-settings'
import { settingsInForce, type SettingRemark } from './settings-in-force'
import type { Json, SettingValues } from './settings'
import { writtenItems, FormatError, type HostTraits, isBlank } from './value-formats'
import { suggestSetting } from './suggest-setting'

/** What people should know of an app's settings, though nothing of it was refused. */
export interface SettingsReview {
  /** Set, and without effect. */
  readonly ignored: readonly SettingRemark[]
  /** In force, but most likely not what was meant. */
  readonly warnings: readonly SettingRemark[]
}

/** Apps keep what they like: somebody whose names are all like ours fills no log. */
const MAX_MISSPELT = 10

export const NO_REMARKS: SettingsReview = { ignored: [], warnings: [] }

/**
 * Looks through an app's settings.
 *
 * @param settings Those that are stored, as they were put. A secret may be masked.
 * @param configured Those that lie under them.
 * @param host Default: one without code of its own.
 */
export function reviewSettings(
  settings: SettingValues,
  configured: SettingValues = {},
  host: HostTraits = {},
): SettingsReview {
  return {
    ignored: settingsInForce(settings, configured).ignored.filter(
      ({ setting }) => settings[setting] !== MASK,
    ),
    warnings: [
      ...findHosts(settings),
      ...findMisspelt(settings),
      ...findMistakenKeys(settings),
      ...findDoubtful(settings, host),
    ],
  }
}

/** What a change brings: of what was there before, nothing is told again but what was put once more. */
export function reviewChange(
  change: {
    readonly before: SettingValues
    readonly after: SettingValues
    readonly put: readonly string[]
  },
  configured: SettingValues,
  host?: HostTraits,
): SettingsReview {
  const before = reviewSettings(change.before, configured, host)
  const after = reviewSettings(change.after, configured, host)
  const isNew = (remark: SettingRemark, old: readonly SettingRemark[]): boolean =>
    change.put.includes(remark.setting) ||
    !old.some(({ setting, problem }) => setting === remark.setting && problem === remark.problem)
  return {
    ignored: after.ignored.filter((remark) => isNew(remark, before.ignored)),
    warnings: after.warnings.filter((remark) => isNew(remark, before.warnings)),
  }
}

function findHosts(settings: SettingValues): readonly SettingRemark[] {
  const written = Object.keys(settings).filter((setting) => !isBlank(settings[setting]))
  const found = written.flatMap((setting) => {
    const problem = explainHostSetting(setting)
    return problem === undefined ? [] : [{ setting, problem }]
  })
  return found.slice(0, MAX_MISSPELT)
}

function findMisspelt(settings: SettingValues): readonly SettingRemark[] {
  const found = Object.keys(settings).flatMap((setting) => {
    const meant = suggestSetting(setting)
    const problem = `has no meaning here (did you mean ${String(meant)}?)`
    return meant === undefined ? [] : [{ setting, problem }]
  })
  return found.slice(0, MAX_MISSPELT)
}

function findMistakenKeys({
  az_app_id,
  az_secret,
  az_client_ids,
  az_device_app_id,
}: SettingValues): readonly SettingRemark[] {
  return findKeyMistakes({
    clientId: textOf(az_app_id),
    clientSecret: textOf(az_secret),
    device: { name: 'az_device_app_id', clientId: textOf(az_device_app_id) },
    further: { name: 'az_client_ids', clientIds: writtenItems(az_client_ids) },
    names: { clientId: 'az_app_id', clientSecret: 'az_secret' },
  })
}

/** What a value that can be read does not do as its writer may think. Lists tell of their items themselves. */
function findDoubtful(settings: SettingValues, host: HostTraits): readonly SettingRemark[] {
  return Array.from(KNOWN_SETTINGS).flatMap(([setting, { reads, list }]) => {
    const value = settings[setting]
    if (list !== undefined || isBlank(value)) return []
    return warningsOf(reads, value, host).map((problem) => ({ setting, problem }))
  })
}

function warningsOf(
  reads: SettingInfo['reads'],
  value: Json | undefined,
  host: HostTraits,
): readonly string[] {
  try {
    return reads.warn?.(value, host) ?? []
  } catch (error) {
    // What cannot be read is told as such.
    if (error instanceof FormatError) return []
    throw error
  }
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== MASK ? value : undefined
}
