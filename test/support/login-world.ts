import type { AmazonAuthOptions } from '../../src'
import type { Answer, Browser } from './browser'
import { ACME, startHost, ZENITH, type Host, type HostOptions } from './host'
import { StoreFile } from './store-file'

/** The words of failed logins. */
export const SAYS = {
  expired: 'Invalid or expired sign-in request.',
  bad: 'Bad credentials.',
  denied: 'Access denied.',
  notSetUp: 'Signing in with Amazon is not set up for this app.',
} as const

type Headers = Readonly<Record<string, string>>

/** The last request of an attempt, with the headers of a page or of a script. */
export type Attempt = (headers: Headers) => Promise<Answer>

export interface Refusal {
  /** Requests to Amazon, its consent page aside. Default 0. */
  readonly calls?: number
  /** Where a browser ends, `cause=` last. Default: the target of apps that have none. */
  readonly target?: string
}

/** A host whose store is a file that is looked into by SQL, with ways to log in well and badly. */
export interface LoginWorld extends Host {
  readonly store: StoreFile
  /** Begins in a browser and allows; gives the return URL, not yet opened. */
  returnUrl(browser: Browser, begin?: string, userId?: string): Promise<string>
  /** A code that no login was begun for; by default of the client of acme. */
  codeFor(clientId?: string, userId?: string): string
  exchanges(): number
  /** Requests to Amazon since the journal was cleared, its consent page aside. */
  callsToAmazon(): number
  /**
   * Fails unless an attempt is refused as every failed login is, opened by a page and asked for by a script: these
   * words, no session, no token, users and sessions as they were.
   */
  refused(message: string, attempt: Attempt, refusal?: Refusal): Promise<void>
}

export const FAILED = '/failed?cause='
const SCRIPT = { 'x-requested-with': 'XMLHttpRequest' }

/** The apps of most rows. */
export const APPS = {
  acme: { azAppId: ACME.clientId, azSecret: ACME.clientSecret },
  /** Hands out ID tokens, and has other front ends. */
  zenith: {
    azAppId: ZENITH.clientId,
    azSecret: ZENITH.clientSecret,
    signinSuccess: 'https://app.example.com/in?jwt=id',
    security: { hosturlAliases: 'https://one.example.com,https://two.example.com:8443' },
  },
  strict: {
    azAppId: ACME.clientId,
    azSecret: ACME.clientSecret,
    security: { strict: true },
  },
  keyless: {},
} satisfies AmazonAuthOptions['apps']

export async function startLoginWorld(
  { options, ...setup }: HostOptions = {},
  store = new StoreFile(),
): Promise<LoginWorld> {
  const host = await startHost({
    ...setup,
    options: {
      apps: APPS,
      // All attempts come from one address, and most of them are refused.
      limits: { failuresPerMinute: 0 },
      ...options,
      store: { url: store.url },
      security: { signinFailure: '/failed?cause=?', ...options?.security },
    },
  })
  const { emulator, origin } = host
  await host.auth.ready()

  const callsToAmazon = (): number => emulator.journal.count() - emulator.journal.count('/ap/oa')

  async function refusedOnce(attempt: () => Promise<Answer>, calls: number): Promise<Answer> {
    const before = store.dump('users', 'sessions')
    emulator.journal.clear()
    const answer = await attempt()
    expect(answer.setCookies.filter((line) => /^(__Host-)?amazon-auth=/.test(line))).toEqual([])
    expect(answer.location).not.toMatch(/jwt=ey/)
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(store.dump('users', 'sessions')).toBe(before)
    expect(callsToAmazon()).toBe(calls)
    return answer
  }

  return {
    ...host,
    store,
    callsToAmazon,
    exchanges: () => emulator.journal.count('/auth/o2/token'),
    async returnUrl(browser, begin = '/amazon_auth?state=acme', userId) {
      const begun = await browser.get(begin)
      return emulator.allow(begun.location, userId)
    },
    codeFor: (clientId = ACME.clientId, userId) =>
      emulator.issueCode({
        clientId,
        redirectUri: `${origin}/amazon_auth`,
        ...(userId !== undefined && { userId }),
      }),
    async refused(message, attempt, { calls = 0, target = FAILED } = {}) {
      const page = await refusedOnce(() => attempt({}), calls)
      expect(page.status === 302 || page.status === 303).toBe(true)
      expect(page.location).toBe(target + encodeURIComponent(message))
      const script = await refusedOnce(() => attempt(SCRIPT), calls)
      // An app's own target is used for scripts, too.
      if (target !== FAILED) expect(script.location).toBe(page.location)
      else {
        expect(script.status).toBe(401)
        expect(JSON.parse(script.body)).toEqual({ code: 401, message })
      }
    },
    async close() {
      await host.close()
      store.remove()
    },
  }
}

/** Sets one parameter of an address. */
export function withParameter(url: string, name: string, value: string): string {
  const changed = new URL(url)
  changed.searchParams.set(name, value)
  return changed.href
}
