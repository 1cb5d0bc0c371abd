import type { SettingValues } from '../apps/settings'
import type { Key, KEYS } from './keys'

/** Where a value came from: `application.conf:12`, `environment para_port`, `option port` or `default`. */
export type Origin = string

/** What keys hold, read and checked. */
export type ValuesOf<Keys> = {
  readonly [K in keyof Keys]: Keys[K] extends Key<infer T, unknown> ? T : ValuesOf<Keys[K]>
}

/** Values of all keys. Durations are in the unit that {@link KEYS} tells. */
export type Values = ValuesOf<typeof KEYS>

/**
 * The whole configuration: built once, frozen, never changed afterwards.
 *
 * Names are those of `application.conf` without the `para.` prefix, camel-cased.
 */
export interface Config extends Omit<Values, 'store'> {
  readonly amazon: AmazonConfig
  /** The parts of `url` are in it. */
  readonly store: Pick<Values['store'], 'url' | 'poolSize' | 'connectTimeout' | 'timeout'>
  /** Child apps written in the file or in code, with their settings by wire name. */
  readonly apps: Readonly<Record<string, SettingValues>>
}

interface AmazonConfig extends ValuesOf<(typeof KEYS)['amazon']> {
  /** Variable of the environment that names a proxy which is not used. */
  readonly unusedProxy: string | undefined
}
