import type { App } from '../apps/app'
import type { AuditTrail } from '../audit/audit-trail'
import type { Config } from '../config/config'
import type { Amazon } from '../http/auth-services'
import type * as KeptTokensModule from '../kept-tokens/create-kept-tokens'
import type { KeptTokens } from '../kept-tokens/kept-tokens'
import { keepsTokens } from '../kept-tokens/token-settings'
import type { EventHub } from '../events/event-hub'
import { once } from '../lazily'
import type { Metrics } from '../metrics/metrics'
import { refuse } from '../store/own/absent-parts'
import type { Tracing } from '../telemetry/tracing'
import type { UserLife } from '../users/user-event'
import type { Stores } from './compose-stores'
import type { Parts } from './parts'

/**
 * Amazon's tokens of users: kept where an app wants it, refreshed, and told of where a consent is withdrawn. Loaded when an
 * app first wants it.
 */
export function composeKeptTokens(
  { amazon: { keepTokens, onRevoked } }: Config,
  { store, sealer }: Stores,
  told: {
    readonly amazon: Amazon
    readonly metrics: Metrics
    readonly audit: AuditTrail
    readonly tracing: Tracing
    readonly webhooks: { readonly wake: (appId: string) => void }
    readonly events: EventHub
    readonly life: UserLife
  },
  { logger, now = Date.now }: Parts,
): KeptTokens {
  const { amazon, metrics, audit, tracing, webhooks, events, life } = told
  const policy = { keepTokens, onRevoked }
  const keptTokens = once(() =>
    loadKeptTokens().createKeptTokens({
      store: store.keptTokens,
      sealer,
      amazon,
      policy,
      logger,
      now,
      traced: (app, work) => tracing.run('amazon_auth.refresh_token', app.id, work),
      onAsked: (result) => metrics.countAmazonTokenRequest(result),
      onRefreshed: (outcome) => metrics.countAmazonTokenRefresh(outcome),
      onConsentRevoked(app: App, userId: string, endsSessions: boolean) {
        webhooks.wake(app.id)
        audit.record({
          atMs: now(),
          app: app.id,
          outcome: 'failure',
          reason: 'consent_revoked',
          way: 'token_refresh',
          userId,
          requestId: undefined,
          network: '',
        })
        events.emit('consentRevoked', () => ({ appId: app.id, userId }))
        if (endsSessions) life.signedOut({ appId: app.id, id: userId })
      },
    }),
  )
  const isLacking = store.lacks.has('keptTokens')
  const tellOnce = once(() => logger.warn({}, LACKING))
  function isOnFor(app: App): boolean {
    const isWanted = keepsTokens(app, policy)
    if (isWanted && isLacking) tellOnce()
    return isWanted && !isLacking
  }
  return {
    isOnFor,
    keep: (app, ...given) => (isOnFor(app) ? keptTokens().keep(app, ...given) : undefined),
    accessToken: isLacking
      ? refuse('keptTokens', "no tokens of Amazon's")
      : (...asked) => keptTokens().accessToken(...asked),
    refreshDue: (...asked) => keptTokens().refreshDue(...asked),
    count: (...asked) => keptTokens().count(...asked),
    stateOf: (...asked) => keptTokens().stateOf(...asked),
  }
}

const LACKING =
  'amazon.keep_tokens has no effect: the store of this host lacks the part keptTokens (docs/stores.md)'

const loadKeptTokens = once(
  // oxlint-disable-next-line typescript/no-require-imports -- loaded at first use
  () => require('../kept-tokens/create-kept-tokens') as typeof KeptTokensModule,
)
