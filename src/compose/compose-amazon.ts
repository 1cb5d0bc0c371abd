import type * as ClientModule from '../amazon/amazon-calls'
import type { AmazonProbes } from '../amazon/amazon-calls'
import {
  areAllOverridden,
  buildEndpoints,
  overriddenKeys,
  type AmazonEndpoints,
  type Region,
} from '../amazon/endpoints'
import type { App } from '../apps/app'
import type { Config } from '../config/config'
import { toAmazonAuthError } from '../errors'
import type { Amazon } from '../http/auth-services'
import type { Metrics } from '../metrics/metrics'
import { once } from '../lazily'
import type { Tracing } from '../telemetry/tracing'
import type { Parts } from './parts'

/** The client of Login with Amazon, whose calls are counted. It is loaded at first use, or by `load`. */
export function composeAmazon(
  { amazon }: Config,
  { metrics, tracing }: { readonly metrics: Metrics; readonly tracing: Tracing },
  { axios, logger }: Parts,
): Amazon & AmazonProbes & { load(): void } {
  const { timeout: timeoutMs, proxy, unusedProxy } = amazon
  if (axios !== undefined && proxy !== undefined) logger.warn({}, PROXY_UNUSED)
  const client = once(() =>
    loadClient().createAmazonCalls({ timeoutMs, proxy, unusedProxy, axios, tracing, logger }),
  )

  const warnOnceOf = warnOfInferred(logger)

  async function counted<T>(endpoint: string, answer: Promise<T>): Promise<T> {
    try {
      const result = await answer
      metrics.countAmazonRequest(endpoint, 'ok')
      return result
    } catch (error) {
      metrics.countAmazonRequest(endpoint, toAmazonAuthError(error).code)
      throw error
    }
  }

  return {
    endpointsOf: endpointsByRegion(amazon, logger),
    load: () => void client(),
    exchangeCode: (grant, call) => counted('token', client().exchangeCode(grant, call)),
    refreshToken: (grant, call) => counted('token', client().refreshToken(grant, call)),
    fetchProfile: (token, call) => counted('profile', client().fetchProfile(token, call)),
    fetchTokenInfo: (token, call) => counted('tokeninfo', client().fetchTokenInfo(token, call)),
    probeCredentials: (probe, limitMs) => client().probeCredentials(probe, limitMs),
    knock: (address, limitMs) => client().knock(address, limitMs),
    createCodePair(request, call) {
      warnOnceOf(call.endpoints)
      return counted('codepair', client().createCodePair(request, call))
    },
    pollDevice: (grant, call) => counted('token', client().pollDevice(grant, call)),
  }
}

/** Those of a region are built once, when an app of it is met. Where every host is configured, no app has a region. */
function endpointsByRegion(
  amazon: Config['amazon'],
  logger: Parts['logger'],
): (app: App) => AmazonEndpoints {
  const preset = buildEndpoints(amazon.region, amazon)
  const built = new Map<unknown, AmazonEndpoints>()
  const isFixed = areAllOverridden(amazon)
  return (app) => {
    const own = app.settings['amazon.region']
    if (own === undefined) return preset
    const known = built.get(own)
    if (known !== undefined) return known
    warnOfRegion({ app, isPreset: own === amazon.region }, amazon, logger)
    const isSame = isFixed || own === amazon.region
    const endpoints = isSame ? preset : buildEndpoints(own as Region, amazon)
    built.set(own, endpoints)
    return endpoints
  }
}

/** An app whose region is not all that it looks like. Beside the region of all apps, hosts are what their operator meant. */
function warnOfRegion(
  { app, isPreset }: { readonly app: App; readonly isPreset: boolean },
  amazon: Config['amazon'],
  logger: Parts['logger'],
): void {
  const keys = isPreset ? [] : overriddenKeys(amazon)
  if (keys.length === 0) return
  const facts = { app: app.id }
  if (areAllOverridden(amazon)) logger.warn(facts, REGION_UNUSED)
  else logger.warn({ ...facts, keys: keys.join(', ') }, REGION_IN_PART)
}

function warnOfInferred(logger: Parts['logger']): (endpoints: AmazonEndpoints) => void {
  const told = new Set<string>()
  return ({ region, codePair, isCodePairInferred }) => {
    if (!isCodePairInferred || told.has(region)) return
    told.add(region)
    logger.warn({ region, address: codePair.origin + codePair.path }, CODE_PAIR_INFERRED)
  }
}

const CODE_PAIR_INFERRED =
  'Amazon documents no address for the codes of devices in this region: this one is inferred from its others. If devices cannot begin, set amazon.codepair_url. Said once per region.'

const REGION_UNUSED =
  'amazon.region of an app has no effect, since amazon.authorize_url and amazon.api_url of the configuration name the hosts of Amazon for all apps. Said once per region.'

const REGION_IN_PART =
  'amazon.region of an app has no effect on what these keys of the configuration name for all apps: only the rest is asked in its region. Said once per region.'

/** HTTP client and breaker would be a third of what a host loads by its `require()`, and a command of an operator for nothing. */
const loadClient = once(
  // oxlint-disable-next-line typescript/no-require-imports -- loaded at first use
  () => require('../amazon/amazon-calls') as typeof ClientModule,
)

const PROXY_UNUSED =
  'amazon.proxy has no effect, since the option axios takes the place of our own client: set its proxy there'
