import type { App } from '../apps/app'
import type { AuditTrail } from '../audit/audit-trail'
import type { Config } from '../config/config'
import type { Amazon } from '../http/auth-services'
import { createKeptTokens } from '../kept-tokens/create-kept-tokens'
import type { KeptTokens } from '../kept-tokens/kept-tokens'
import type { Metrics } from '../metrics/metrics'
import type { Stores } from './compose-stores'
import type { Parts } from './parts'

/** Amazon's tokens of users: kept where an app wants it, refreshed, and told of where a consent is withdrawn. */
export function composeKeptTokens(
  { amazon: { keepTokens, onRevoked } }: Config,
  { sql, sealer }: Stores,
  told: { readonly amazon: Amazon; readonly metrics: Metrics; readonly audit: AuditTrail },
  { logger, now = Date.now }: Parts,
): KeptTokens {
  const { amazon, metrics, audit } = told
  return createKeptTokens({
    store: sql.keptTokens,
    sealer,
    amazon,
    policy: { keepTokens, onRevoked },
    logger,
    now,
    onAsked: (result) => metrics.countAmazonTokenRequest(result),
    onRefreshed: (outcome) => metrics.countAmazonTokenRefresh(outcome),
    onConsentRevoked: (app: App, userId: string) =>
      audit.record({
        atMs: now(),
        app: app.id,
        outcome: 'failure',
        reason: 'consent_revoked',
        way: 'token_refresh',
        userId,
        requestId: undefined,
        network: '',
      }),
  })
}
