import { isLoopback } from '../apps/is-loopback'
import { isBlank, type Format } from '../apps/value-formats'
import type { Config, Origin } from './config'
import { buildConfig, type AmazonProxy } from './build-config'
import { checkTargets, warnOfKeyMistakes } from './check-app-settings'
import { ConfigError } from './config-error'
import { isParaKey } from '../apps/para-keys'
import { joinLayers } from './join-layers'
import { findNamedProxy, FROM_ENVIRONMENT, proxyAddress } from './outgoing-proxy'
import type { HoconDocument } from './parse-hocon'
import { readApps, type AppSources, warnOfNonOrigins } from './read-apps'
import { readFileValues } from './read-file'
import {
  createSettings,
  environmentVariable,
  findKeyName,
  KEY_NAMES,
  namesOfKey,
  SCHEMA,
  WRITTEN_NAMES,
  type KeyName,
  type Values,
} from './schema'
import { isPostgres, storeAddress } from './store-address'
import { Findings, type Sourced, type SourcedValues } from './sourced'
import { suggest } from '../suggest'

/** Values given in code; they win over everything. Made by `overridesFromOptions`. */
export interface Overrides {
  /** By wire name without the prefix `para.`. */
  readonly values: SourcedValues
  readonly apps: AppSources
}

export interface LoadedConfig {
  /** Frozen through and through. */
  readonly config: Config
  /** Where each value came from, by wire key: `para.port` → `application.conf:12`. */
  readonly origins: ReadonlyMap<string, Origin>
  /** Sentences for the log. They hold no values of secrets. */
  readonly warnings: readonly string[]
}

export interface ConfigLayers {
  readonly document?: HoconDocument | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly overrides?: Overrides | undefined
}

const NOTHING: Overrides = { values: new Map(), apps: new Map() }
const EMPTY_DOCUMENT: HoconDocument = { values: {}, originOf: () => undefined }

/**
 * Joins the layers of configuration: code, then environment, then file, then defaults.
 *
 * @throws {ConfigError} With every problem there is.
 */
export function resolveConfig(layers: ConfigLayers): LoadedConfig {
  const { document = EMPTY_DOCUMENT, environment, overrides = NOTHING } = layers
  const findings = new Findings()
  const file = readFileValues(document, findings)
  const layered = [overrides.values, readVariables(environment), file.values]
  const values = withStoreAddress(readValues(layered, findings), findings)
  const sources = { options: overrides.apps, environment, file: file.apps }
  const apps = readApps(sources, values.app_name, findings)
  requireMasterKey(values, findings)
  warnOfUnknown(file.values, findings)
  warnOfVariables(environment, findings)
  warnOfPlainHttp(values, findings)
  const proxy = chooseProxy(values, environment, findings)
  if (findings.problems.length > 0) throw new ConfigError(findings.problems)
  return {
    config: buildConfig(values, apps, proxy),
    origins: findings.origins,
    warnings: findings.warnings,
  }
}

/** An empty variable means: not set. */
function readVariables(environment: ConfigLayers['environment']): SourcedValues {
  const found = WRITTEN_NAMES.map((name): [string, Sourced] => {
    const variable = environmentVariable(name)
    return [name, { value: environment[variable], origin: `environment ${variable}` }]
  })
  return new Map(found.filter(([, { value }]) => !isBlank(value)))
}

/** Reads what the layers come to. Keys with problems keep their default. */
function readValues(layers: readonly SourcedValues[], findings: Findings): Values {
  const settings = createSettings()
  const joined = joinLayers(layers, 'para.', findings)
  for (const name of KEY_NAMES) {
    const key = `para.${name}`
    const written = namesOfKey(name).find((each) => joined.has(each))
    const sourced = written === undefined ? undefined : joined.get(written)
    if (sourced === undefined) findings.origins.set(key, 'default')
    else readValue(name, `para.${String(written)}`, sourced)
  }
  function readValue(name: KeyName, written: string, sourced: Sourced): void {
    const format: Format<unknown> = SCHEMA[name].format
    const value = findings.read(written, sourced, format)
    findings.origins.delete(written)
    findings.origins.set(`para.${name}`, sourced.origin)
    if (value !== undefined) settings.set(name, value)
    if (name === 'security.hosturl_aliases') warnOfNonOrigins(written, sourced, findings)
  }
  settings.validate({ allowed: 'strict' })
  const values = Object.fromEntries(KEY_NAMES.map((name) => [name, settings.get(name)]))
  findings.checkPair('para.', values)
  checkRootApp(values as unknown as Values, findings)
  return values as unknown as Values
}

function checkRootApp(values: Values, findings: Findings): void {
  const place = { prefix: 'para.', findings }
  const names = ['security.signin_success', 'security.signin_failure'] as const
  const targets = Object.fromEntries(names.map((name) => [name, values[name]]))
  checkTargets(targets, values['security.app_schemes'], place)
  warnOfKeyMistakes(values, place)
}

function withStoreAddress(values: Values, findings: Findings): Values {
  const origin = String(findings.origins.get('para.store.url'))
  const address = findings.read('para.store.url', { value: values, origin }, storeAddress)
  return address === undefined ? values : { ...values, 'store.url': address }
}

/** Beside an SQLite file one is made; nodes that share a database must share a key, too. */
function requireMasterKey(values: Values, findings: Findings): void {
  if (!isPostgres(values['store.url']) || values.secret_key.length > 0) return
  if (findings.problems.some(({ key }) => key === 'para.secret_key')) return
  findings.problems.push({
    key: 'para.secret_key',
    origin: findings.origins.get('para.secret_key') ?? 'default',
    problem:
      'is needed with PostgreSQL, the same on every node: make one with `openssl rand -base64 48`',
  })
}

/** Keys of Para are told in one line; others one by one, with what may have been meant. */
function warnOfUnknown(written: SourcedValues, findings: Findings): void {
  const unknown = Array.from(written).filter(([name]) => findKeyName(name) === undefined)
  const ofPara = unknown.filter(([name]) => isParaKey(name)).map(([name]) => `para.${name}`)
  for (const [name, { origin }] of unknown) {
    if (isParaKey(name)) continue
    const meant = suggestKey(name)
    const hint = meant === undefined ? '' : ` Did you mean ${meant}?`
    findings.warnings.push(`para.${name} (${origin}) is not known.${hint}`)
  }
  if (ofPara.length > 0) {
    findings.warnings.push(`Keys of Para without a meaning here are ignored: ${ofPara.join(', ')}`)
  }
}

/** With its prefix a short name may be as wrong as a variable, which has one, too. */
function suggestKey(name: string): string | undefined {
  const key = suggest(name, KEY_NAMES) ?? suggest(snakeCase(name), KEY_NAMES)
  const keys = KEY_NAMES.map((each) => `para.${each}`)
  return key === undefined ? suggest(`para.${snakeCase(name)}`, keys) : `para.${key}`
}

/** `az_app_id` for `azAppId` and `AZ_APP_ID`. */
function snakeCase(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase()
}

/** A variable a letter or two away from a known one, e.g. in capitals, would otherwise be ignored in silence. */
function warnOfVariables(environment: ConfigLayers['environment'], findings: Findings): void {
  const known = WRITTEN_NAMES.map(environmentVariable)
  for (const variable of Object.keys(environment)) {
    if (!/^para[_.]/i.test(variable) || known.includes(variable)) continue
    const meant = suggest(variable.replaceAll('.', '_').toLowerCase(), known)
    if (meant === undefined || isParaKey(variable.slice('para_'.length).toLowerCase())) continue
    findings.warnings.push(
      `The environment variable ${variable} is not known. Did you mean ${meant}?`,
    )
  }
}

function chooseProxy(
  values: Values,
  environment: ConfigLayers['environment'],
  findings: Findings,
): AmazonProxy {
  const chosen = values['amazon.proxy']
  const named = findNamedProxy(values['amazon.api_url'], environment)
  if (chosen !== FROM_ENVIRONMENT) {
    return { proxy: chosen, unusedProxy: chosen === undefined ? named?.variable : undefined }
  }
  if (named === undefined) return { proxy: undefined, unusedProxy: undefined }
  const sourced = { value: named.address, origin: `environment ${named.variable}` }
  const proxy = findings.read('para.amazon.proxy', sourced, proxyAddress)
  return { proxy, unusedProxy: undefined }
}

function warnOfPlainHttp(values: Values, findings: Findings): void {
  const { env, public_url: publicUrl } = values
  if (env !== 'production' || publicUrl === undefined) return
  const url = new URL(publicUrl)
  if (url.protocol === 'https:' || isLoopback(url)) return
  const origin = String(findings.origins.get('para.public_url'))
  findings.warnings.push(
    `para.public_url (${origin}) is http: in production, tokens and cookies need https`,
  )
}
