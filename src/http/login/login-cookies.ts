import type { App } from '../../apps/app'
import type { Visit } from '../installation'
import { isSecure } from '../public-address'
import { readCookies } from '../read-cookies'
import { sentName } from '../session/cookie-names'
import { cookieHeader, sendAsOne } from '../session/one-cookie'

/** What a login remembers from begin to return, in a sealed cookie of its own (or a part of one: `one-cookie.ts`). */
export interface BegunLogin {
  readonly kind: 'begun'
  readonly nonce: string
  readonly codeVerifier: string
  readonly appId: string
  /** Path the middleware is mounted under: another mount does not finish what this one began. */
  readonly mountPath: string
  readonly redirectUri: string
  readonly hostUrl?: string | undefined
  readonly aliasIndex?: number | undefined
  readonly returnTo?: string | undefined
  /** For the ID token: see tokens/issue-id-token.ts. */
  readonly tokenNonce?: string | undefined
  readonly createdAtMs: number
  /** It is only tried (try/try-login.ts), by a link that is good until then; undefined: it is a real one. */
  readonly tryUntilMs?: number | undefined
  /** Whether its pages lead back to the guide through the set-up of the app. */
  readonly isOfGuide?: boolean | undefined
  /** Whether that has been done. */
  readonly isTried?: boolean | undefined
}

/** Left in the cookie's place once the login is done, so that the same return URL hit twice succeeds twice. */
export interface Receipt {
  readonly kind: 'done'
  /** Missing in those of an older version. */
  readonly appId?: string
  /** SHA-256 of code and app. */
  readonly codeHash: string
  readonly userId: string
  readonly epoch: number
  readonly tokenNonce?: string | undefined
  readonly createdAtMs: number
}

/** 10 minutes between begin and return. */
export const LOGIN_TTL_MS = 600_000
/** As long as Amazon's code would have lived. */
const RECEIPT_TTL_MS = 300_000
/** A browser that comes back sooner and is not signed in never will be. */
const FRESH_MS = 30_000
/** As JSON: an answer carries it beside the `redirect_uri`, and proxies hold 4 KiB of headers. */
const MAX_KEPT_BYTES = 900
/** Logins one browser may have under way; the oldest gives way. */
const MAX_COOKIES = 5
/** What all of them may add to a Cookie header, which many servers limit to 8 KiB. */
const MAX_TOTAL_CHARACTERS = 3_600
/** What setting and clearing them may add to the headers of one answer, of which proxies hold 4 KiB: as many give way as fit in. */
const MAX_LINES_CHARACTERS = 1_900
/** Of a `Set-Cookie` line, beside name and value. */
const FLAGS_CHARACTERS = 125
/** The same of one that clears a cookie. */
const CLEARING_CHARACTERS = 72
/** A sign-out clears no more. */
const MAX_CLEARED = 12
/** Enough of the nonce to tell a browser's logins apart. */
const NAME_CHARACTERS = 10
/** A cookie of any other name is none of ours, and may have one that cannot even be cleared. */
const OWN_KEY = /^[\w-]{10}$/

type Content = BegunLogin | Receipt

/** The login cookies of one browser. They are opened at first use: before the store is ready, nobody knows by which keys they are sealed. */
export class LoginCookies {
  private read: Map<string, LoginCookie> | undefined = undefined
  private readonly isSecure: boolean
  private readonly prefix: string

  /** @param app The app that they are for; undefined: for none in particular. */
  constructor(
    private readonly visit: Visit,
    app: App | undefined,
  ) {
    const { req, res, services } = visit
    this.isSecure = isSecure(req, services, app)
    this.prefix = `${sentName(services.policy.cookies.login, this.isSecure)}.`
    sendAsOne(req, res, services.policy)
  }

  findBegun(nonce: string): BegunLogin | undefined {
    const content = this.find(this.nameFor(nonce))
    return content?.kind === 'begun' ? content : undefined
  }

  /** @param nonce Undefined: it was not begun here. */
  findReceipt(nonce: string | undefined, codeHash: string): Receipt | undefined {
    const content = this.find(this.nameFor(nonce ?? codeHash))
    if (content?.kind !== 'done' || content.codeHash !== codeHash) return undefined
    return this.visit.services.now() - content.createdAtMs < RECEIPT_TTL_MS ? content : undefined
  }

  /** Of logins (to one app, if it is named) that have ended well within the last half minute. */
  freshReceipts(appId: string | undefined): readonly Receipt[] {
    return this.receipts().filter(
      (receipt) =>
        (appId === undefined || receipt.appId === appId) &&
        this.visit.services.now() - receipt.createdAtMs < FRESH_MS,
    )
  }

  /** @returns False, and nothing is remembered: it is too much. */
  begin(login: BegunLogin): boolean {
    const text = JSON.stringify(login)
    if (Buffer.byteLength(text) > MAX_KEPT_BYTES) return false
    const name = this.nameFor(login.nonce)
    this.makeRoom(name, this.set(name, text, LOGIN_TTL_MS))
    return true
  }

  /** Puts a receipt in the place of the login it came from. */
  finish(nonce: string | undefined, { codeHash, ...receipt }: Receipt): void {
    const text = JSON.stringify({ ...receipt, login: codeHash })
    this.set(this.nameFor(nonce ?? codeHash), text, RECEIPT_TTL_MS)
  }

  /** Ends one login, so that its return cannot be used again. */
  drop(nonce: string): void {
    this.clear(this.nameFor(nonce))
  }

  /**
   * Clears those that can be read; others are not ours, or worth nothing.
   *
   * @returns The receipts among them: logins that must not be repeated from a copy of the cookies.
   */
  dropAll(): readonly Receipt[] {
    const receipts = this.receipts()
    const own = Array.from(this.all().keys()).filter((name) => this.find(name) !== undefined)
    for (const name of own.slice(0, MAX_CLEARED)) this.clear(name)
    return receipts
  }

  private receipts(): readonly Receipt[] {
    const contents = Array.from(this.all().keys(), (name) => this.find(name))
    return contents.filter((content) => content?.kind === 'done')
  }

  private all(): Map<string, LoginCookie> {
    const { req, services } = this.visit
    this.read ??= readOwn(cookieHeader(req, services.policy.cookies), this.prefix)
    return this.read
  }

  /** Undefined: there is none, or it was changed, or sealed by a key that is not ours (any more). */
  private find(name: string): Content | undefined {
    const cookie = this.all().get(name)
    if (cookie === undefined || cookie.isOpened) return cookie?.content
    cookie.isOpened = true
    const text = this.visit.services.browserSealer.open(cookie.value, name)
    cookie.content = text === undefined ? undefined : parseContent(text)
    return cookie.content
  }

  private nameFor(key: string): string {
    return this.prefix + key.slice(0, NAME_CHARACTERS)
  }

  private set(name: string, text: string, maxAgeMs: number): number {
    const value = this.visit.services.browserSealer.seal(text, name)
    const expires = new Date(Date.now() + maxAgeMs).toUTCString()
    const secure = this.isSecure ? ' Secure;' : ''
    const flags = `Max-Age=${maxAgeMs / 1000}; Path=/; Expires=${expires}; HttpOnly;${secure} SameSite=Lax`
    this.visit.res.appendHeader('Set-Cookie', `${name}=${value}; ${flags}`)
    return name.length + value.length
  }

  private clear(name: string): void {
    if (this.all().delete(name))
      this.visit.res.clearCookie(name, { path: '/', secure: this.isSecure })
  }

  /** Lets the oldest give way to a new one; before them, those that cannot be opened. */
  private makeRoom(newName: string, newSize: number): void {
    if (this.all().size === 0) return
    const others = Array.from(this.all(), ([name, { value }]) => ({
      name,
      characters: name.length + value.length,
      createdAtMs: this.find(name)?.createdAtMs ?? 0,
    })).filter(({ name }) => name !== newName)
    let size = others.reduce((sum, { characters }) => sum + characters, newSize)
    let count = others.length + 1
    let lines = newSize + FLAGS_CHARACTERS
    for (const { name, characters } of others.sort((a, b) => a.createdAtMs - b.createdAtMs)) {
      lines += name.length + CLEARING_CHARACTERS
      if (count <= MAX_COOKIES && size <= MAX_TOTAL_CHARACTERS) return
      if (lines > MAX_LINES_CHARACTERS) return
      this.clear(name)
      size -= characters
      count -= 1
    }
  }
}

interface LoginCookie {
  readonly value: string
  isOpened: boolean
  content: Content | undefined
}

function readOwn(header: string, prefix: string): Map<string, LoginCookie> {
  const own = new Map<string, LoginCookie>()
  if (!header.includes(prefix)) return own
  for (const [name, value] of readCookies(header)) {
    if (name.startsWith(prefix) && OWN_KEY.test(name.slice(prefix.length))) {
      own.set(name, { value, isOpened: false, content: undefined })
    }
  }
  return own
}

/** Sealed by us, but maybe by another version. */
function parseContent(text: string): Content | undefined {
  try {
    return readContent(JSON.parse(text))
  } catch {
    return undefined
  }
}

const TEXTS = {
  begun: ['nonce', 'codeVerifier', 'appId', 'mountPath', 'redirectUri'],
  done: ['login', 'userId'],
} as const

function readContent(value: unknown): Content | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const content = value as Readonly<Record<string, unknown>>
  const { kind, createdAtMs, login } = content
  if (typeof createdAtMs !== 'number' || (kind !== 'begun' && kind !== 'done')) return undefined
  if (!TEXTS[kind].every((name) => typeof content[name] === 'string')) return undefined
  return (kind === 'begun' ? content : { ...content, codeHash: login }) as unknown as Content
}
