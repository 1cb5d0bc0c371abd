import type { App } from '../apps/app'
import { AmazonAuthError, toAmazonAuthError } from '../errors'
import { growingCache } from '../growing-cache'
import type {
  AccessToken,
  AccessTokenOptions,
  GivenFor,
  GivenTokens,
  KeptTokens,
} from './kept-tokens'
import { refreshDue } from './refresh-due'
import {
  findKept,
  findRefreshGrant,
  missing,
  refreshKept,
  toNewTokens,
  type Kept,
  type RefreshDeps,
} from './refresh-kept'
import { openGrant, type Grant } from './seal-grant'
import { keepsTokens } from './token-settings'
import type { TokenOwner } from './token-store'

export interface KeptTokensDeps extends RefreshDeps {
  /** Told of each time that an access token is asked for: `ok`, or the code of the error. */
  readonly onAsked: (result: string) => void
}

/** A token is refreshed when a tenth of its life is left, or a minute. */
const MOST_MARGIN_MS = 60_000
const MARGIN_SHARE = 0.1
const RENEWED_EVERY_MS = 60_000
/** Of those under way, and those that Amazon has failed just now: who asks again at once fails alike. */
const MAX_REFRESHES = 10_000
const FAILURE_KEPT_MS = 1_000

export function createKeptTokens(deps: KeptTokensDeps): KeptTokens {
  const { store, now, policy } = deps
  const refreshes = growingCache<Promise<Kept | undefined>>({ max: MAX_REFRESHES })

  /** One at a time for a user, whoever asks. */
  function refreshOnce(app: App, kept: Kept): Promise<Kept | undefined> {
    const key = `${app.id}/${kept.record.userId}/${kept.record.version}`
    const underWay = refreshes.get(key)
    if (underWay !== undefined) return underWay
    const refresh = refreshKept(app, kept, !isGood(kept, now()), deps)
    refreshes.set(key, refresh)
    refresh.then(
      () => refreshes.delete(key),
      (thrown: unknown) => {
        if (isPassing(thrown)) refreshes.set(key, refresh, { ttl: FAILURE_KEPT_MS })
        else refreshes.delete(key)
      },
    )
    return refresh
  }

  async function usable(app: App, userId: string, { renew }: AccessTokenOptions): Promise<Kept> {
    if (!keepsTokens(app, policy)) throw missing(app, 'amazon.keep_tokens is off')
    const kept = await findKept(app, userId, deps)
    const isRenewed = renew === true && now() - kept.record.updatedAtMs >= RENEWED_EVERY_MS
    if (!isRenewed && !isDue(kept, now())) return kept
    if (isGood(kept, now()) && findRefreshGrant(app, kept.grant, deps) === undefined) return kept
    try {
      const renewed = await refreshOnce(app, kept)
      if (renewed !== undefined) return renewed
    } catch (thrown) {
      // Amazon's trouble is no reason to withhold what is still good.
      if (isRenewed || !isPassing(thrown) || !isGood(kept, now())) throw thrown
    }
    // Another node is at it, and until it is done the present one is good; if it ends just now, there is one to wait for.
    return isGood(kept, now()) ? kept : usable(app, userId, {})
  }

  return {
    keep(app, user, given) {
      if (!keepsTokens(app, policy)) return undefined
      return keep(app, user, given, deps).catch((cause: unknown) => {
        deps.logger.warn({ app: app.id, user: user.id, cause }, NOT_KEPT)
      })
    },
    async accessToken(app, userId, options = {}) {
      try {
        const kept = await usable(app, userId, options)
        deps.onAsked('ok')
        return toAccessToken(kept)
      } catch (thrown) {
        const { code, facts, cause } = toAmazonAuthError(thrown)
        deps.onAsked(code)
        throw new AmazonAuthError(code, { app: app.id, user: userId, ...facts }, cause)
      }
    },
    refreshDue: (app, options) =>
      refreshDue(app, options, { ...deps, refresh: (kept) => refreshOnce(app, kept) }),
    count: (app, dueWithinMs) => store.count(app.id, now() + dueWithinMs),
    async stateOf(app, userId) {
      const record = await store.find({ appId: app.id, userId })
      return record && { state: record.state, updatedAtMs: record.updatedAtMs }
    },
    isOnFor: (app) => keepsTokens(app, policy),
  }
}

const NOT_KEPT = "Amazon's tokens of a sign-in could not be kept"

async function keep(
  app: App,
  { id: userId, identifier }: GivenFor,
  given: GivenTokens,
  deps: KeptTokensDeps,
): Promise<void> {
  const owner = { appId: app.id, userId }
  const { tokens, clientId, region, scopes, givenAtMs } = given
  const { accessToken, expiresInSeconds: lifeSeconds } = tokens
  const of = { clientId, region, identifier }
  const refreshToken = tokens.refreshToken ?? (await findRefreshToken(owner, of, deps))
  const grant: Grant = { accessToken, refreshToken, lifeSeconds, scopes, ...of }
  await deps.store.put(owner, toNewTokens(grant, owner, deps, givenAtMs))
}

/** Where Amazon sends none, the one from before stays, if it is of the same client and the same account. */
async function findRefreshToken(
  owner: TokenOwner,
  { clientId, region, identifier }: Pick<Grant, 'clientId' | 'region' | 'identifier'>,
  { store, sealer }: KeptTokensDeps,
): Promise<string | undefined> {
  const record = await store.find(owner)
  if (record?.state !== 'kept') return undefined
  const before = openGrant(record.sealed, owner, sealer)
  const isAlike =
    before.clientId === clientId && before.region === region && before.identifier === identifier
  return isAlike ? before.refreshToken : undefined
}

function isDue({ record, grant }: Kept, nowMs: number): boolean {
  const marginMs = Math.min(MOST_MARGIN_MS, grant.lifeSeconds * 1000 * MARGIN_SHARE)
  return nowMs >= record.expiresAtMs - marginMs
}

function isGood({ record }: Kept, nowMs: number): boolean {
  return nowMs < record.expiresAtMs
}

function isPassing(thrown: unknown): boolean {
  if (!(thrown instanceof AmazonAuthError)) return false
  return thrown.status === 503 || thrown.code === 'refresh_refused'
}

function toAccessToken({ record, grant }: Kept): AccessToken {
  const { accessToken, scopes } = grant
  return { accessToken, expiresAtMs: record.expiresAtMs, scopes }
}
