import { IncomingMessage } from 'node:http'

import type { Request } from 'express'

import { normalizeAppId } from '../apps/app-id'
import { suggest } from '../suggest'
import type { TokenKind } from '../tokens/token-kind'

/** What a function that names an app may return: anything but a text (a parameter that is not there) names none. */
export type NamedApp = string | readonly string[] | null | undefined

/** Names the app of a request: its id, with or without `app:`. A request for which it names none gets 401. */
export type NameApp<Req extends IncomingMessage = Request> = (
  req: Req,
) => NamedApp | Promise<NamedApp>

export interface RequireUserOptions<Req extends IncomingMessage = Request> {
  /**
   * The app that the user must belong to: its id, with or without `app:`; a function that names it for each request; or
   * `'*'`, any app. Default: the app that the hook `resolveApp` names for the request, else the only app that there is.
   */
  readonly app?: string | NameApp<Req>
  /**
   * Kind of Bearer token that the route takes where the app is strict. Default `session`. `id`: the route where a page
   * trades the ID token it was opened with, which is good for that once. Where the app is not strict, either is taken.
   */
  readonly token?: 'id' | 'session'
  /**
   * Sends a browser that opens a page (GET) and is not signed in to sign in, and from there back to the page. Scripts, and
   * whoever shows a token, still get 401. Default false.
   */
  readonly signIn?: boolean
}

/** What a guard demands. */
export interface Demand {
  /** Undefined: the app that the request is about. */
  readonly app: string | NameApp | undefined
  readonly token: TokenKind
  readonly signIn: boolean
}

/** Users of every app. No app has this id. */
export const ANY_APP = '*'

const KNOWN = ['app', 'token', 'signIn'] as const

/**
 * Reads the options of a guard, whose mistakes must not open a door.
 *
 * @throws {TypeError} It is not known what they mean.
 */
export function parseGuardOptions(options: unknown): Demand {
  if (options instanceof IncomingMessage) throw new TypeError(NOT_CALLED)
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError(`requireUser: the options must be an object${exampleFor(options)}`)
  }
  const given = new Map<string, unknown>(Object.entries(options))
  for (const name of given.keys()) requireKnown(name)
  return {
    app: given.has('app') ? parseApp(given.get('app')) : undefined,
    token: given.has('token') ? parseToken(given.get('token')) : 'session',
    signIn: given.has('signIn') ? parseFlag(given.get('signIn')) : false,
  }
}

const NOT_CALLED =
  "requireUser makes a guard and is none itself. Call it where you name it: requireUser({ app: 'shop' })"

function exampleFor(options: unknown): string {
  return typeof options === 'string' ? `: requireUser({ app: ${JSON.stringify(options)} })` : ''
}

function requireKnown(name: string): void {
  if (KNOWN.some((known) => known === name)) return
  const meant = suggest(name, KNOWN) ?? KNOWN.find((known) => name.startsWith(known))
  const hint =
    meant === undefined ? ` There are: ${KNOWN.join(', ')}.` : ` Did you mean "${meant}"?`
  throw new TypeError(`requireUser: option "${name.slice(0, 40)}" is not known.${hint}`)
}

/** `undefined` is refused, too: it comes from a variable that is not set, and must not mean "any app". */
function parseApp(app: unknown): Demand['app'] {
  if (isFunction(app) || app === ANY_APP) return app
  const appId = typeof app === 'string' ? normalizeAppId(app) : ''
  if (appId !== '') return appId
  throw new TypeError(
    `requireUser: option "app" must be an app id, a function that returns one, or '*' for any app${app === undefined ? '; it is undefined' : ''}`,
  )
}

function isFunction(value: unknown): value is NameApp {
  return typeof value === 'function'
}

function parseToken(token: unknown): TokenKind {
  if (token === 'id' || token === 'session') return token
  throw new TypeError('requireUser: option "token" must be "id" or "session"')
}

function parseFlag(signIn: unknown): boolean {
  if (typeof signIn === 'boolean') return signIn
  throw new TypeError('requireUser: option "signIn" must be true or false')
}
