import { MemoryStore } from 'express-session'
import express, { type Express, type Request, type Response } from 'express'

import { buildEndpoints } from '../../../../src/amazon/endpoints'
import type { App } from '../../../../src/apps/app'
import type { SettingValues } from '../../../../src/apps/settings'
import type { LoginWay } from '../../../../src/audit/audit-event'
import { createSealer } from '../../../../src/crypto/sealer'
import type { Policy, SignInServices } from '../../../../src/http/auth-services'
import { openFetchExchange } from '../../../../src/http/host/fetch-exchange'
import { createLimits } from '../../../../src/http/limits/limits'
import { createLoadShedder } from '../../../../src/http/limits/load-shedder'
import { createLoginSlots } from '../../../../src/http/limits/login-slots'
import { beginLogin } from '../../../../src/http/login/begin-login'
import type { Leg } from '../../../../src/http/login/login'
import { LoginCookies } from '../../../../src/http/login/login-cookies'
import { parseLoginRequest } from '../../../../src/http/login/parse-login-request'
import { localMountPath } from '../../../../src/http/mount-path'
import { inExpressStore } from '../../../../src/http/session/stored-sessions'
import { PageAttempt } from '../../../../src/http/sign-in/attempt'
import { createWarnOnce } from '../../../../src/http/warn-once'
import type { User } from '../../../../src/users/user'
import { buildUser } from '../../../integration/store/open-store'
import { appWith } from '../../../support/app'

export const NOW_MS = 1_700_000_000_000
export const PUBLIC = 'https://shop.example'
const COOKIE = 'amazon-login'
/** The cookies of a login as they are sent where the browser speaks https. */
export const PREFIX = `__Host-${COOKIE}.`

/** Names and values of a browser's cookies. */
export type Jar = Map<string, string>

export interface Ask {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  /** What the body parser of the host has made of a form. */
  readonly form?: unknown
  readonly jar?: Jar
  /** Where the middleware lies. Default: at the root. */
  readonly mount?: string
  /** Default: by a browser. */
  readonly way?: LoginWay
}

export interface Setup {
  /** Settings by the id of an app. Default: those of acme and zenith. */
  readonly apps?: Readonly<Record<string, SettingValues>>
  readonly changes?: Partial<App>
  readonly policy?: Partial<Policy>
  readonly services?: Partial<SignInServices>
  readonly trustProxy?: boolean
}

const KEYS = { az_app_id: 'client', az_secret: 'secret' }
export const APPS = { acme: KEYS, zenith: { ...KEYS, signin_success: '/in?jwt=id' } }

export type StepsWorld = ReturnType<typeof stepsWorld>

/** What the steps of a login work with, without a server: apps, users and single uses are in memory, all else is real. */
export function stepsWorld(setup: Setup = {}) {
  const clock = { nowMs: NOW_MS }
  const log: { level: string; message: string; facts: object }[] = []
  const add = (level: string) => (facts: object, message: string) =>
    void log.push({ level, message, facts })
  const logger = {
    debug: add('debug'),
    info: add('info'),
    warn: add('warn'),
    error: add('error'),
    isLevelEnabled: (level: string) => level !== 'debug',
  }
  const apps = new Map(
    Object.entries(setup.apps ?? APPS).map(([id, settings]) => [
      id,
      appWith(settings, { id, ...setup.changes }),
    ]),
  )
  const users = new Map<string, User>()
  const used: { appId: string; name: string; expiresAtMs: number }[] = []
  const begins: { appId: string; atMs: number }[] = []
  const sealer = createSealer(() => ['k'.repeat(32)], 'login transactions')
  const policy = {
    publicUrl: PUBLIC,
    scope: 'profile',
    strict: false,
    returntoCookie: 'para-returnto',
    cookies: { session: 'amazon-auth', login: COOKIE },
    sessionLimits: { absoluteMs: 3_600_000, idleMs: 3_600_000 },
    idTokenTtlSeconds: 60,
    loginDeadlineMs: 1_000,
    admin: { isOn: false, path: '/admin', origin: undefined, identifiers: [], idleMs: 1_000 },
    ...setup.policy,
  }
  const now = (): number => clock.nowMs
  const onTime = { nowMs: () => 0, averageMs: () => 0, ticks: () => 0, stop: () => undefined }
  // As far as the steps ask for it.
  const services = {
    ready: () => Promise.resolve(),
    apps: { rootId: 'para', find: (id: string) => Promise.resolve(apps.get(id)) },
    users: { findById: (app: string, id: string) => Promise.resolve(users.get(`${app} ${id}`)) },
    policy,
    hooks: {},
    logger,
    now,
    limits: createLimits(
      { failuresPerMinute: 0, loginsPerMinute: 0, badSignaturesPerMinute: 0 },
      now,
    ),
    load: createLoadShedder(logger, onTime),
    loginSlots: createLoginSlots(logger),
    amazon: { endpointsOf: () => buildEndpoints('na') },
    sessions: {
      stored: inExpressStore(new MemoryStore(), undefined),
      secrets: () => ['s'.repeat(32)],
    },
    browserSealer: sealer,
    audit: { countBegin: (appId: string, atMs: number) => void begins.push({ appId, atMs }) },
    singleUse: {
      take: (use: (typeof used)[number]) => {
        const isFirst = !used.some(({ appId, name }) => appId === use.appId && name === use.name)
        used.push(use)
        return Promise.resolve(isFirst)
      },
    },
    ...setup.services,
  } as unknown as SignInServices
  const warnOnce = createWarnOnce()

  const hosts = new Map<string, Express>()
  const coming = new WeakMap<object, (req: Request, res: Response) => void>()
  function hostAt(mount: string): Express {
    const host = express()
    host.set('trust proxy', setup.trustProxy ?? false)
    host.use(mount, (req, res) => coming.get(req)?.(req, res))
    hosts.set(mount, host)
    return host
  }

  /** A request of a browser, as it comes to the middleware. */
  function open(target: string, ask: Ask = {}): Promise<PageAttempt> {
    const { method = 'GET', headers, form, mount = '/', way = 'browser' } = ask
    const { jar = new Map<string, string>() } = ask
    const cookie = Array.from(jar, ([name, value]) => `${name}=${value}`).join('; ')
    const sent = { ...(cookie !== '' && { cookie }), accept: 'text/html', ...headers }
    const request = new globalThis.Request(new URL(target, 'http://shop.example'), {
      method,
      headers: sent,
    })
    const { req, res } = openFetchExchange(request, { address: '127.0.0.1' })
    const host = hosts.get(mount) ?? hostAt(mount)
    return new Promise((resolve, reject) => {
      coming.set(req, (req, res) => {
        if (form !== undefined) req.body = form
        const visit = { req, res, services, mountPath: localMountPath(req) }
        const said: PageAttempt['warnOnce'] = (...warning) => warnOnce(logger, ...warning)
        resolve(new PageAttempt(way, { ...visit, warnOnce: said }))
      })
      host(req as Request, res as Response, () => reject(new Error(`nothing is at ${target}`)))
    })
  }

  /** The same, up to where both legs of a login part. */
  async function leg(target: string, ask?: Ask): Promise<Leg> {
    const attempt = await open(target, ask)
    const request = parseLoginRequest(attempt)
    const app = apps.get(request.appId ?? 'para')
    if (app === undefined) throw new TypeError(`no app for ${target}`)
    attempt.app = app
    return { app, request, attempt, cookies: new LoginCookies(attempt, app) }
  }

  /** Begins a login in a browser. */
  async function begin(jar: Jar, query = 'state=acme', ask?: Ask): Promise<Begun> {
    const { mount = '' } = ask ?? {}
    const begun = await leg(`${mount}/amazon_auth?${query}`, { jar, ...ask })
    beginLogin(begun)
    keep(jar, begun.attempt.res)
    const location = new URL(answerOf(begun.attempt).location)
    const state = location.searchParams.get('state') ?? ''
    const [, nonce = ''] = state.split('~')
    return { location, state, nonce, asked: location.searchParams }
  }

  return { clock, log, apps, users, used, begins, sealer, services, open, leg, begin }
}

/** A login that was begun: the consent page that the browser was sent to. */
export interface Begun {
  readonly location: URL
  readonly asked: URLSearchParams
  readonly state: string
  readonly nonce: string
}

export function linesOf(res: Response): readonly string[] {
  return [res.getHeader('set-cookie') ?? []].flat().map(String)
}

export function answerOf({ res }: { readonly res: Response }) {
  const location = String(res.getHeader('location') ?? '')
  return { status: res.statusCode, location, setCookies: linesOf(res) }
}

/** What a browser makes of the cookies of an answer. */
export function keep(jar: Jar, res: Response): void {
  for (const line of linesOf(res)) {
    const [pair = ''] = line.split(';', 1)
    const name = pair.slice(0, pair.indexOf('='))
    const value = pair.slice(name.length + 1)
    if (value === '') jar.delete(name)
    else jar.set(name, value)
  }
}

/** What something is refused with. */
export function refusal(work: () => unknown): unknown {
  try {
    return { value: work() }
  } catch (error) {
    return told(error)
  }
}

/** The same of a promise. */
export function refusalOf(work: Promise<unknown>): Promise<unknown> {
  return work.then((value) => ({ value }), told)
}

function told(error: unknown): unknown {
  const { code, facts } = error as { code?: string; facts?: { reason?: string } }
  if (code === undefined) throw error
  return facts?.reason === undefined ? code : `${code}: ${facts.reason}`
}

export const ann = buildUser({ appId: 'acme', id: '7' })
