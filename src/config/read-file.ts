import type { Json } from '../apps/settings'
import { KNOWN_SETTING_NAMES } from '../apps/known-settings'
import type { HoconDocument } from './parse-hocon'
import { groupsOf } from '../wire-names'
import { PLACED_KEYS } from './key-names'
import type { Findings, Sourced, SourcedValues } from './sourced'

/** What a file says under `para`. */
export interface FileValues {
  /** Every key but `para.apps`, by its name without the prefix. */
  readonly values: SourcedValues
  /** Settings by the app's name as written. */
  readonly apps: ReadonlyMap<string, { readonly origin: string; readonly settings: SourcedValues }>
}

type JsonObject = Readonly<Record<string, Json>>

/** Names of objects that hold known settings of an app, e.g. `security`. */
const SETTING_GROUPS = groupsOf(KNOWN_SETTING_NAMES)

/** Takes a document apart. Null means: not set. */
export function readFileValues(document: HoconDocument, findings: Findings): FileValues {
  const { apps = {}, ...rest } = objectAt(document, 'para', document.values.para ?? {}, findings)
  const values = flatten(rest, 'para', document, (path) => !PLACED_KEYS.has(path))
  const names = Object.entries(objectAt(document, 'para.apps', apps, findings))
  return {
    values,
    apps: new Map(names.map(([name, app]) => [name, readApp(document, name, app, findings)])),
  }
}

function readApp(document: HoconDocument, name: string, app: Json, findings: Findings) {
  const path = `para.apps.${name}`
  const settings = objectAt(document, path, app, findings)
  return {
    origin: originAt(document, path),
    settings: flatten(settings, path, document, (group) => SETTING_GROUPS.has(group)),
  }
}

/** Leaves by dotted path; `isGroup` tells which objects are walked into, the others are values. */
function flatten(
  object: JsonObject,
  root: string,
  document: HoconDocument,
  isGroup: (path: string) => boolean,
): SourcedValues {
  const leaves = new Map<string, Sourced>()
  function walk(group: JsonObject, prefix: string): void {
    for (const [name, value] of Object.entries(group)) {
      const path = prefix + name
      if (isObject(value) && isGroup(path)) walk(value, `${path}.`)
      else if (value !== null)
        leaves.set(path, { value, origin: originAt(document, `${root}.${path}`) })
    }
  }
  walk(object, '')
  return leaves
}

function objectAt(
  document: HoconDocument,
  key: string,
  value: Json,
  findings: Findings,
): JsonObject {
  if (isObject(value)) return value
  findings.problems.push({
    key,
    origin: originAt(document, key),
    problem: 'must be an object: { … }',
  })
  return {}
}

function originAt(document: HoconDocument, path: string): string {
  return document.originOf(path) ?? 'configuration'
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
