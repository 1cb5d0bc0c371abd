import { settingsFrom, type Json, type SettingValues } from '../apps/settings'
import { KNOWN_SETTING_NAMES, settingInfo } from '../apps/known-settings'
import { explainHostSetting } from '../apps/host-settings'
import { suggestSetting } from '../apps/suggest-setting'
import { isBlank } from '../apps/value-formats'
import { suggest } from '../suggest'
import { checkBounds, checkKeys, checkTargets } from './check-app-settings'
import { appName } from './formats'
import { joinLayers } from './join-layers'
import { environmentVariable } from './key-names'
import type { Findings, Sourced, SourcedApps, SourcedValues } from './sourced'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Joins what code, environment and file say about child apps, in this order.
 *
 * @param rootName Id of the root app, which cannot be a child.
 */
export function readApps(
  sources: {
    readonly options: SourcedApps
    readonly environment: Environment
    readonly file: SourcedApps
  },
  rootName: string,
  findings: Findings,
): Readonly<Record<string, SettingValues>> {
  const written = byId(sources.file, rootName, findings)
  const coded = byId(sources.options, rootName, findings)
  const ids = new Set([...written.keys(), ...coded.keys()])
  const fromEnvironment = readEnvironment(ids, sources.environment, findings)
  const apps = Array.from(ids, (id) => {
    const layers = [coded.get(id), fromEnvironment.get(id), written.get(id)]
    const prefix = `para.apps.${id}.`
    const settings = joinLayers(
      layers.filter((layer) => layer !== undefined),
      prefix,
      findings,
    )
    return [id, readSettings(prefix, settings, findings)] as const
  })
  // Without a prototype: looking up an app named `constructor` must find nothing.
  return Object.assign(Object.create(null) as object, Object.fromEntries(apps))
}

function byId(
  source: SourcedApps,
  rootName: string,
  findings: Findings,
): Map<string, SourcedValues> {
  const apps = new Map<string, SourcedValues>()
  for (const [name, { origin, settings }] of source) {
    const key = `para.apps.${name}`
    const id = findings.read(key, { value: name, origin }, appName)
    if (id === undefined) continue
    const problem =
      id === rootName
        ? 'has the name of the root app: write its settings under para itself'
        : `is the same app as another one here: both are named ${id}`
    if (id === rootName || apps.has(id)) findings.report(key, problem, origin)
    else apps.set(id, settings)
  }
  return apps
}

/** `para_apps_my_shop_az_secret` sets `az_secret` of the app `my-shop`, if code or file name that app. */
function readEnvironment(
  ids: ReadonlySet<string>,
  environment: Environment,
  findings: Findings,
): Map<string, SourcedValues> {
  const owners = new Map<string, string>()
  const found = new Map<string, Map<string, Sourced>>()
  for (const id of ids) {
    for (const name of KNOWN_SETTING_NAMES) {
      const variable = environmentVariable(`apps.${id}.${name}`)
      const value = environment[variable]
      if (isBlank(value)) continue
      const origin = `environment ${variable}`
      const other = owners.get(variable)
      if (other === undefined) {
        owners.set(variable, id)
        found.set(id, (found.get(id) ?? new Map<string, Sourced>()).set(name, { value, origin }))
      } else {
        const problem = `could mean app ${other} as well: write it in the file`
        findings.report(`para.apps.${id}.${name}`, problem, origin)
      }
    }
  }
  warnOfVariables(ids, environment, findings)
  return found
}

/** What names no app, or no setting of one, would otherwise be ignored in silence: most often it is a secret. */
function warnOfVariables(
  ids: ReadonlySet<string>,
  environment: Environment,
  findings: Findings,
): void {
  const given = Object.entries(environment).flatMap(([variable, value]) =>
    /^para[_.]apps[_.]/i.test(variable) && !isBlank(value) ? [variable] : [],
  )
  if (given.length === 0) return
  const known = new Set(
    Array.from(ids, (id) =>
      KNOWN_SETTING_NAMES.map((name) => environmentVariable(`apps.${id}.${name}`)),
    ).flat(),
  )
  for (const variable of given) {
    if (known.has(variable)) continue
    const meant = suggest(variable.replaceAll('.', '_').toLowerCase(), known)
    const hint = meant === undefined ? NO_SUCH_APP : `is not known. Did you mean ${meant}?`
    findings.warnings.push(`The environment variable ${variable} ${hint}`)
  }
}

const NO_SUCH_APP =
  'has no effect: it has to name an app that the file or code names (para.apps.<app> {}), and a setting of it.'

function readSettings(prefix: string, settings: SourcedValues, findings: Findings): SettingValues {
  const read = Array.from(settings, ([name, sourced]) => {
    const value = readSetting(prefix + name, name, sourced, findings)
    return value === undefined ? [] : [[name, value] as const]
  }).flat()
  const values = settingsFrom(read)
  const place = { prefix, findings }
  checkKeys(values, place)
  checkBounds(values, place)
  const { signin_success = null, signin_failure = null } = values
  checkTargets({ signin_success, signin_failure }, values['security.app_schemes'], place)
  return values
}

function readSetting(
  key: string,
  name: string,
  sourced: Sourced,
  findings: Findings,
): Json | undefined {
  const known = settingInfo(name)
  if (known) return findings.read(key, sourced, known.reads)
  const explained = isBlank(sourced.value) ? undefined : explainHostSetting(name)
  if (explained !== undefined) findings.warnings.push(`${key} (${sourced.origin}) ${explained}`)
  const meant = suggestSetting(name)
  if (meant !== undefined) {
    findings.warnings.push(`${key} (${sourced.origin}) has no meaning here. Did you mean ${meant}?`)
  }
  findings.origins.set(key, sourced.origin)
  return sourced.value as Json
}
