import type { AdminVisit } from './admin-route'
import { findCookie } from '../read-cookies'

const COOKIE = 'amazon-auth-notice'
/** A redirect is followed at once. */
const MAX_AGE_MS = 60_000
/** Names and ids stand in some, as long as somebody has made them: browsers keep no cookie beyond 4 KB, nor do proxies pass it. */
const MAX_CHARACTERS = 400

/** Leaves a sentence for the next page of this session. */
export function leaveNotice({ res, services, session }: AdminVisit, text: string): void {
  const sealed = services.browserSealer.seal(shorten(text), bindTo(session.token))
  const options = { httpOnly: true, sameSite: 'strict', path: '/', maxAge: MAX_AGE_MS } as const
  res.cookie(COOKIE, sealed, options)
}

/** The sentence that was left, once. */
export function takeNotice({ req, res, services, session }: AdminVisit): string | undefined {
  const sealed = findCookie(req.headers.cookie ?? '', COOKIE)
  if (sealed === undefined) return undefined
  res.clearCookie(COOKIE, { path: '/' })
  return services.browserSealer.open(sealed, bindTo(session.token))
}

function shorten(text: string): string {
  const characters = Array.from(text)
  if (characters.length <= MAX_CHARACTERS) return text
  return `${characters.slice(0, MAX_CHARACTERS).join('')}…`
}

function bindTo(formToken: string): string {
  return `notice ${formToken}`
}
