import type { Html } from '../html'
import { EN } from '../texts/en'
import { parseLook, type ButtonOptions } from './button-look'
import { buttonMarkup } from './button-markup'

export interface SignInButtonOptions extends ButtonOptions {
  /** Id of the app to sign in to. Default: the one that the host name stands for, or the root app. */
  readonly app?: string | undefined
  /** Where `amazonAuth()` is: the path of its mount (`/auth`), or its public address. Default: the root of this host. */
  readonly at?: string | undefined
  /** Where to end: a path on this host, or an address on an origin of the app. Default: `signin_success` of the app. */
  readonly returnTo?: string | undefined
  /** Where a sign-out ends: a path on the host of {@link SignInButtonOptions.at}. Default `/`. */
  readonly signedOutTo?: string | undefined
  /** Whether the visitor is signed in to the app, e.g. `req.amazonAuth.isAuthenticated()`. Default false. */
  readonly isSignedIn?: boolean | undefined
}

/**
 * Markup of a button that signs in with Amazon, to put into a page; `GET /amazon_auth/button` answers the same.
 *
 * @returns HTML in which every value is escaped; '' for a visitor who is signed in, unless `whenSignedIn` is `sign_out`.
 * @throws {TypeError} An option is not known or cannot be used.
 * @see https://developer.amazon.com/docs/login-with-amazon/button.html
 */
export function signInButton(options: SignInButtonOptions = {}): string {
  return signInButtonHtml(options).markup
}

/** The same, for pages that are made by `html`. */
export function signInButtonHtml(options: SignInButtonOptions): Html {
  refuseUnknown(options)
  const { app, at = '', returnTo, signedOutTo, isSignedIn = false, ...asked } = options
  for (const [name, value] of Object.entries({ app, returnTo })) {
    if (value !== undefined && typeof value !== 'string') throw misused(name, 'must be text.')
  }
  if (typeof isSignedIn !== 'boolean') throw misused('isSignedIn', 'must be true or false.')
  const look = parseLook(asked, EN, misused)
  const base = `${requirePlace(at).replace(/\/+$/, '')}/amazon_auth`
  const places = {
    signIn: withParameters(base, { state: app, returnto: returnTo }),
    signOut: withParameters(`${base}/logout`, { appid: app, returnto: takePath(signedOutTo) }),
    isElsewhere: !base.startsWith('/'),
  }
  return buttonMarkup(look, places, isSignedIn)
}

const KNOWN: Readonly<Record<keyof SignInButtonOptions, true>> = {
  app: true,
  at: true,
  returnTo: true,
  signedOutTo: true,
  isSignedIn: true,
  style: true,
  size: true,
  color: true,
  theme: true,
  lang: true,
  whenSignedIn: true,
  className: true,
}

function refuseUnknown(options: object): void {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(KNOWN, name))
  if (unknown !== undefined) throw misused(unknown, 'is no option.')
}

/** A path of this host or a web address: nothing that runs as a script. */
function requirePlace(at: unknown): string {
  if (typeof at === 'string' && /^(?:$|\/(?![/\\])|https?:\/\/[^/])/i.test(at) && !/\s/.test(at))
    return at
  throw misused('at', 'must be a path or an address that begins with http:// or https://.')
}

function takePath(signedOutTo: unknown): string | undefined {
  if (signedOutTo === undefined) return undefined
  if (typeof signedOutTo === 'string' && /^\/(?![/\\])/.test(signedOutTo)) return signedOutTo
  throw misused('signedOutTo', 'must be a path on this host, e.g. "/bye".')
}

function withParameters(
  address: string,
  parameters: Readonly<Record<string, string | undefined>>,
): string {
  const given = Object.entries(parameters).filter(
    (each): each is [string, string] => each[1] !== undefined,
  )
  const query = new URLSearchParams(given).toString()
  return query === '' ? address : `${address}?${query}`
}

function misused(option: string, problem: string): TypeError {
  return new TypeError(`signInButton: the option "${option}" ${problem}`)
}
