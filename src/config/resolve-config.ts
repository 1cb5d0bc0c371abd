import type convict from 'convict'
import { areAllOverridden, buildEndpoints, overriddenKeys } from '../amazon/endpoints'
import { isLoopback } from '../is-loopback'
import { isBlank, type HostTraits } from '../apps/value-formats'
import type { Config, Origin, Values } from './config'
import { checkKeys, checkTargets } from './check-app-settings'
import { ConfigError } from './config-error'
import { isParaKey } from '../apps/para-keys'
import { joinLayers } from './join-layers'
import { environmentVariable, findKey, namesOfKey, PLACED_KEYS, WRITTEN_NAMES } from './key-names'
import { KEYS } from './keys'
import { findNamedProxy, FROM_ENVIRONMENT, proxyAddress } from './outgoing-proxy'
import type { HoconDocument } from './parse-hocon'
import { readApps } from './read-apps'
import { readFileValues } from './read-file'
import { isPostgres, storeAddress } from './store-address'
import { Findings, type Layer, type Sourced, type SourcedValues } from './sourced'
import { loadConvict } from '../late-packages'
import { suggest } from '../suggest'
import { snakeCase } from '../wire-names'

export interface LoadedConfig {
  /** Frozen through and through. */
  readonly config: Config
  /** Where each value came from, by wire key: `para.port` → `application.conf:12`. */
  readonly origins: ReadonlyMap<string, Origin>
  /** Sentences for the log. They hold no values of secrets. */
  readonly warnings: readonly string[]
}

type Environment = Readonly<Record<string, string | undefined>>

export interface ConfigLayers {
  readonly document?: HoconDocument | undefined
  /** Default: that of the process. */
  readonly environment?: Environment | undefined
  /** What code says; it wins over everything. Made by `overridesFromOptions`. */
  readonly overrides?: Layer | undefined
  /** Default: one without code of its own. */
  readonly host?: HostTraits | undefined
}

const NOTHING: Layer = { values: new Map(), apps: new Map() }

/**
 * Joins the layers of configuration: code, then environment, then file, then defaults.
 *
 * @throws {ConfigError} With every problem there is.
 */
export function resolveConfig(layers: ConfigLayers): LoadedConfig {
  const { document, environment = process.env, overrides = NOTHING, host } = layers
  const findings = new Findings(host)
  const file = document === undefined ? NOTHING : readFileValues(document, findings)
  const layered = [overrides.values, readVariables(environment), file.values]
  const values = readValues(layered, findings)
  const store = readStore(values, findings)
  const sources = { options: overrides.apps, environment, file: file.apps }
  const apps = readApps(sources, values.appName, findings)
  requireMasterKey(store.url, values, findings)
  warnOfUnknown(file.values, findings)
  warnOfVariables(environment, findings)
  warnOfPlainHttp(values, findings)
  warnOfRegion(values, findings)
  warnOfOwnRegions(values, apps, findings)
  const amazon = { ...values.amazon, ...chooseProxy(values.amazon, environment, findings) }
  if (findings.problems.length > 0) throw new ConfigError(findings.problems)
  return {
    config: deepFreeze({ ...values, store, amazon, apps }),
    origins: findings.origins,
    warnings: findings.warnings,
  }
}

/** An empty variable means: not set. */
function readVariables(environment: Environment): SourcedValues {
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
  for (const [name, { path, reads }] of PLACED_KEYS) {
    const written = namesOfKey(name).find((each) => joined.has(each)) ?? name
    const sourced = joined.get(written)
    const value = sourced && findings.read(`para.${written}`, sourced, reads)
    if (value !== undefined) settings.set(path, value)
    findings.origins.delete(`para.${written}`)
    findings.origins.set(`para.${name}`, sourced?.origin ?? 'default')
  }
  settings.validate({ allowed: 'strict' })
  const values = settings.getProperties()
  const { azAppId: az_app_id, azSecret: az_secret, security } = values
  const targets = {
    'security.signin_success': security.signinSuccess,
    'security.signin_failure': security.signinFailure,
  }
  checkKeys({ az_app_id, az_secret }, { prefix: 'para.', findings })
  checkTargets(targets, security.appSchemes, { prefix: 'para.', findings })
  return values
}

/**
 * All keys at their defaults, which convict keeps and checks. Origins are known here only, so it reads neither the
 * environment nor arguments; it would convert texts alone, by formats that are the same for the whole process.
 */
function createSettings(): convict.Config<Values> {
  return loadConvict()<Values>(KEYS, { env: {}, args: [] })
}

/** One address, which its parts have gone into. */
function readStore({ store }: Values, findings: Findings): Config['store'] {
  const { poolSize, connectTimeout, timeout } = store
  const origin = String(findings.origins.get('para.store.url'))
  const url = findings.read('para.store.url', { value: store, origin }, storeAddress) ?? store.url
  return { url, poolSize, connectTimeout, timeout }
}

const NEEDS_MASTER_KEY =
  'is needed with PostgreSQL, the same on every node: make one with `openssl rand -base64 48`'

/** Beside an SQLite file one is made; nodes that share a database must share a key, too. */
function requireMasterKey(store: string, { secretKey }: Values, findings: Findings): void {
  if (!isPostgres(store) || secretKey.length > 0) return
  if (!findings.hasProblem('para.secret_key')) findings.report('para.secret_key', NEEDS_MASTER_KEY)
}

/** Keys of Para are told in one line; others one by one, with what may have been meant. */
function warnOfUnknown(written: SourcedValues, findings: Findings): void {
  const unknown = Array.from(written).filter(([name]) => findKey(name) === undefined)
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
  const keys = Array.from(PLACED_KEYS.keys())
  const key = suggest(name, keys) ?? suggest(snakeCase(name), keys)
  if (key !== undefined) return `para.${key}`
  return suggest(
    `para.${snakeCase(name)}`,
    keys.map((each) => `para.${each}`),
  )
}

/** A variable a letter or two away from a known one, e.g. in capitals, would otherwise be ignored in silence. */
function warnOfVariables(environment: Environment, findings: Findings): void {
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

/** What `amazon.proxy` and the environment come to. */
function chooseProxy(
  amazon: Values['amazon'],
  environment: Environment,
  findings: Findings,
): Pick<Config['amazon'], 'proxy' | 'unusedProxy'> {
  const { proxy: chosen, region } = amazon
  const { token } = buildEndpoints(region, amazon)
  const named = findNamedProxy(token.origin, environment)
  if (chosen !== FROM_ENVIRONMENT) {
    return { proxy: chosen, unusedProxy: chosen === undefined ? named?.variable : undefined }
  }
  if (named === undefined) return { proxy: undefined, unusedProxy: undefined }
  const sourced = { value: named.address, origin: `environment ${named.variable}` }
  const proxy = findings.read('para.amazon.proxy', sourced, proxyAddress)
  return { proxy, unusedProxy: undefined }
}

function warnOfPlainHttp(values: Values, findings: Findings): void {
  const { env, publicUrl } = values
  if (env !== 'production' || publicUrl === undefined) return
  const url = new URL(publicUrl)
  if (url.protocol === 'https:' || isLoopback(url)) return
  const origin = String(findings.origins.get('para.public_url'))
  findings.warnings.push(
    `para.public_url (${origin}) is http: in production, tokens and cookies need https`,
  )
}

function warnOfRegion({ amazon }: Values, findings: Findings): void {
  const origin = findings.origins.get('para.amazon.region')
  if (origin === 'default') return
  const place = `para.amazon.region (${String(origin)})`
  if (areAllOverridden(amazon)) {
    findings.warnings.push(
      `${place} has no effect, since other keys name the hosts of Amazon: leave out para.amazon.authorize_url and para.amazon.api_url`,
    )
    return
  }
  // The others put one address of a region right, and so belong beside it (docs/network.md).
  const whole = ['amazon.authorize_url', 'amazon.api_url']
  const [key] = overriddenKeys(amazon).filter((each) => whole.includes(each))
  if (key === undefined) return
  findings.warnings.push(
    `${place} has no effect on what para.${key} names: only the rest is that of the region`,
  )
}

/** Apps of another region than all others, some of whose addresses are the same for all. */
function warnOfOwnRegions({ amazon }: Values, apps: Config['apps'], findings: Findings): void {
  const keys = overriddenKeys(amazon).map((key) => `para.${key}`)
  const [first, ...more] = Object.keys(apps).filter((id) => {
    const own = apps[id]?.['amazon.region']
    return own !== undefined && own !== amazon.region
  })
  if (first === undefined || keys.length === 0) return
  const key = `para.apps.${first}.amazon.region`
  const others = more.length === 0 ? '' : `, nor has that of ${more.length} more`
  findings.warnings.push(
    `${key} (${String(findings.origins.get(key))}) has no effect on what is named for all apps${others}: ${keys.join(', ')}`,
  )
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    Object.values(value).forEach(deepFreeze)
  }
  return value
}
