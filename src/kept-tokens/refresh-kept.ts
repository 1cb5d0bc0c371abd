import { setTimeout as sleep } from 'node:timers/promises'

import type { AmazonCalls } from '../amazon/amazon-calls'
import type { AmazonEndpoints } from '../amazon/endpoints'
import type { AmazonTokens } from '../amazon/parse-tokens'
import type { RefreshGrant } from '../amazon/refresh-token'
import type { App } from '../apps/app'
import { findClient } from '../apps/client-credentials'
import { randomText } from '../crypto/random'
import type { Sealer } from '../crypto/sealer'
import { AmazonAuthError, toAmazonAuthError } from '../errors'
import type { Logger } from '../logger'
import { openGrant, sealGrant, type Grant } from './seal-grant'
import { onRevoked, type TokenPolicy } from './token-settings'
import type { Claim, NewTokens, TokenRecord, TokenStore } from './token-store'

/** Limit for what a refresh asks of Amazon, in milliseconds. */
const DEADLINE_MS = 6_000
/** A claim ends by itself so much later than its holder, if that lives, is done with Amazon. */
const LEASE_MARGIN_MS = 2_000
/** The holder of the claim may have been killed: those who wait see its claim end, and one of them takes over. */
const WAIT_MARGIN_MS = 1_000
const POLL_MS = 100
/** The pair that Amazon has just given may be the only good one: a store that does not take it is asked again. */
const STORE_RETRIES_MS = [100, 500, 1_500]
const VERSION_BYTES = 12
const TOKEN_SECRET_BYTES = 16

export interface RefreshDeps {
  readonly store: TokenStore
  readonly sealer: Sealer
  readonly amazon: Pick<AmazonCalls, 'refreshToken'> & {
    readonly endpointsOf: (app: App) => AmazonEndpoints
  }
  readonly policy: TokenPolicy
  readonly logger: Logger
  readonly now: () => number
  /** Told of each refresh that this process has asked Amazon for: `ok`, or the code of the error. */
  readonly onRefreshed: (outcome: string) => void
  /** Does a refresh where those who trace see it. Default: just does it. */
  readonly traced?: <T>(app: App, work: () => Promise<T>) => Promise<T>
  /** Told when a person turns out to have withdrawn their consent. */
  readonly onConsentRevoked: (app: App, userId: string, endsSessions: boolean) => void
  /** Limit for what a refresh asks of Amazon, in milliseconds. Default 6000. */
  readonly deadlineMs?: number
}

/** Tokens of a user, opened. */
export interface Kept {
  readonly record: TokenRecord
  readonly grant: Grant
}

/**
 * Refreshes the tokens of a user. Of all nodes, the one that holds the claim in the store asks Amazon; the others wait for
 * what it brings, and where it was killed one of them takes over.
 *
 * What Amazon gives is in the store before anybody has it. Writes are for the very tokens that were refreshed, by their
 * version: what a login has brought meanwhile stays.
 *
 * @param kept As they were read.
 * @param mayWait False: those who do not get the claim get undefined, at once.
 * @throws {AmazonAuthError} see `KeptTokens.accessToken`.
 */
export async function refreshKept(
  app: App,
  kept: Kept,
  mayWait: boolean,
  deps: RefreshDeps,
): Promise<Kept | undefined> {
  const { store, now, deadlineMs = DEADLINE_MS } = deps
  const leaseMs = deadlineMs + LEASE_MARGIN_MS
  const untilMs = performance.now() + leaseMs + WAIT_MARGIN_MS
  for (;;) {
    const grant = findRefreshGrant(app, kept.grant, deps)
    if (grant === undefined) throw missing(app, 'the app cannot refresh what is kept')
    const claim = await store.claim(kept.record, now() + leaseMs, now())
    if (claim !== undefined) {
      const refresh = () => refreshClaimed(app, kept.grant, claim, { grant, deps })
      return told(deps.traced?.(app, refresh) ?? refresh(), deps.onRefreshed)
    }
    const present = await findKept(app, kept.record.userId, deps)
    if (present.record.version !== kept.record.version) return present
    if (!mayWait) return undefined
    if (performance.now() > untilMs) {
      throw new AmazonAuthError('amazon_timeout', { reason: 'refreshed elsewhere' })
    }
    await sleep(POLL_MS)
  }
}

async function told(refresh: Promise<Kept>, tell: RefreshDeps['onRefreshed']): Promise<Kept> {
  try {
    const renewed = await refresh
    tell('ok')
    return renewed
  } catch (thrown) {
    tell(toAmazonAuthError(thrown).code)
    throw thrown
  }
}

/**
 * Tokens of an account at Amazon that the user has no more (it was unlinked, relinked, or a sign-in took it over by email)
 * are nobody's: they are not given, and go.
 *
 * @throws {AmazonAuthError} `amazon_token_missing`, `consent_revoked`, `secret_unreadable`, `store_unavailable`
 */
export async function findKept(
  app: App,
  userId: string,
  { store, sealer }: Pick<RefreshDeps, 'store' | 'sealer'>,
): Promise<Kept> {
  const record = await store.find({ appId: app.id, userId })
  if (record?.state === 'kept') {
    const grant = openGrant(record.sealed, record, sealer)
    if (grant.identifier === record.identifier) return { record, grant }
    // Whether that goes well or not: they are given to nobody.
    await store.remove(record).catch(() => undefined)
    throw missing(app, 'of another account')
  }
  if (record?.state === 'revoked') throw new AmazonAuthError('consent_revoked', { app: app.id })
  throw missing(app, record === undefined ? 'none is kept' : LOST)
}

const LOST = 'the answer to a refresh was lost'

export function missing(app: App, reason: string): AmazonAuthError {
  return new AmazonAuthError('amazon_token_missing', { app: app.id, reason })
}

/** With a grant of Amazon's, a version of its own, ready to be written. */
export function toNewTokens(
  grant: Grant,
  owner: { readonly appId: string; readonly userId: string },
  { sealer, now }: Pick<RefreshDeps, 'sealer' | 'now'>,
  givenAtMs?: number,
): NewTokens {
  const nowMs = now()
  return {
    sealed: sealGrant(grant, owner, sealer),
    identifier: grant.identifier,
    expiresAtMs: Math.round((givenAtMs ?? nowMs) + grant.lifeSeconds * 1000),
    version: randomText(VERSION_BYTES),
    nowMs,
  }
}

/**
 * What a refresh takes: with the keys that the tokens were given to. From another client, or in another region, Amazon would
 * refuse the refresh token as if the person had withdrawn their consent.
 *
 * @returns Undefined: Amazon gave no refresh token, or the app has another client id or region now.
 */
export function findRefreshGrant(
  app: App,
  { refreshToken, clientId, region }: Grant,
  { amazon }: Pick<RefreshDeps, 'amazon'>,
): RefreshGrant | undefined {
  const client = findClient(app, clientId)
  if (refreshToken === undefined || client === undefined) return undefined
  return amazon.endpointsOf(app).region === region ? { ...client, refreshToken } : undefined
}

async function refreshClaimed(
  app: App,
  grant: Grant,
  claim: Claim,
  { grant: asked, deps }: { readonly grant: RefreshGrant; readonly deps: RefreshDeps },
): Promise<Kept> {
  const { amazon, deadlineMs = DEADLINE_MS } = deps
  const call = {
    party: app.id,
    endpoints: amazon.endpointsOf(app),
    deadlineMs: performance.now() + deadlineMs,
  }
  let tokens: AmazonTokens
  try {
    tokens = await amazon.refreshToken(asked, call)
  } catch (thrown) {
    return await failed(app, claim, thrown, deps)
  }
  const renewed = {
    ...grant,
    accessToken: tokens.accessToken,
    lifeSeconds: tokens.expiresInSeconds,
    refreshToken: tokens.refreshToken ?? grant.refreshToken,
  }
  return putRenewed(app, renewed, claim, deps)
}

async function putRenewed(app: App, grant: Grant, claim: Claim, deps: RefreshDeps): Promise<Kept> {
  const { appId, userId } = claim
  const tokens = toNewTokens(grant, claim, deps)
  // What a login has brought meanwhile is as good, and stays.
  if (!(await replace(claim, tokens, deps))) return findKept(app, userId, deps)
  const { nowMs: updatedAtMs, ...rest } = tokens
  return { record: { appId, userId, state: 'kept', updatedAtMs, ...rest }, grant }
}

async function replace(claim: Claim, tokens: NewTokens, { store }: RefreshDeps): Promise<boolean> {
  for (const pauseMs of STORE_RETRIES_MS) {
    try {
      return await store.replace(claim, tokens)
    } catch {
      await sleep(pauseMs)
    }
  }
  return store.replace(claim, tokens)
}

/** @throws {AmazonAuthError} What is told to whoever asks. */
async function failed(app: App, claim: Claim, thrown: unknown, deps: RefreshDeps): Promise<Kept> {
  const isRevoked = thrown instanceof AmazonAuthError && thrown.code === 'consent_revoked'
  if (!isRevoked) {
    // Given back in vain, it ends by itself, as one whose holder was killed.
    await deps.store.release(claim, isUnsure(thrown)).catch(() => undefined)
    throw thrown
  }
  const state = claim.isUnsure ? ('lost' as const) : ('revoked' as const)
  const endsSessions = onRevoked(app, deps.policy) === 'sign_out'
  const newTokenSecret = endsSessions ? randomText(TOKEN_SECRET_BYTES) : undefined
  const isEnded = await deps.store.end(claim, { state, nowMs: deps.now(), newTokenSecret })
  // Other tokens came meanwhile, or another node is at these.
  if (!isEnded) return findKept(app, claim.userId, deps)
  deps.logger.info(
    { app: app.id, user: claim.userId, state },
    'Amazon takes a refresh token no more',
  )
  if (state === 'lost') throw missing(app, LOST)
  deps.onConsentRevoked(app, claim.userId, endsSessions)
  throw thrown
}

/** Whether Amazon may have done it, and answered what never came. */
function isUnsure(thrown: unknown): boolean {
  if (!(thrown instanceof AmazonAuthError)) return true
  const { code, facts } = thrown
  return code !== 'refresh_refused' && facts.sent !== false && facts.upstreamStatus !== 429
}
