import type { App } from '../../apps/app'
import { sha256 } from '../../crypto/random'
import { isSecure } from '../public-address'
import { findCookie } from '../read-cookies'
import { sentName } from '../session/cookie-names'
import { cookieHeader, sendAsOne } from '../session/one-cookie'
import type { PageAttempt } from '../sign-in/attempt'

/** What it is sealed for. */
const PURPOSE = 'amazon-login-device'
/** What other tabs of a page that was signed in are told for as long. */
export const RECEIPT_MS = 60_000

/** A code that this browser shows; of it, only the page sees what it shows. */
export interface HeldCode {
  readonly kind: 'code'
  readonly handle: string
  readonly userCode: string
  readonly verificationUri: string
  readonly verificationUriComplete: string | undefined
  readonly untilMs: number
  readonly waitSeconds: number
}

/** Whom this browser was signed in as, by a code that is spent. */
export interface Receipt {
  readonly kind: 'receipt'
  readonly userId: string
  readonly untilMs: number
}

/**
 * Binds a page that shows a code to its browser: the handle is in a sealed cookie that no script reads, and in no address,
 * so that nobody can have another browser signed in by a code of his own. Each app has one.
 */
export class DeviceCookie {
  private readonly name: string
  private readonly options

  constructor(
    private readonly attempt: PageAttempt,
    private readonly app: App,
  ) {
    const { req, services } = attempt
    const secure = isSecure(req, services, app)
    // Not one of the cookies of a login, whose names go on with a dot.
    const name = `${services.policy.cookies.login}-device-${sha256(app.id).slice(0, 8)}`
    this.name = sentName(name, secure)
    this.options = { httpOnly: true, secure, sameSite: 'lax', path: '/' } as const
  }

  /** What was put, as long as it is good. */
  find(): HeldCode | Receipt | undefined {
    const { req, services } = this.attempt
    const sealed = findCookie(cookieHeader(req, services.policy.cookies), this.name)
    const text = sealed && services.browserSealer.open(sealed, this.purpose())
    if (text === undefined || text === '') return undefined
    const held = JSON.parse(text) as HeldCode | Receipt
    const isReceiptOver = held.kind === 'receipt' && held.untilMs <= services.now()
    return isReceiptOver ? undefined : held
  }

  put(held: HeldCode | Receipt): void {
    const { req, res, services } = this.attempt
    // A minute more than it is good, to tell one that has expired from none.
    const maxAge = Math.max(0, held.untilMs - services.now()) + 60_000
    sendAsOne(req, res, services.policy)
    const sealed = services.browserSealer.seal(JSON.stringify(held), this.purpose())
    res.cookie(this.name, sealed, { ...this.options, maxAge })
  }

  clear(): void {
    const { req, res, services } = this.attempt
    sendAsOne(req, res, services.policy)
    res.clearCookie(this.name, this.options)
  }

  private purpose(): string {
    return `${PURPOSE} ${this.app.id}`
  }
}
