import { isParaKey } from '../../apps/para-keys'
import type { Json } from '../../apps/settings'
import { findKey, PARA_NAMES } from '../../config/key-names'
import { parseHocon } from '../../config/parse-hocon'
import { readFileValues } from '../../config/read-file'
import { Findings } from '../../config/sourced'

/** What a configuration of Para comes to here. */
export interface ParaConf {
  /** Para's `app_name`. */
  readonly appName: string
  /** Para's `jwt_expires_after`, in seconds. */
  readonly tokenSeconds: number | undefined
  /** Keys that count here, by the names that they have here. */
  readonly kept: readonly ConfKey[]
  /** Names of keys that Para knows, and that have no meaning here. */
  readonly dropped: readonly string[]
  /** Names of keys that neither knows. */
  readonly unknown: readonly string[]
}

export interface ConfKey {
  readonly name: string
  /** Para's name, where that is another one. */
  readonly written: string
  readonly value: Json
  /** Where it stands: `application.conf:12`. */
  readonly origin: string
}

/**
 * Reads the configuration of a Para server as this server would.
 *
 * @throws {ConfigError} With file and line.
 */
export function readParaConf(file: string, environment: NodeJS.ProcessEnv): ParaConf {
  const { values } = readFileValues(parseHocon({ file, environment }), new Findings(undefined))
  const [kept, dropped, unknown]: [ConfKey[], string[], string[]] = [[], [], []]
  for (const [written, { value, origin }] of values) {
    const name = PARA_NAMES.get(written) ?? written
    if (findKey(written) !== undefined) kept.push({ name, written, value: value as Json, origin })
    else if (isParaKey(written)) dropped.push(written)
    else unknown.push(written)
  }
  const name = values.get('app_name')?.value
  const seconds = Number(values.get('jwt_expires_after')?.value)
  return {
    appName: typeof name === 'string' ? name : 'para',
    tokenSeconds: Number.isInteger(seconds) ? seconds : undefined,
    kept,
    dropped,
    unknown,
  }
}

/** A file of the keys that count, each at the name that it has here. */
export function formatConf({ kept }: ParaConf): string {
  const lines = kept.map(({ name, value }) => `para.${name} = ${JSON.stringify(value)}\n`)
  return ['# Taken over from Para. Every key there is: application.conf.example.\n', ...lines].join(
    '',
  )
}
