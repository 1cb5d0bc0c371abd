import { requireCode } from '../../amazon/require-code'
import type { App } from '../../apps/app'
import { isStrict } from '../../apps/typed-setting'
import { sha256 } from '../../crypto/random'
import { AmazonAuthError } from '../../errors'
import { growingCache } from '../../growing-cache'
import { isStillIn } from '../../sessions/find-signed-in'
import type { User } from '../../users/user'
import type { SignInServices } from '../auth-services'
import type { Leg } from './login'
import { LOGIN_TTL_MS, type BegunLogin, type Receipt } from './login-cookies'
import { Tries } from './try/tries'

/** One opening of a return URL. */
export interface Hit extends Leg {
  readonly code: string
  /** Names the login by code and app, and tells neither. */
  readonly codeHash: string
}

/** A login that its browser has a receipt for. */
interface Done {
  readonly user: User
  readonly tokenNonce: string | undefined
}

/** @throws {AmazonAuthError} `callback_invalid`, `access_denied`, …: it brings no code. */
export function openHit({ app, request, attempt, cookies }: Leg): Hit {
  const code = requireCode(request)
  return { app, request, attempt, cookies, code, codeHash: sha256(`${app.id}\n${code}`) }
}

/**
 * What keeps a login from being done twice, whoever opens its return URL again. Asked in this order:
 *
 * ```
 * a return URL is opened        kept where           for how long      if so
 * ────────────────────────────  ───────────────────  ────────────────  ───────────────────────────────
 * signed out of since?          spent: process       10 min            refused (state_mismatch)
 * done a moment ago?            receipt: its cookie  5 min             the same user, nothing is traded
 *   (verify state: its own cookie, sealed, 10 min)
 * under way, or just done,      under way: process   10 s; not begun   the same user, traded by the first
 *   with the very same cookies?                      here: until done
 * no slot to ask Amazon?        slots: process       until answered    refused (server_busy), can be sent again
 * finished by other cookies?    spent: process       10 min            refused (state_mismatch)
 *   strict, on whatever node?   single use: store    10 min            refused (state_mismatch)
 * the code is traded            Amazon               for good          a used one is refused (code_rejected)
 * ```
 *
 * Then its cookie becomes the receipt, which a sign-out spends.
 */
export class Once {
  /** Of logins that are only tried. */
  readonly tries = new Tries()
  private readonly spent = growingCache<true>({ max: MAX_SPENT, ttl: LOGIN_TTL_MS })
  private readonly underWay = growingCache<Promise<User>>({ max: MAX_UNDER_WAY })

  /**
   * The user whom this very return URL has signed in a moment ago, if this browser has the receipt.
   *
   * @throws {AmazonAuthError} `state_mismatch`: signed out since. `store_unavailable`
   */
  async findDone({ app, request, codeHash, attempt, cookies }: Hit): Promise<Done | undefined> {
    if (this.spent.has(codeHash)) {
      throw new AmazonAuthError('state_mismatch', { reason: 'signed out since' })
    }
    const receipt = cookies.findReceipt(request.nonce, codeHash)
    if (receipt === undefined) return undefined
    const user = await attempt.services.users.findById(app.id, receipt.userId)
    return isStillIn(user, receipt.epoch) ? { user, tokenNonce: receipt.tokenNonce } : undefined
  }

  /**
   * Trades a code, unless another hit is at it.
   *
   * @throws {AmazonAuthError} `state_mismatch` (finished already), `server_busy`, and what `trade` throws.
   */
  async run(hit: Hit, begun: BegunLogin | undefined, trade: () => Promise<User>): Promise<User> {
    const { app, request, codeHash, attempt, cookies } = hit
    const key = cookiesHash(hit)
    attempt.leave()
    const user = await (this.underWay.get(key) ?? this.begin(key, hit, begun, trade))
    attempt.leave()
    cookies.finish(request.nonce, {
      kind: 'done',
      appId: app.id,
      codeHash,
      userId: user.id,
      epoch: user.sessionEpoch,
      tokenNonce: begun?.tokenNonce,
      createdAtMs: attempt.services.now(),
    })
    return user
  }

  /** What a browser has signed out of is not repeated, not from a copy of its cookies either. */
  spend(receipts: readonly Receipt[]): void {
    for (const { codeHash } of receipts) this.spent.set(codeHash, true)
  }

  private begin(
    key: string,
    { app, attempt: { services } }: Hit,
    begun: BegunLogin | undefined,
    trade: () => Promise<User>,
  ): Promise<User> {
    const working = services.loginSlots.run(app.id, async () => {
      if (begun !== undefined) await this.takeNonce(begun, app, services)
      return trade()
    })
    this.underWay.set(key, working)
    const forget = (): void => void this.underWay.delete(key)
    const remember = (): void => void this.underWay.set(key, working, { ttl: REMEMBER_MS })
    // The cookies of a login that was not begun here prove nothing, so it is shared only while it is under way.
    working.then(begun === undefined ? forget : remember, forget)
    return working
  }

  /** A begun login is finished once: by this process, and where the app is strict, which costs a write, by any. */
  private async takeNonce(
    { nonce, createdAtMs }: BegunLogin,
    app: App,
    services: SignInServices,
  ): Promise<void> {
    const isFirst = !this.spent.has(nonce)
    if (isFirst) this.spent.set(nonce, true)
    const expiresAtMs = createdAtMs + LOGIN_TTL_MS
    const use = { appId: app.id, name: `login ${nonce}`, expiresAtMs }
    if (isFirst && (!isStrict(app, services) || (await services.singleUse.take(use)))) return
    throw new AmazonAuthError('state_mismatch', { app: app.id, reason: 'finished already' })
  }
}

/** Of both, those that are oldest are forgotten first. */
const MAX_SPENT = 50_000
const MAX_UNDER_WAY = 10_000
/** A second hit that was sent before the first was answered may come in this much later. */
const REMEMBER_MS = 10_000

/** A double tap sends the same code with the same cookies; anyone else who has the code shares nothing. */
function cookiesHash({ codeHash, attempt: { req } }: Hit): string {
  return sha256(`${codeHash}\n${req.headers.cookie ?? ''}\n${req.headers['user-agent'] ?? ''}`)
}
