import type { Sealer } from '../crypto/sealer'
import { AmazonAuthError } from '../errors'
import type { AppStore, SettingChange, SettingRecords } from './app'
import { versionOf } from './describe-settings'
import { requireStorable } from './require-storable'
import type { SettingsReview } from './review-settings'
import { sealSetting } from './seal-settings'
import { requireWithinBounds } from './setting-bounds'
import type { Json } from './settings'

/** What somebody wants of one setting, having seen it. */
export interface WantedSetting {
  readonly name: string
  /** Undefined: it is to be removed. */
  readonly value: Json | undefined
  /** Of what they have seen stored, as `DescribedSetting` tells it; empty: nothing was. */
  readonly seen: string
}

/** What came of it: all is done, or something is not, and then the reason stands by its name. */
export interface ChangedSettings {
  /** Those that are as wanted. */
  readonly done: readonly string[]
  /** Those that somebody else has changed meanwhile: nothing was done about them. */
  readonly changedMeanwhile: readonly string[]
  /** What cannot be kept as it is, and why: nothing at all was changed then. Problems follow no subject. */
  readonly refused: ReadonlyMap<string, string>
  /** What should be told of the change. */
  readonly review: SettingsReview
}

type Outcome = Omit<ChangedSettings, 'review'>

/**
 * Changes several settings of an app at once, unless somebody else has changed one of them since they were looked at: then
 * none. Only where two do so in the very same moment is one part done, and the rest told.
 *
 * @throws {AmazonAuthError} `not_found`, `setting_invalid` (too many, or too large in all), `store_unavailable`
 */
export async function changeSettings(
  id: string,
  wanted: readonly WantedSetting[],
  deps: {
    readonly stored: SettingRecords
    readonly store: Pick<AppStore, 'changeSettings'>
    readonly sealer: Sealer
    readonly nowMs: number
  },
): Promise<Outcome | undefined> {
  const { stored, store, sealer, nowMs } = deps
  const refused = findRefused(wanted)
  const changedMeanwhile = wanted
    .filter(({ name, seen }) => versionOf(stored.get(name)) !== seen)
    .map(({ name }) => name)
  if (refused.size > 0 || changedMeanwhile.length > 0) {
    return { done: [], changedMeanwhile, refused }
  }
  const changes = wanted.map(({ name, value }): SettingChange => {
    const to = value === undefined ? undefined : sealSetting(id, name, value, sealer)
    return { name, from: stored.get(name), to }
  })
  requireWithinBounds(afterwards(stored, changes))
  const done = await store.changeSettings(id, changes, nowMs)
  if (done === undefined) return undefined
  const late = changes.map(({ name }) => name).filter((name) => !done.includes(name))
  return { done, changedMeanwhile: late, refused }
}

function findRefused(wanted: readonly WantedSetting[]): ReadonlyMap<string, string> {
  const found = wanted.flatMap(({ name, value }) => {
    const problem = value === undefined ? undefined : findProblem(name, value)
    return problem === undefined ? [] : [[name, problem] as const]
  })
  return new Map(found)
}

/** Why a setting cannot be kept; undefined: it can. Never with the value. */
export function findProblem(name: string, value: Json): string | undefined {
  try {
    requireStorable(name, value)
    return undefined
  } catch (thrown) {
    if (!(thrown instanceof AmazonAuthError)) throw thrown
    const { problem = '' } = thrown.facts
    return String(problem)
  }
}

function afterwards(stored: SettingRecords, changes: readonly SettingChange[]): SettingRecords {
  const settings = new Map(stored)
  for (const { name, to } of changes) {
    if (to === undefined) settings.delete(name)
    else settings.set(name, to)
  }
  return settings
}
