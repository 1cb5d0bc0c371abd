import type { SettingValues } from '../apps/settings'
import type { HostTraits } from '../apps/value-formats'
import { ConfigError } from './config-error'
import { readAppOption, type AppOptions } from './options'
import { readApps } from './read-apps'
import { Findings } from './sourced'

/**
 * Finds an app in a database of the host's own.
 *
 * @param id Without `app:`; letters, digits, `-`, `_` and `.`, at most 128. Anybody may send one, so it need not exist.
 * @returns Its settings, as an app of the configuration has them; null or undefined: there is no such app.
 */
export type FindApp = (
  id: string,
) => AppOptions | null | undefined | Promise<AppOptions | null | undefined>

/** What says so, for people. */
export const HOST_APP_ORIGIN = 'function apps'

/**
 * Reads what a host has answered for one app, by the rules of an app of the configuration.
 *
 * @returns Undefined: there is no such app.
 * @throws {ConfigError} With all that is wrong. {TypeError}: it is no object, or a name in it is misspelt.
 */
export function readHostApp(
  id: string,
  answer: unknown,
  host: HostTraits,
): SettingValues | undefined {
  if (answer === undefined || answer === null) return undefined
  const findings = new Findings(host)
  const settings = new Map(
    Array.from(readAppOption(`apps.${id}`, answer), ([name, { value }]) => [
      name,
      { value, origin: HOST_APP_ORIGIN },
    ]),
  )
  const options = new Map([[id, { origin: HOST_APP_ORIGIN, settings }]])
  const apps = readApps({ options, environment: {}, file: new Map() }, '', findings)
  if (findings.problems.length > 0) throw new ConfigError(findings.problems)
  return apps[id]
}
