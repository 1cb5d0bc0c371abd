import type { AxiosInstance } from 'axios'

import type { AppOptions } from '../../src'
import type { ConfigOptions } from '../../src/config/options'
import type { Emulator, Fault } from '../../src/emulator'
import { callAt, type ApiAnswer } from './api'
import type { Answer } from './browser'
import { startFaultProxy, type FaultProxy } from './fault-proxy'
import { ACME, startHost, type Host, type LogEntry } from './host'
import { StoreFile } from './store-file'

export const TOKEN = '/auth/o2/token'
export const TOKEN_INFO = '/auth/o2/tokeninfo'
export const PROFILE = '/user/profile'
export const UNREACHABLE = 'Amazon could not be reached. Please try again in a moment.'
export const REFUSED = 'Bad credentials.'
export const TENANTS = Array.from({ length: 10 }, (_, n) => `tenant${n}`)

export interface WorldOptions {
  readonly amazon?: NonNullable<ConfigOptions['amazon']>
  readonly axios?: AxiosInstance
  /** Beside acme and the ten. */
  readonly apps?: Readonly<Record<string, AppOptions>>
  readonly scheme?: 'http' | 'https'
  /** Host name of the proxy. */
  readonly name?: string
}

/** A host whose Amazon is an emulator behind a proxy that can fail. Each has a breaker of its own. */
export class UpstreamWorld {
  private constructor(
    readonly host: Host,
    readonly proxy: FaultProxy,
    readonly store: StoreFile,
  ) {}

  static async start({
    amazon,
    axios,
    apps,
    scheme = 'http',
    name = '127.0.0.1',
  }: WorldOptions = {}) {
    const proxy = await startFaultProxy()
    const store = new StoreFile()
    const host = await startHost({
      options: {
        store: { url: store.url },
        security: { signinFailure: '/failed?cause=?' },
        apps: { ...appsOf('acme', ...TENANTS), ...apps },
        amazon: { apiUrl: `${scheme}://${proxy.host.replace('127.0.0.1', name)}`, ...amazon },
        limits: { failuresPerMinute: 0 },
        ...(axios && { axios }),
      },
    })
    proxy.forwardTo(host.emulator.origin)
    for (const tenant of TENANTS) host.emulator.addClient(clientOf(tenant))
    await host.auth.ready()
    return new UpstreamWorld(host, proxy, store)
  }

  get emulator(): Emulator {
    return this.host.emulator
  }

  set(endpoint: 'token' | 'profile' | 'tokeninfo' | 'all', fault: Fault, times?: number): void {
    this.emulator.faults.set({ endpoint, fault, ...(times !== undefined && { times }) })
  }

  /** The return leg of a login with a good code. */
  signIn(app = 'acme', headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const { origin, emulator } = this.host
    const { clientId } = clientOf(app)
    const code = emulator.issueCode({ clientId, redirectUri: `${origin}/amazon_auth` })
    return this.host.browser().get(`/amazon_auth?code=${code}&state=${app}`, headers)
  }

  signInAll(count: number): Promise<readonly Answer[]> {
    return Promise.all(Array.from({ length: count }, () => this.signIn()))
  }

  /** Signs in by an access token of Amazon. */
  signInByToken(): Promise<ApiAnswer> {
    const token = this.emulator.issueAccessToken({ clientId: ACME.clientId })
    const body = { provider: 'amazon', appid: 'acme', token }
    return callAt(this.host.origin, 'POST /jwt_auth', { body })
  }

  /** A login that fails as one does when Amazon cannot be reached: told to people and to scripts. @returns Its reason. */
  async failsForAll(message = UNREACHABLE): Promise<LogEntry['facts']> {
    await this.fails(message)
    const facts = this.lastFailure()
    const script = await this.signIn('acme', { accept: 'application/json' })
    const status = message === UNREACHABLE ? 503 : 401
    expect(script.status).toBe(status)
    expect(JSON.parse(script.body)).toEqual({ code: status, message })
    if (status === 503) expect(Number(script.headers['retry-after'])).toBeGreaterThan(0)
    return facts
  }

  /** A login in a browser that fails with these words and leaves nothing behind. */
  async fails(message = UNREACHABLE, app = 'acme'): Promise<void> {
    const before = this.storedRows()
    expectFailed(await this.signIn(app), message)
    expect(this.storedRows()).toBe(before)
  }

  async succeeds(app = 'acme'): Promise<void> {
    expectSignedIn(await this.signIn(app))
  }

  /** Users and sessions, as another program sees them. */
  storedRows(): string {
    return this.store.dump('users', 'sessions')
  }

  /** Requests that have come to Amazon. */
  asked(path?: string): number {
    return this.emulator.journal.count(path)
  }

  lastFailure(): LogEntry['facts'] {
    return this.host.log.findLast(({ message }) => message === 'sign-in failed')?.facts ?? {}
  }

  logged(message: string): number {
    return this.host.log.filter((entry) => entry.message === message).length
  }

  async close(): Promise<void> {
    await this.host.close()
    await this.proxy.close()
    this.store.remove()
  }
}

export function expectSignedIn(answer: Answer): void {
  expect(answer).toMatchObject({ status: 302, location: '/in' })
}

export function expectFailed(answer: Answer, message = UNREACHABLE): void {
  const location = `/failed?cause=${encodeURIComponent(message)}`
  expect(answer).toMatchObject({ status: 302, location })
  expect(answer.setCookies.filter((line) => /^(__Host-)?amazon-auth=/.test(line))).toEqual([])
  expect(answer.headers['cache-control']).toBe('no-store')
}

export function clientOf(app: string) {
  const clientId = app === 'acme' ? ACME.clientId : `amzn1.application-oa2-client.${app}`
  const clientSecret = app === 'acme' ? ACME.clientSecret : `secret of ${app}`
  return { clientId, clientSecret, allowedReturnUrls: [], allowAnyReturnUrl: true }
}

function appsOf(...names: readonly string[]) {
  const entries = names.map((name) => {
    const { clientId: azAppId, clientSecret: azSecret } = clientOf(name)
    return [name, { azAppId, azSecret, signinSuccess: '/in' }] as const
  })
  return Object.fromEntries(entries)
}

export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedAtMs = performance.now()
  await work()
  return (performance.now() - startedAtMs) / 1000
}
