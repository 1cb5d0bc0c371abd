import { findKeyMistakes } from '../apps/find-key-mistakes'
import { requireAllStorable } from '../apps/require-storable'
import { requireWithinBounds } from '../apps/setting-bounds'
import type { SettingValues } from '../apps/settings'
import { checkTargetScheme } from '../apps/target-url'
import { listItems, writtenItems } from '../apps/value-formats'
import { AmazonAuthError } from '../errors'
import type { Findings } from './sourced'

/** Where an app's settings were written: its keys begin with `prefix`, e.g. `para.apps.shop.`. */
interface Place {
  readonly prefix: string
  readonly findings: Findings
}

/** An app that is configured may keep no more than one that is set up over the API. */
export function checkBounds(settings: SettingValues, { prefix, findings }: Place): void {
  try {
    requireAllStorable(settings)
    const texts = Object.entries(settings).map(
      ([name, value]) => [name, JSON.stringify(value)] as const,
    )
    requireWithinBounds(new Map(texts))
  } catch (thrown) {
    if (!(thrown instanceof AmazonAuthError)) throw thrown
    const { setting = '', problem = '' } = thrown.facts
    const key = setting === '' ? prefix.slice(0, -1) : `${prefix}${String(setting)}`
    const origin = findings.origins.get(key) ?? 'configuration'
    findings.report(key, `cannot be taken: ${String(problem)}`, origin)
  }
}

/**
 * Where people are sent must be of a kind that the app allows: see {@link checkTargetScheme}.
 *
 * @param targets By the name of their key, without the prefix.
 */
export function checkTargets(
  targets: SettingValues,
  schemes: unknown,
  { prefix, findings }: Place,
): void {
  const list = schemes === undefined ? undefined : listItems(schemes)
  for (const [name, url] of Object.entries(targets)) {
    const problem = typeof url === 'string' ? checkTargetScheme(url, list) : undefined
    if (problem !== undefined) findings.report(prefix + name, problem)
  }
}

interface AmazonKeys {
  readonly az_app_id?: unknown
  readonly az_secret?: unknown
  readonly az_client_ids?: unknown
  readonly az_device_app_id?: unknown
}

/** Amazon's two keys go together; warns of what is wrong with them, most likely. */
export function checkKeys(keys: AmazonKeys, place: Place): void {
  requirePair(keys, place)
  const { prefix, findings } = place
  const names = {
    clientId: writtenName(`${prefix}az_app_id`, findings),
    clientSecret: writtenName(`${prefix}az_secret`, findings),
  }
  const mistakes = findKeyMistakes({
    clientId: textOf(keys.az_app_id),
    clientSecret: textOf(keys.az_secret),
    device: {
      name: writtenName(`${prefix}az_device_app_id`, findings),
      clientId: textOf(keys.az_device_app_id),
    },
    further: {
      name: writtenName(`${prefix}az_client_ids`, findings),
      clientIds: writtenItems(keys.az_client_ids),
    },
    names,
  })
  for (const { setting, problem } of mistakes) findings.warnings.push(`${setting} ${problem}.`)
}

function requirePair(keys: AmazonKeys, { prefix, findings }: Place): void {
  const names = ['az_app_id', 'az_secret'] as const
  const missing = names.find((name) => keys[name] === undefined)
  const there = names.find((name) => keys[name] !== undefined)
  if (missing === undefined || there === undefined) return
  // A value that could not be read has been reported already.
  if (findings.hasProblem(prefix + missing)) return
  findings.report(prefix + there, `needs ${prefix}${missing} too`)
}

/** `option azAppId`, or `para.az_app_id (application.conf:3)`. */
function writtenName(key: string, findings: Findings): string {
  const origin = findings.origins.get(key)
  if (origin === undefined) return key
  return origin.startsWith('option ') ? origin : `${key} (${origin})`
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
