import { parseConsentError } from '../../amazon/consent-error'
import type { App } from '../../apps/app'
import { getClientCredentials } from '../../apps/client-credentials'
import { isStrict } from '../../apps/is-strict'
import { textSetting } from '../../apps/read-setting'
import { sha256 } from '../../crypto/random'
import { AmazonAuthError } from '../../errors'
import type { User } from '../../users/user'
import { chooseSuccessTarget, type FrontEnd, type SuccessTarget } from './choose-target'
import { ownOrigin, redirectUri, type LoginExchange } from './login-context'
import type { LoginRequest } from './parse-login-request'
import { takeReturnTo } from './return-to-cookie'
import type { RunStep } from './run-step'
import { signInUser } from './sign-in-user'
import type { SingleFlight } from './single-flight'
import type { SpentLogins } from './spent-logins'
import {
  loginName,
  TRANSACTION_TTL_MS,
  type Transaction,
  type TransactionCookies,
} from './transaction'
import { verifyState } from './verify-state'

const SIGNED_OUT = { reason: 'signed out since' }
/** A second hit that was sent before the first was answered may come in this much later. */
const REMEMBER_MS = 10_000

/** A login that has succeeded and waits to be answered. */
export interface Login {
  readonly app: App
  readonly user: User
  readonly target: SuccessTarget
  /** Whether the browser that returned is proven to be the one that began. */
  readonly isBound: boolean
  /** A second hit of a return URL that has signed this browser in just before. */
  readonly isRepeat: boolean
  /** Whether it was this hit that traded the code: of a double tap, one. */
  readonly isFirst: boolean
  /** Whether it came from another site, which may not put itself in the place of other apps' sign-ins. */
  readonly standsBack: boolean
  /** An ID token that this one hands out ends by then. */
  readonly idTokenUntilMs?: number | undefined
}

export interface CallbackDeps {
  readonly exchange: LoginExchange
  readonly cookies: TransactionCookies
  readonly run: RunStep
  readonly flights: SingleFlight<User>
  readonly spent: SpentLogins
}

/**
 * Second leg: the browser is back from Amazon with an authorization code. The steps of a login, in their order.
 *
 * @throws {AmazonAuthError} the codes that the steps name; nothing has been stored then.
 */
export async function handleCallback(
  request: LoginRequest,
  app: App,
  deps: CallbackDeps,
): Promise<Login> {
  const { exchange, cookies, run, flights } = deps
  const { services } = exchange
  const code = requireCode(request)
  const login = loginName(app.id, code)
  if (deps.spent.isSpent(login)) throw new AmazonAuthError('state_mismatch', SIGNED_OUT)
  const repeated = await findRepeated(app, login, deps)
  const transaction =
    repeated === undefined
      ? await run('verify_state', () =>
          verifyState(app, request.nonce, cookies, {
            strict: isStrict(app, services),
            mountPath: exchange.mountPath,
            nowMs: services.now(),
          }),
        )
      : undefined
  const target = chooseTarget(app, request, transaction, exchange)
  let isFirst = false
  const trade = (): Promise<User> => {
    isFirst = true
    return services.loginSlots.run(app.id, () => signIn({ app, code, transaction, target }, deps))
  }
  const rememberMs = transaction ? REMEMBER_MS : 0
  const user = repeated ?? (await flights.run(flightKey(login, exchange), rememberMs, trade))
  const isRepeat = repeated !== undefined
  if (!isRepeat) cookies.finish(request.nonce, receiptOf(login, app, user, services.now()))
  const isBound = transaction !== undefined
  return { app, user, target, isBound, isRepeat, isFirst, standsBack: false }
}

interface CodeToTrade {
  readonly app: App
  readonly code: string
  readonly transaction: Transaction | undefined
  readonly target: SuccessTarget
}

/** Code to token to profile to user: done once for a code, however often its URL is opened. */
async function signIn(
  { app, code, transaction, target }: CodeToTrade,
  { exchange, run, spent }: CallbackDeps,
): Promise<User> {
  if (transaction !== undefined) await takeOnce(transaction, app, { exchange, spent })
  const { amazon, policy } = exchange.services
  const call = { party: app.id, deadlineMs: performance.now() + policy.loginDeadlineMs }
  const grant = {
    code,
    redirectUri: transaction?.redirectUri ?? redirectUri(app, exchange),
    ...getClientCredentials(app),
    ...(transaction !== undefined && { codeVerifier: transaction.codeVerifier }),
  }
  const accessToken = await run('exchange_code', () => amazon.exchangeCode(grant, call))
  const profile = await run('fetch_profile', () => amazon.fetchProfile(accessToken, call))
  const purpose = { issuesSessionToken: target.means === 'session_token' }
  return run('upsert_user', () => signInUser(app, profile, purpose, exchange))
}

/** A begun login is finished once: by this process, and where the app is strict, which costs a write, by any. */
async function takeOnce(
  { nonce, createdAtMs }: Transaction,
  app: App,
  { exchange: { services }, spent }: Pick<CallbackDeps, 'exchange' | 'spent'>,
): Promise<void> {
  const use = {
    appId: app.id,
    name: `login ${nonce}`,
    expiresAtMs: createdAtMs + TRANSACTION_TTL_MS,
  }
  const isFirst =
    spent.spend(nonce) && (!isStrict(app, services) || (await services.singleUse.take(use)))
  if (isFirst) return
  throw new AmazonAuthError('state_mismatch', { app: app.id, reason: 'finished already' })
}

function requireCode(request: LoginRequest): string {
  if (request.error !== undefined) {
    const reason = request.error.slice(0, 40)
    throw new AmazonAuthError(parseConsentError(request.error), { reason })
  }
  if (request.code === undefined || request.code.trim() === '') {
    throw new AmazonAuthError('callback_invalid', { parameter: 'code' })
  }
  return request.code
}

function chooseTarget(
  app: App,
  request: LoginRequest,
  transaction: Transaction | undefined,
  exchange: LoginExchange,
): SuccessTarget {
  const returnTo =
    transaction?.returnTo ??
    (textSetting(app, 'signin_success') === undefined ? takeReturnTo(exchange) : undefined)
  return chooseSuccessTarget(app, frontEndOf(app, request, transaction, exchange), returnTo)
}

/** Which front end was asked for: at the begin, or by the return itself when it was not begun here. */
function frontEndOf(
  app: App,
  request: LoginRequest,
  transaction: Transaction | undefined,
  exchange: LoginExchange,
): FrontEnd {
  const { hostUrl, aliasIndex } = transaction ?? request
  return { hostUrl, aliasIndex, ownOrigin: ownOrigin(app, exchange) }
}

/** The user whom this very return URL has signed in a moment ago, if this browser carries the receipt. */
async function findRepeated(
  app: App,
  login: string,
  { exchange, cookies }: CallbackDeps,
): Promise<User | undefined> {
  const receipt = cookies.findReceipt(login)
  if (receipt === undefined) return undefined
  const user = await exchange.services.users.findById(app.id, receipt.userId)
  return user?.active === true && user.sessionEpoch === receipt.epoch ? user : undefined
}

function receiptOf(login: string, { id: appId }: App, user: User, nowMs: number) {
  return {
    kind: 'done',
    appId,
    login,
    userId: user.id,
    epoch: user.sessionEpoch,
    createdAtMs: nowMs,
  } as const
}

/**
 * A double tap sends the same code with the same cookies; anyone else who has the code shares nothing. The cookies of
 * a login that was not begun here prove nothing, so its result is shared only while it is under way.
 */
function flightKey(login: string, { req }: LoginExchange): string {
  return sha256(`${login}\n${req.headers.cookie ?? ''}\n${req.headers['user-agent'] ?? ''}`)
}
