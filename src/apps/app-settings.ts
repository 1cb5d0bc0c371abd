import type { SETTINGS } from './known-settings'
import type { Json } from './settings'
import type { Format } from './value-formats'

/**
 * Settings of one app that have a meaning here, by the names under which the API has them: `az_app_id`,
 * `security.strict`. What each of them means stands beside the options of `apps` in `amazonAuth()`, and in docs/settings.md.
 */
export interface AppSettings
  extends
    ByWireName<typeof SETTINGS, ''>,
    ByWireName<(typeof SETTINGS)['security'], 'security.'>,
    ByWireName<(typeof SETTINGS)['amazon'], 'amazon.'> {
  /** What Para calls `one_session_per_user`; wins over it. */
  readonly 'security.one_session_per_user'?: boolean | undefined
}

/** The name of a setting that has a meaning here. */
export type SettingName = keyof AppSettings

/**
 * The name of a setting: one that has a meaning here, or one of Para's or of an app's own, with a dot or an underscore in it.
 * Others are misspelt (`signinSuccess`). A name that is only known when the program runs: `name as SettingKey`.
 */
export type SettingKey =
  | SettingName
  // So written, editors still offer the names that are known.
  | ((`${string}_${string}` | `${string}.${string}`) & Record<never, never>)

/** What a setting of that name may be: of those that have no meaning here, anything that JSON has. */
export type SettingValue<Name extends string> = Name extends SettingName
  ? NonNullable<AppSettings[Name]> | null
  : Json

type ByWireName<Group, Prefix extends string> = {
  readonly [
    Name in keyof Group as Group[Name] extends Reader<unknown>
      ? `${Prefix}${SnakeCase<Name & string>}`
      : never
  ]?: Group[Name] extends Reader<infer Written> ? Written | undefined : never
}

interface Reader<Written> {
  readonly reads: Format<unknown, Written>
}

type SnakeCase<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${SnakeCase<Rest>}`
  : ''
