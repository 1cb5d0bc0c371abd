import { KNOWN_SETTING_NAMES } from '../apps/known-settings'
import { groupsOf } from '../wire-names'
import { PLACED_KEYS } from './key-names'
import type { HoconDocument } from './parse-hocon'
import { isObject, leavesOf, type Findings, type Layer, type SourcedValues } from './sourced'

/** Names of objects that hold known settings of an app, e.g. `security`. */
const SETTING_GROUPS = groupsOf(KNOWN_SETTING_NAMES)

/** Takes what a file says under `para` apart. */
export function readFileValues(document: HoconDocument, findings: Findings): Layer {
  const originAt = (path: string): string => document.originOf(path) ?? 'configuration'

  function objectAt(key: string, value: unknown): object {
    if (isObject(value)) return value
    findings.report(key, 'must be an object: { … }', originAt(key))
    return {}
  }

  function valuesAt(
    key: string,
    object: object,
    isGroup: (path: string) => boolean,
  ): SourcedValues {
    const leaves = leavesOf(object, (path, value) => isObject(value) && isGroup(path))
    return new Map(
      leaves.map(([path, value]) => [path, { value, origin: originAt(`${key}.${path}`) }]),
    )
  }

  function readApp(name: string, app: unknown) {
    const key = `para.apps.${name}`
    const settings = valuesAt(key, objectAt(key, app), (path) => SETTING_GROUPS.has(path))
    return [name, { origin: originAt(key), settings }] as const
  }

  const { apps = {}, ...rest } = objectAt('para', document.values.para ?? {}) as { apps?: unknown }
  return {
    values: valuesAt('para', rest, (path) => !PLACED_KEYS.has(path)),
    apps: new Map(
      Object.entries(objectAt('para.apps', apps)).map(([name, app]) => readApp(name, app)),
    ),
  }
}
