import type { Request, Response } from 'express'

import type { Policy } from '../auth-services'
import type { CookieNames } from './cookie-names'

/** The one cookie that some content delivery networks pass on (Firebase Hosting, for one). */
const NAME = '__session'
/** Cookies of ours that travel in it, by how they are named: the session, and whatever belongs to a login. */
const IS_PART = new RegExp(`^${NAME}[=.-]`)
/** The part that is the session. Others are called what their names have beyond that of the cookie. */
const SESSION = 's'
/** `s=<session>&.<key>=<login>`; each value is signed or sealed, and encoded, as in a cookie of its own. */
const SHAPE = /^[\w.-]+=[\w.%-]+(?:&[\w.-]+=[\w.%-]+)*$/
/**
 * All of it is sent whenever a part changes, and proxies hold 4 KiB of the headers of an answer. The newest login may be
 * longer: with the session it stays below the 4096 bytes that browsers keep.
 */
const MAX_CHARACTERS = 2_200

/** The Cookie header; what travels in the one cookie stands there as if each part had come in a cookie of its own. */
export function cookieHeader({ headers }: Request, { login }: CookieNames): string {
  const header = headers.cookie ?? ''
  if (login !== NAME) return header
  const others = pairsOf(header).filter((pair) => !IS_PART.test(pair))
  const parts = Array.from(readParts(header), ([part, value]) => `${nameOf(part)}=${value}`)
  return [...others, ...parts].join('; ')
}

/**
 * Sees to it that the cookies of a login, and a session of the same name, are sent as one. Called before express-session
 * is: what was hooked in last is asked first, and it sets its cookie then.
 */
export function sendAsOne(
  req: Request,
  res: Response,
  { cookies, sessionLimits }: Pick<Policy, 'cookies' | 'sessionLimits'>,
): void {
  if (cookies.login !== NAME || joined.has(res)) return
  joined.add(res)
  const writeHead = res.writeHead.bind(res) as (...head: unknown[]) => Response
  let isJoined = false
  res.writeHead = (...head: unknown[]) => {
    if (!isJoined) join(req, res, sessionLimits.absoluteMs)
    isJoined = true
    return writeHead(...head)
  }
}

const joined = new WeakSet<Response>()

/** It lives as long as a session; logins in it tell themselves when they are over. */
function join(req: Request, res: Response, maxAge: number): void {
  const lines = [res.getHeader('set-cookie') ?? []].flat().map(String)
  const ours = lines.filter((line) => IS_PART.test(line))
  if (ours.length === 0) return
  const parts = readParts(req.headers.cookie ?? '')
  for (const line of ours) {
    const [pair = ''] = line.split(';', 1)
    const [name, value] = splitPair(pair)
    const part = name.slice(NAME.length) || SESSION
    parts.delete(part)
    if (value !== '') parts.set(part, value)
  }
  res.setHeader(
    'set-cookie',
    lines.filter((line) => !IS_PART.test(line)),
  )
  const secure = ours.some((line) => /; *secure/i.test(line))
  const options = { httpOnly: true, secure, sameSite: 'lax', path: '/' } as const
  const value = fit(parts)
  if (value === '') res.clearCookie(NAME, options)
  else res.cookie(NAME, value, { ...options, maxAge, encode: String })
}

/** Of what is too long the oldest logins give way: parts stand in the order in which they were set. */
function fit(parts: Map<string, string>): string {
  const logins = Array.from(parts.keys()).filter((part) => part !== SESSION)
  for (const part of logins.slice(0, -1)) {
    if (write(parts).length <= MAX_CHARACTERS) break
    parts.delete(part)
  }
  return write(parts)
}

function write(parts: ReadonlyMap<string, string>): string {
  return Array.from(parts, ([part, value]) => `${part}=${value}`).join('&')
}

/** None, if it is damaged, or there twice: another host of the domain has planted one, and which is ours cannot be told. */
function readParts(header: string): Map<string, string> {
  const own = pairsOf(header).filter((pair) => pair.startsWith(`${NAME}=`))
  const [text = ''] = own.map((pair) => splitPair(pair)[1])
  return new Map(own.length === 1 && SHAPE.test(text) ? text.split('&').map(splitPair) : [])
}

function pairsOf(header: string): readonly string[] {
  return header.split(';').map((pair) => pair.trim())
}

function splitPair(pair: string): readonly [name: string, value: string] {
  const end = pair.indexOf('=')
  return [pair.slice(0, end), pair.slice(end + 1)]
}

function nameOf(part: string): string {
  return part === SESSION ? NAME : NAME + part
}
