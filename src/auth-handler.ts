import type { IncomingMessage, ServerResponse } from 'node:http'

import {
  createAmazonAuth,
  servicesOf,
  type AmazonAuth,
  type AmazonAuthOptions,
  type DoctorOptions,
} from './amazon-auth'
import type { AppJson } from './apps/app-json'
import { fail } from './config/options'
import type { Report } from './doctor/report'
import type { AuthEventName } from './events/auth-events'
import { chained, type AuthListener } from './events/event-hub'
import type { AuthServices, Hooks } from './http/auth-services'
import type { RequireUserOptions } from './http/guard-options'
import { fetchAuthOf, requestAuthOf, type FetchAuth } from './http/host/fetch-auth'
import { openFetchExchange } from './http/host/fetch-exchange'
import { createRunExpress, type RunExpress } from './http/host/run-express'
import type { Connect } from './http/installation'
import type { RequestAuth } from './http/req-amazon-auth'
import { once } from './lazily'
import type { UserJson } from './users/user-json'

/** Options of {@link createAuthHandler}: those of `amazonAuth()`, and what its Express app would otherwise say. */
export interface AuthHandlerOptions extends Omit<AmazonAuthOptions, 'hooks'> {
  /** As of `amazonAuth()`, but that they get a request of `node:http`. Default: none. */
  readonly hooks?: Hooks<IncomingMessage> | undefined
  /** Path under which `/amazon_auth` and all other paths of ours lie, as the browser has it: `/auth`, or a stage's `/prod`. Default: the root. */
  readonly basePath?: string | undefined
}

/** Where a `Request` has come from, as the host knows it. */
export interface FetchFrom {
  /**
   * Address of the peer: of the client, or of the proxy in front. Limits of failed sign-ins count by it, so it must not come
   * from a header that anybody can send. Default: unknown, so that all visitors count as one.
   */
  readonly address?: string | undefined
}

/** Answers what is to be answered, and otherwise tells who is there. */
export interface AuthDoor<NodeAuth, WebAuth> {
  /**
   * For a request and an answer of `node:http`, as also Fastify (`raw`), Koa and connect have them. HTTP/2 has others: give
   * these to `fetch()`.
   *
   * @returns Undefined: it has been answered. Otherwise what is known of it, and the answer is yours.
   * @throws What hinders to serve at all: a configuration that cannot be read.
   * @example
   * const visitor = await auth.handle(req, res)
   * if (visitor !== undefined) res.end(`Hello ${visitor.user?.name ?? 'stranger'}`)
   */
  handle(req: IncomingMessage, res: ServerResponse): Promise<NodeAuth | undefined>
  /**
   * For a `Request` of Hono, of a serverless function, or of any other host that speaks Fetch. Its body is left alone unless the
   * request is one of ours.
   *
   * @returns The answer, or what is known of the request, and the answer is yours.
   * @throws What hinders to serve at all, and the reason of `request.signal` when it is aborted.
   * @example
   * const visitor = await auth.fetch(request, { address })
   * if (visitor instanceof Response) return visitor
   * return new Response(`Hello ${visitor.user?.name ?? 'stranger'}`)
   */
  fetch(request: Request, from?: FetchFrom): Promise<Response | WebAuth>
}

/** What is known behind a guard: somebody is signed in. */
export type Guarded<Auth> = Auth & { readonly app: AppJson; readonly user: UserJson }

/** Lets through whoever is signed in, and answers everybody else. */
export type AuthGuard = AuthDoor<Guarded<RequestAuth>, Guarded<FetchAuth>>

/** Signing in with Amazon for hosts that are not Express. */
export interface AuthHandler
  extends
    AuthDoor<RequestAuth, FetchAuth>,
    Pick<AmazonAuth, 'ready' | 'accessToken' | 'forgetApp' | 'resealSecrets' | 'flush' | 'close'> {
  /**
   * A guard: lets a request through whose browser is signed in, or that carries an ID or session token as
   * `Authorization: Bearer …`. Every other is answered: 401 `{"code", "message"}`, by a redirect to sign in (`signIn: true`), or
   * 503 when the store does not answer.
   *
   * @throws {TypeError} An option is not known or cannot be used.
   * @example
   * const orders = auth.requireUser({ app: 'shop' })
   * const visitor = await orders.handle(req, res)
   * if (visitor !== undefined) res.end(visitor.user.name)
   */
  requireUser(options?: RequireUserOptions<IncomingMessage>): AuthGuard
  /**
   * Listens to what happens in this process, as `auth.on()` of `amazonAuth()`.
   *
   * @throws {TypeError} There is no such event.
   */
  on<Name extends AuthEventName>(name: Name, listener: AuthListener<Name>): AuthHandler
  /** As `on`, for the next event alone. */
  once<Name extends AuthEventName>(name: Name, listener: AuthListener<Name>): AuthHandler
  /** Takes a listener away; does nothing when it is not there. */
  off<Name extends AuthEventName>(name: Name, listener: AuthListener<Name>): AuthHandler
  /** As `auth.doctor()` of `amazonAuth()`. */
  doctor(options?: Omit<DoctorOptions, 'express'>): Promise<Report>
}

/**
 * `amazonAuth()` for hosts that are not Express: the same paths, sessions, guards and API behind a function for `node:http` and
 * one for Fetch. Express is inside, and nothing of it is needed outside.
 *
 * `X-Forwarded-…` headers count only where the option `trustProxy` names the proxies.
 *
 * @throws {TypeError} An option is not known or of the wrong type; the message names it.
 * @example
 * const auth = createAuthHandler({ apps: { shop: { azAppId: '…', azSecret: '…' } }, basePath: '/auth' })
 */
export function createAuthHandler(options: AuthHandlerOptions = {}): AuthHandler {
  const { basePath: givenPath, ...rest } = options
  const basePath = checkBasePath(givenPath)
  const auth = createAmazonAuth(rest, basePath)
  const connect: Connect = () => servicesOf(auth)
  // Outside of its path, it only tells who is signed in.
  const { app, run } = createRunExpress([auth, auth.session], { basePath, connect })
  const warn = createWarnOfNoAddress(connect)
  const handler: AuthHandler = {
    ...doorOf<RequestAuth, FetchAuth>(run, warn),
    requireUser(guardOptions) {
      const guard = auth.requireUser(guardOptions)
      const { run: runGuard } = createRunExpress([guard], { basePath: '', connect })
      return doorOf<Guarded<RequestAuth>, Guarded<FetchAuth>>(runGuard, warn)
    },
    ready: () => auth.ready(),
    accessToken: (owner, tokenOptions) => auth.accessToken(owner, tokenOptions),
    doctor: (asked) => auth.doctor({ ...asked, express: app }),
    forgetApp: (id) => auth.forgetApp(id),
    resealSecrets: () => auth.resealSecrets(),
    flush: () => auth.flush(),
    close: () => auth.close(),
    ...chained(auth, () => handler),
  }
  return handler
}

/** What it lets through is of the types that its caller knows. */
function doorOf<NodeAuth extends RequestAuth, WebAuth extends FetchAuth>(
  run: RunExpress,
  warnOfNoAddress: () => void,
): AuthDoor<NodeAuth, WebAuth> {
  return {
    async handle(req, res) {
      if (req.httpVersionMajor > 1) throw new TypeError(NO_HTTP2)
      return (await run(req, res)) ? undefined : (requestAuthOf(req) as NodeAuth)
    },
    async fetch(request, from) {
      const address = checkAddress(from)
      if (address === undefined) warnOfNoAddress()
      const exchange = openFetchExchange(request, { address })
      const { req, res, response } = exchange
      const passed = run(req, res).then((isAnswered) => (isAnswered ? response : undefined))
      // The answer is there when its head is, long before its end.
      const answer = await Promise.race([response, passed])
      if (answer !== undefined) return answer
      exchange.release()
      return fetchAuthOf(req) as WebAuth
    },
  }
}

const NO_HTTP2 =
  'handle() serves HTTP/1.1 alone, as Express inside does: let a proxy speak HTTP/2, or give fetch() a Request.'

function checkAddress(from: FetchFrom | null | undefined): string | undefined {
  const address: unknown = from?.address
  if (address === undefined || address === null || typeof address === 'string') {
    return address ?? undefined
  }
  throw new TypeError('fetch: "address" must be a text such as "192.0.2.1".')
}

function createWarnOfNoAddress(connect: Connect): () => void {
  return once(() => {
    const warn = ({ logger }: AuthServices): void => logger.warn({}, NO_ADDRESS)
    void connect().then(warn, () => undefined)
  })
}

const NO_ADDRESS =
  'fetch() was not told the address of the client, so limits of failed sign-ins count all visitors as one: give it { address }, from the connection and not from a header.'

function checkBasePath(basePath: string | null | undefined): string {
  if (basePath === undefined || basePath === null || basePath === '' || basePath === '/') return ''
  if (typeof basePath === 'string' && /^(?:\/[\w.~-]+)+$/.test(basePath)) return basePath
  return fail('basePath', 'must be a path such as "/auth"')
}

export type { RequestAuth, SignInOptions, SignOutOptions } from './http/req-amazon-auth'
export type { FetchAuth } from './http/host/fetch-auth'
export type { RequireUserOptions, NameApp } from './http/guard-options'
export type { Hooks } from './http/auth-services'
export { AmazonAuthError, ERRORS, type ErrorCode } from './errors'
export { SignInRefused } from './sign-in-refused'
export { ConfigError } from './config/config-error'
export type { Report as DoctorReport } from './doctor/report'
