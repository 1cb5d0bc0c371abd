import type { App } from '../apps/app'
import { textSetting } from '../apps/typed-setting'
import { toAscii } from '../apps/target-url'

/** What signs the browser in: a token in the address, a session cookie, or nothing at all. */
export type SignInMeans = TokenMeans | 'session' | 'nothing'

export type TokenMeans = 'id_token' | 'session_token'

/** As Para does, these are looked for in the text as it stands, wherever that is. */
const TOKEN_PLACE = /jwt=(id|\?)(?![\p{L}\p{N}])/gu
const CAUSE_PLACE = /cause=\?(?![\p{L}\p{N}])/gu
/** What proxies hold of the headers of an answer, less the room that cookies and the rest need. */
const MAX_FILLED_CHARACTERS = 5_000

/** Whether a sign-in to an app hands a token on, and makes no session. */
export function handsTokenOn(app: App): boolean {
  return meansOf(textSetting(app, 'signin_success') ?? '/') !== 'session'
}

/** Where both kinds of token are asked for, what goes for the session token goes for the sign-in. */
export function meansOf(url: string): SignInMeans {
  const all = Array.from(url.matchAll(TOKEN_PLACE), ([, place]) => meansOfPlace(place))
  return all.find((means) => means === 'session_token') ?? all[0] ?? 'session'
}

function meansOfPlace(place: string | undefined): TokenMeans {
  return place === 'id' ? 'id_token' : 'session_token'
}

/**
 * Puts tokens where an address asks for them.
 *
 * @param issue Called at most once for each kind.
 */
export function placeTokens(url: string, issue: (means: TokenMeans) => string): string {
  const tokens = new Map<TokenMeans, string>()
  return fill(url, TOKEN_PLACE, (_match, place) => {
    const means = meansOfPlace(place)
    const token = tokens.get(means) ?? issue(means)
    tokens.set(means, token)
    return `jwt=${token}`
  })
}

export function placeCause(url: string, message: string): string {
  return fill(url, CAUSE_PLACE, () => `cause=${encodeURIComponent(message)}`)
}

/** Fills every place; the first alone where the address would grow too long. */
function fill(url: string, places: RegExp, by: (match: string, place?: string) => string): string {
  const filled = url.replace(places, by)
  if (toAscii(filled).length <= MAX_FILLED_CHARACTERS) return filled
  return url.replace(new RegExp(places.source, 'u'), by)
}
