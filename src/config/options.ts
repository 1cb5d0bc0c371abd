import type { Json } from '../apps/settings'
import { SETTING_BOUNDS } from '../apps/setting-bounds'
import { KNOWN_SETTING_NAMES, settingInfo, type SETTINGS } from '../apps/known-settings'
import { FormatError, isBlank, type Format } from '../apps/value-formats'
import { appName } from './formats'
import { findKey, PLACED_KEYS, WRITTEN_NAMES } from './key-names'
import type { KEYS } from './keys'
import {
  isObject,
  leavesOf,
  type Layer,
  type Sourced,
  type SourcedApps,
  type SourcedValues,
} from './sourced'
import { suggest } from '../suggest'
import { camelCase, groupsOf } from '../wire-names'

interface Reader<Written> {
  readonly reads: Format<unknown, Written>
}

/** What code may write for keys, each of which may be left out. */
export type OptionsFor<Keys> = {
  readonly [K in keyof Keys]?:
    (Keys[K] extends Reader<infer Written> ? Written : OptionsFor<Keys[K]>) | undefined
}

/**
 * Configuration written in code. Every option wins over the environment and the file; all may be left out, and empty
 * ones are.
 */
export interface ConfigOptions extends OptionsFor<typeof KEYS> {
  /** Path of an `application.conf` to read as well. Default: none is read. */
  readonly config?: string | undefined
  readonly security?: SecurityOptions | undefined
  /**
   * Child apps by name: made at start when they are not there. Default: those that are in the store.
   *
   * @example amazonAuth({ apps: { shop: { azAppId: '…', azSecret: '…', signinSuccess: '/in' } } })
   */
  readonly apps?: Readonly<Record<string, AppOptions>> | undefined
}

/** How careful to be, and where sign-ins end. */
export interface SecurityOptions extends OptionsFor<(typeof KEYS)['security']> {
  /** What Para calls `oneSessionPerUser`; wins over it. Default: that. */
  readonly oneSessionPerUser?: boolean | undefined
}

/**
 * Settings of one child app. Others than these are kept under the name that Para or you give them, with a dot or an
 * underscore in it; the rest may be misspelt.
 */
export interface AppOptions extends OptionsFor<typeof SETTINGS> {
  readonly security?: AppSecurityOptions | undefined
  readonly [setting: `${string}_${string}` | `${string}.${string}`]: Json | undefined
}

/** The same, of one app. */
export interface AppSecurityOptions
  extends OptionsFor<(typeof SETTINGS)['security']>, Pick<SecurityOptions, 'oneSessionPerUser'> {}

const GROUPS = groupsOf(PLACED_KEYS.keys())
const SETTING_GROUPS = groupsOf(KNOWN_SETTING_NAMES)
/** Para's own names too, as far as a group of ours has them. */
const OPTIONS = new Map(
  WRITTEN_NAMES.filter((name) => PLACED_KEYS.has(name) || name.includes('.')).map((name) => [
    camelCase(name),
    name,
  ]),
)
const SETTING_OPTIONS = new Map(KNOWN_SETTING_NAMES.map((name) => [camelCase(name), name]))

/**
 * Turns options into values by wire name.
 *
 * @param others Names of options that are not configuration (hooks, a logger), which are passed over.
 * @throws {TypeError} An option that is not known, or a value of the wrong type; names the option, never the value.
 */
export function overridesFromOptions(
  options: ConfigOptions,
  others: readonly string[] = [],
): Layer {
  const skipped = ['config', 'apps', ...others]
  const given = Object.entries(asObject('options', options))
  if (options.config != null && typeof options.config !== 'string') fail('config', 'must be a path')
  const own = Object.fromEntries(given.filter(([name]) => !skipped.includes(name)))
  const known = [...OPTIONS.keys(), ...skipped]
  const isGroup = (path: string, value: unknown): boolean =>
    GROUPS.has(path) && isObject(asObject(path, value))
  const values = leavesOf(own, isGroup).map(([path, value]): [string, Sourced] => {
    const name = OPTIONS.get(path) ?? ''
    const key = findKey(name)
    if (key === undefined) return fail(path, `is not known.${hint(path, known)}`)
    check(path, value, key.reads)
    return [name, { value, origin: `option ${path}` }]
  })
  return { values: new Map(values), apps: readAppOptions(options.apps ?? {}) }
}

function readAppOptions(apps: NonNullable<ConfigOptions['apps']>): SourcedApps {
  const sources = Object.entries(asObject('apps', apps)).map(([name, app]) => {
    const option = `apps.${name}`
    if (isBlank(name)) fail('apps', 'holds an app without a name')
    check(option, name, appName)
    return [name, { origin: `option ${option}`, settings: readAppOption(option, app) }] as const
  })
  return new Map(sources)
}

export function readAppOption(option: string, app: unknown): SourcedValues {
  const isGroup = (path: string, value: unknown): boolean =>
    SETTING_GROUPS.has(path) && isObject(asObject(`${option}.${path}`, value))
  const leaves = leavesOf(asObject(option, app), isGroup)
  // Before each name is looked at: what a database answers may hold any number.
  if (leaves.length > SETTING_BOUNDS.maxCount)
    fail(option, `has more than ${SETTING_BOUNDS.maxCount} settings`)
  return new Map(
    leaves.map(([path, value]) => {
      const place = `${option}.${path}`
      const name = SETTING_OPTIONS.get(path) ?? path
      const known = settingInfo(name)
      const meant = known ? undefined : suggest(path, SETTING_OPTIONS.keys())
      if (meant !== undefined) fail(place, `is not known. Did you mean "${option}.${meant}"?`)
      check(place, value, known?.reads)
      return [name, { value, origin: `option ${place}` }] as const
    }),
  )
}

/** Blank text means: not set, as where a variable that code reads is empty. */
function check(option: string, value: unknown, format: Format<unknown> | undefined): void {
  if (isBlank(value)) return
  try {
    format?.parse(value)
  } catch (thrown) {
    if (thrown instanceof FormatError) fail(option, thrown.message)
    throw thrown
  }
}

export function asObject(option: string, value: unknown): object {
  // A Date or a Map has no settings, and would count as an object without any.
  const isOne = isObject(value) && !(Symbol.iterator in value) && !(value instanceof Date)
  if (isOne) return value
  // Its address is what others take there.
  const example = option === 'store' ? ", such as { url: 'sqlite::memory:' }" : ''
  return fail(option, `must be an object${example}`)
}

/** @throws {TypeError} Names the option, and never its value. */
export function fail(option: string, problem: string): never {
  throw new TypeError(`amazonAuth: option "${option}" ${problem}`)
}

/** ` Did you mean "…"?`, or nothing. */
export function hint(path: string, known: readonly string[]): string {
  const meant = suggest(path, known) ?? OPTIONS.get(camelCase(path))
  return meant === undefined ? '' : ` Did you mean "${camelCase(meant)}"?`
}

/** A sentence of the configuration in the words of those who write it in code: `azAppId` for `para.az_app_id`. */
export function inWordsOfOptions(sentence: string): string {
  return sentence.replace(/\bpara\.([^\s,;:"()]+)/g, (_match, key: string) => optionName(key))
}

function optionName(key: string): string {
  if (PLACED_KEYS.has(key)) return camelCase(key)
  const setting = KNOWN_SETTING_NAMES.find((name) => key.endsWith(`.${name}`))
  return setting === undefined ? key : key.slice(0, -setting.length) + camelCase(setting)
}
