/* oxlint-disable typescript/no-require-imports -- a host without a file needs no reader of HOCON */
import type * as Hocon from './parse-hocon'
import type { HostTraits } from '../apps/value-formats'
import { resolveConfig, type LoadedConfig } from './resolve-config'
import type { Layer } from './sourced'

export interface ConfigSources {
  /** Path of `application.conf`. With `text`: its name for messages. Neither: there is no file. */
  readonly file?: string | undefined
  /** HOCON to read in place of the file's content. */
  readonly text?: string | undefined
  /** Default: the environment of the process. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined
  readonly overrides?: Layer | undefined
  /** Default: one without code of its own. */
  readonly host?: HostTraits | undefined
}

/**
 * Loads the configuration: what code says wins over environment variables (`para_az_app_id`), these over the file,
 * the file over the defaults.
 *
 * @throws {ConfigError} With every problem: key, file and line (or variable, or option), and what was expected.
 */
export function loadConfig(sources: ConfigSources = {}): Promise<LoadedConfig> {
  const { file, text, environment = process.env, overrides, host } = sources
  const hasFile = file !== undefined || text !== undefined
  // What is thrown in there rejects.
  return new Promise((resolve) => {
    const document = hasFile ? loadReader().parseHocon({ file, text, environment }) : undefined
    resolve(resolveConfig({ document, environment, overrides, host }))
  })
}

function loadReader(): typeof Hocon {
  return require('./parse-hocon') as typeof Hocon
}
