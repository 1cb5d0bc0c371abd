import type { Response } from 'express'

import type { Sealer } from '../../crypto/sealer'
import { sha256 } from '../../crypto/random'
import { sentName } from '../session/cookie-names'
import { readCookies } from './read-cookies'

/** What a login remembers from begin to return, in a sealed cookie of its own (or a part of one: `one-cookie.ts`). */
export interface Transaction {
  readonly kind: 'begun'
  readonly nonce: string
  readonly codeVerifier: string
  readonly appId: string
  /** Path the middleware is mounted under: another mount does not finish what this one began. */
  readonly mountPath: string
  readonly redirectUri: string
  readonly hostUrl?: string
  readonly aliasIndex?: number
  readonly returnTo?: string
  readonly createdAtMs: number
}

/** Left in the cookie's place once the login is done, so that the same return URL hit twice succeeds twice. */
export interface Receipt {
  readonly kind: 'done'
  /** Missing in those of an older version. */
  readonly appId?: string
  /** SHA-256 of code and app. */
  readonly login: string
  readonly userId: string
  readonly epoch: number
  readonly createdAtMs: number
}

/** 10 minutes between begin and return. */
export const TRANSACTION_TTL_MS = 600_000
/** As long as Amazon's code would have lived. */
const RECEIPT_TTL_MS = 300_000
/** A browser that comes back sooner and is not signed in never will be. */
const FRESH_MS = 30_000
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

/** The login cookies of one browser. */
export interface TransactionCookies {
  findTransaction(nonce: string): Transaction | undefined
  findReceipt(login: string): Receipt | undefined
  /** Whether a login (to one app, if it is named) has ended well within the last half minute. */
  hasFreshReceipt(appId: string | undefined): boolean
  begin(transaction: Transaction): void
  /** Puts a receipt in the place of the login it came from. */
  finish(nonce: string | undefined, receipt: Receipt): void
  /** Ends one login, so that its return cannot be used again. */
  drop(nonce: string): void
  /**
   * Those that can be read; others are not ours, or worth nothing.
   *
   * @returns The receipts among them: logins that must not be repeated from a copy of the cookies.
   */
  dropAll(): readonly Receipt[]
}

export interface CookieContext {
  readonly sealer: Sealer
  /** What their names begin with. */
  readonly name: string
  /** Whether the browser speaks https with us. */
  readonly isSecure: boolean
  readonly now: () => number
}

/** One name for a login that is not told by it: what a receipt and a parallel second hit are found by. */
export function loginName(appId: string, code: string): string {
  return sha256(`${appId}\n${code}`)
}

export function transactionCookies(
  header: string,
  res: Response,
  { sealer, name, isSecure, now }: CookieContext,
): TransactionCookies {
  const prefix = `${sentName(name, isSecure)}.`
  const options = { httpOnly: true, secure: isSecure, sameSite: 'lax', path: '/' } as const
  let read: Map<string, LoginCookie> | undefined
  /** At first use: before the store is ready, nobody knows by which keys they are sealed. */
  const all = (): Map<string, LoginCookie> => (read ??= readLoginCookies(header, prefix, sealer))

  function set(name: string, content: Transaction | Receipt, maxAge: number): number {
    const value = sealer.seal(JSON.stringify(content), name)
    res.cookie(name, value, { ...options, maxAge })
    return name.length + value.length
  }
  function clear(name: string): void {
    if (all().delete(name)) res.clearCookie(name, { path: '/', secure: isSecure })
  }
  /** Lets the oldest give way to a new one. */
  function makeRoom(newName: string, newSize: number): void {
    const others = Array.from(all()).filter(([name]) => name !== newName)
    const byAge = others.sort(([, a], [, b]) => a.createdAtMs - b.createdAtMs)
    let size = newSize + byAge.reduce((sum, [, { characters }]) => sum + characters, 0)
    let count = byAge.length + 1
    let lines = newSize + FLAGS_CHARACTERS
    for (const [name, { characters }] of byAge) {
      lines += name.length + CLEARING_CHARACTERS
      if (count <= MAX_COOKIES && size <= MAX_TOTAL_CHARACTERS) return
      if (lines > MAX_LINES_CHARACTERS) return
      clear(name)
      size -= characters
      count -= 1
    }
  }
  const nameFor = (key: string): string => prefix + key.slice(0, NAME_CHARACTERS)

  return {
    findTransaction(nonce) {
      const content = all().get(nameFor(nonce))?.content
      return content?.kind === 'begun' ? content : undefined
    },
    findReceipt: (login) =>
      Array.from(all().values(), ({ content }) => content)
        .filter(isReceipt)
        .find((receipt) => receipt.login === login && now() - receipt.createdAtMs < RECEIPT_TTL_MS),
    hasFreshReceipt: (appId) =>
      Array.from(all().values(), ({ content }) => content)
        .filter(isReceipt)
        .filter((receipt) => appId === undefined || receipt.appId === appId)
        .some((receipt) => now() - receipt.createdAtMs < FRESH_MS),
    begin(transaction) {
      const name = nameFor(transaction.nonce)
      makeRoom(name, set(name, transaction, TRANSACTION_TTL_MS))
    },
    finish: (nonce, receipt) => void set(nameFor(nonce ?? receipt.login), receipt, RECEIPT_TTL_MS),
    drop: (nonce) => clear(nameFor(nonce)),
    dropAll() {
      const own = Array.from(all()).filter(([, { content }]) => content !== undefined)
      for (const [name] of own.slice(0, MAX_CLEARED)) clear(name)
      return own.map(([, { content }]) => content).filter(isReceipt)
    },
  }
}

function isReceipt(content: Transaction | Receipt | undefined): content is Receipt {
  return content?.kind === 'done'
}

interface LoginCookie {
  /** Undefined: changed, or sealed by a key that is not ours (any more). It counts as none, and is the first to give way. */
  readonly content: Transaction | Receipt | undefined
  readonly createdAtMs: number
  readonly characters: number
}

function readLoginCookies(
  header: string,
  prefix: string,
  sealer: Sealer,
): Map<string, LoginCookie> {
  const own = new Map<string, LoginCookie>()
  for (const [name, value] of readCookies(header)) {
    if (name.startsWith(prefix) && OWN_KEY.test(name.slice(prefix.length))) {
      own.set(name, readCookie(name, value, sealer))
    }
  }
  return own
}

function readCookie(name: string, value: string, sealer: Sealer): LoginCookie {
  const text = sealer.open(value, name)
  const content = text === undefined ? undefined : parseContent(text)
  return { content, createdAtMs: content?.createdAtMs ?? 0, characters: name.length + value.length }
}

/** Sealed by us, but maybe by another version. */
function parseContent(text: string): Transaction | Receipt | undefined {
  try {
    const content: unknown = JSON.parse(text)
    return isContent(content) ? content : undefined
  } catch {
    return undefined
  }
}

const TEXTS = {
  begun: ['nonce', 'codeVerifier', 'appId', 'mountPath', 'redirectUri'],
  done: ['login', 'userId'],
} as const

function isContent(value: unknown): value is Transaction | Receipt {
  if (typeof value !== 'object' || value === null) return false
  const content = value as Readonly<Record<string, unknown>>
  const { kind, createdAtMs } = content
  if (kind !== 'begun' && kind !== 'done') return false
  return (
    typeof createdAtMs === 'number' &&
    TEXTS[kind].every((name) => typeof content[name] === 'string')
  )
}
