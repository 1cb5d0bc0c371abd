import type { AmazonProbes } from '../amazon/amazon-calls'
import type { App } from '../apps/app'
import { checkSealingKeys } from '../apps/sealing-keys'
import { settingsInForce } from '../apps/settings-in-force'
import type { Config } from '../config/config'
import { configuredSettings, originOfSetting } from '../config/configured-settings'
import type * as DoctorModule from '../doctor/create-doctor'
import type { Doctor } from '../doctor/question'
import type { CheckableApps, Site } from '../doctor/site'
import type { Amazon, Policy } from '../http/auth-services'
import { publicRedirectUri } from '../http/public-address'
import { claimMappingOf } from '../apps/claims-setting'
import { askedScopes } from '../http/sign-in/asked-scopes'
import { meansOf } from '../http/target-places'
import { once } from '../lazily'
import { describeKeySource } from '../store/master-key'
import type { Apps } from './compose-apps'
import type { Stores } from './compose-stores'
import type { Upkeep } from './compose-upkeep'
import { traitsOf } from './host-traits'
import type { Parts } from './parts'

interface DoctorParts {
  readonly stores: Stores
  readonly apps: Apps
  readonly upkeep: Pick<Upkeep, 'nodesWithoutKey'>
  readonly amazon: Amazon & AmazonProbes
  readonly policy: Policy
}

/** What looks for mistakes in the set-up. Loaded at first use; opens nothing that is not there. */
export function composeDoctor(config: Config, parts: DoctorParts, around: Parts): Doctor {
  const { logger, now = Date.now } = around
  const { amazon } = parts
  const site = composeSite(config, parts, around)
  const doctor = once(() => loadDoctor().createDoctor({ site, amazon, logger, now }))
  return { run: (question) => doctor().run(question) }
}

const loadDoctor = once(
  // oxlint-disable-next-line typescript/no-require-imports -- loaded at first use
  () => require('../doctor/create-doctor') as typeof DoctorModule,
)

function composeSite(config: Config, parts: DoctorParts, around: Parts): Site {
  const { told, axios } = around
  const { stores, upkeep, amazon, policy } = parts
  const { store, redis, sealer } = stores
  const keySource = describeKeySource({ secretKeys: config.secretKey, storeUrl: config.store.url })
  const origins = told?.origins ?? new Map<string, string>()
  const isOpen = lookNowAndThen(
    async () => (await store.inspect({ triesWrite: false })).state === 'open',
  )
  return {
    env: config.env,
    publicUrl: config.publicUrl,
    isStrict: policy.strict,
    signinFailure: policy.signinFailure,
    cookieNames: policy.cookies,
    unusedProxy: config.amazon.unusedProxy,
    host: traitsOf(around.hooks),
    proxy: axios === undefined ? proxyHost(config) : undefined,
    figures: figuresOf(config),
    tokenPolicy: tokenPolicyOf(config),
    warnings: told?.warnings ?? [],
    originOf: (key) => origins.get(`para.${key}`),
    originOfSetting: (id, name) => originOfSetting({ config, origins }, id, name),
    scopesOf: (app) => askedScopes(app, { policy }),
    claimMappingOf: (app) => claimMappingOf(app, policy),
    endpointsOf: (app) => amazon.endpointsOf(app),
    allEndpoints: () => configuredApps(config).map((app) => amazon.endpointsOf(app)),
    returnAddress: publicRedirectUri,
    carriesToken: (target) => meansOf(target) !== 'session',
    apps: checkableApps(config, parts, isOpen),
    store: {
      inspect: () => store.inspect({ triesWrite: true }),
      isOpen,
      async checkKeys() {
        const keys = { ...store.sealingKeys, add: () => Promise.resolve() }
        // A store that nothing was sealed for yet: its key is made at the first start.
        if ((await keys.list()).length > 0) await checkSealingKeys(sealer, keys, keySource)
      },
      keySource,
      nodesWithoutKey: () => upkeep.nodesWithoutKey(),
      async doesRedisAnswer() {
        await redis?.ready()
        return redis && (await redis.countTogether('doctor')) !== undefined
      },
    },
  }
}

/** Without its user and password. */
function proxyHost({ amazon: { proxy } }: Config): string | undefined {
  return proxy === undefined ? undefined : new URL(proxy).host
}

function figuresOf(config: Config): Site['figures'] {
  return {
    answerMs: config.amazon.timeout,
    idTokenSeconds: config.idTokenExpiresAfter,
    sessionTokenSeconds: config.jwtExpiresAfter,
    idleSeconds: config.session.idleTimeout,
    absoluteSeconds: config.session.absoluteTimeout,
    failuresPerMinute: config.limits.failuresPerMinute,
  }
}

function tokenPolicyOf({ amazon, apps }: Config): Site['tokenPolicy'] {
  const { keepTokens: isKept, onRevoked } = amazon
  const isKeptByOne = Object.values(apps).some((app) => app['amazon.keep_tokens'] === true)
  return { isKept, isKeptSomewhere: isKept || isKeptByOne, onRevoked }
}

/** Looks for as long as the answer is no, once in a while: a store that is out of reach takes its time each time. */
function lookNowAndThen(look: () => Promise<boolean>): () => Promise<boolean> {
  let last: { readonly atMs: number; readonly answer: Promise<boolean> } | undefined
  let isYes = false
  return async () => {
    if (isYes) return true
    if (last === undefined || performance.now() - last.atMs > LOOK_AGAIN_MS) {
      last = { atMs: performance.now(), answer: look() }
    }
    isYes = await last.answer
    return isYes
  }
}

const LOOK_AGAIN_MS = 3_000

/** Those stored, where there is a store of this release; and those configured that are not among them. */
function checkableApps(
  config: Config,
  { apps }: DoctorParts,
  isOpen: () => Promise<boolean>,
): CheckableApps {
  const configured = configuredApps(config)
  return {
    async listIds({ afterId, limit }) {
      const stored = (await isOpen()) ? await apps.admin.list({ afterId, limit }) : []
      const ids = stored.map(({ appIdentifier }) => appIdentifier)
      const last = ids.length === limit ? ids.at(-1) : undefined
      const further = configured
        .map(({ id }) => id)
        .filter((id) => id > afterId && (last === undefined || id < last) && !ids.includes(id))
      return [...ids, ...further].sort(byCodeUnit).slice(0, limit)
    },
    async find(id) {
      const stored = (await isOpen()) ? await apps.directory.find(id) : undefined
      return stored ?? configured.find((app) => app.id === id)
    },
    findStored: async (id) => ((await isOpen()) ? apps.admin.review(id) : undefined),
  }
}

/** As they would be in a store that knows nothing of them. */
function configuredApps(config: Config): readonly App[] {
  return [config.appName, ...Object.keys(config.apps)].map((id) => ({
    id,
    name: id,
    isRoot: id === config.appName,
    active: true,
    secret: '',
    settings: settingsInForce(configuredSettings(config, id) ?? {}).settings,
    webhookEvents: undefined,
    createdAtMs: 0,
    updatedAtMs: 0,
  }))
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
