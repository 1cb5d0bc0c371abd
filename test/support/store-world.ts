import { join } from 'node:path'

import { startEmulator, type Emulator, type Person } from '../../src/emulator'
import { Workplace, type Listening } from '../integration/server/command-line'
import { callAt, type ApiAnswer, type Keys } from './api'
import { Browser, type Answer } from './browser'
import { until } from './until'

/** A kind of SQL store, for rows that every kind has to pass. */
export interface StoreKind {
  /** As titles name it. */
  readonly name: string
  /** Makes an empty store that several processes can open. */
  create(): Promise<StoreUnderTest> | StoreUnderTest
}

/** One store, with a way to look at it as another program would. */
export interface StoreUnderTest {
  /** For `store.url`. */
  readonly url: string
  query(sql: string): Promise<readonly Record<string, unknown>[]>
  /** Fails unless the store is sound inside; says how that was found. */
  check(): Promise<string>
  /**
   * Makes the given share of all inserts of users, at random, find their id taken.
   *
   * @param share 0 to 1.
   */
  takeIds(share: number): Promise<void>
  drop(): Promise<void>
}

export const ROOT_KEYS: Keys = {
  accessKey: 'app:para',
  secretKey: 'the-root-secret-of-a-store-row-0123456789',
}
export const MASTER_KEY = 'the-master-key-of-a-store-row-0123456789'
export const CLIENT = { clientId: 'client.acme', clientSecret: 'secret.of.acme.at.amazon' }

export interface SignInAnswer {
  readonly status: number
  /** Our id of who has signed in; undefined after a failure. */
  readonly userId: string | undefined
}

/** Servers in processes of their own over one store, with an emulator as their Amazon and one app, acme. */
export interface StoreWorld {
  readonly store: StoreUnderTest
  readonly emulator: Emulator
  readonly place: Workplace
  /** Starts a server and waits until it listens. */
  readonly serve: (environment?: Readonly<Record<string, string>>) => Promise<Listening>
  /** Goes to Amazon and comes back, but does not open the return URL yet. */
  readonly begin: (server: Listening, userId?: string) => Promise<BegunLogin>
  /** Signs in by a browser, both legs. */
  readonly signInByBrowser: (server: Listening, userId?: string) => Promise<Answer>
  /** Signs in by an access token of Amazon: one request. */
  readonly signIn: (server: Listening, userId?: string, app?: string) => Promise<SignInAnswer>
  /** Creates an app over the API, which has the same client at Amazon as acme. */
  readonly createApp: (server: Listening, name: string) => Promise<Keys>
  readonly count: (table: string, where?: string) => Promise<number>
  /** How long the event loop of a server was held at most since this was last asked, for the table. */
  readonly eventLoop: (server: Listening) => Promise<string>
  readonly close: () => Promise<void>
}

export interface BegunLogin {
  readonly browser: Browser
  /** Opens the return URL. */
  finish(): Promise<Answer>
}

/** @param people Who can sign in. */
export async function createStoreWorld(
  store: StoreUnderTest,
  people: readonly Person[],
): Promise<StoreWorld> {
  const emulator = await startEmulator({
    clients: [{ ...CLIENT, allowedReturnUrls: [], allowAnyReturnUrl: true }],
    people,
  })
  const place = new Workplace()
  place.write('application.conf', confOf(store.url, emulator))

  async function begin({ origin }: Listening, userId?: string): Promise<BegunLogin> {
    const browser = new Browser(origin)
    const begun = await browser.get('/amazon_auth?state=acme')
    if (begun.status !== 302) throw new Error(`begin answered ${begun.status}`)
    const back = await emulator.allow(begun.location, userId)
    return { browser, finish: () => browser.get(back) }
  }

  return {
    store,
    emulator,
    place,
    async serve(environment) {
      const server = await place.listen(['serve', '--allow-emulator'], {
        NODE_OPTIONS: `-r ${join(__dirname, 'watch-event-loop.cjs')}`,
        ...environment,
      })
      await eventLoop(server)
      return server
    },
    begin,
    signInByBrowser: async (server, userId) => (await begin(server, userId)).finish(),
    async signIn({ origin }, userId, app = 'acme') {
      const { clientId } = CLIENT
      const token = emulator.issueAccessToken({ clientId, ...(userId && { userId }) })
      const body = { provider: 'amazon', appid: app, token }
      return signInAnswer(await callAt(origin, 'POST /jwt_auth', { body }))
    },
    async createApp({ origin }, name) {
      const { json: keys } = await callAt(origin, `GET /v1/_setup/${name}`, { as: ROOT_KEYS })
      const body = { az_app_id: CLIENT.clientId, az_secret: CLIENT.clientSecret }
      const { status } = await callAt(origin, 'PUT /v1/_settings', { as: keys as Keys, body })
      if (status !== 200) throw new Error(`settings of ${name} answered ${status}`)
      return keys as Keys
    },
    async count(table, where = '1 = 1') {
      const [row] = await store.query(`SELECT count(*) AS n FROM ${table} WHERE ${where}`)
      return Number(row?.n)
    },
    eventLoop,
    async close() {
      await place.clear()
      await emulator.close()
      await store.drop()
    },
  }
}

function confOf(url: string, { authorizeUrl, apiUrl }: Emulator): readonly string[] {
  return [
    'para.port = 0',
    'para.host = "127.0.0.1"',
    `para.store.url = "${url}"`,
    `para.secret_key = "${MASTER_KEY}"`,
    `para.root_secret_key = "${ROOT_KEYS.secretKey}"`,
    `para.amazon.authorize_url = "${authorizeUrl}"`,
    `para.amazon.api_url = "${apiUrl}"`,
    'para.security.signin_failure = "/failed?cause=?"',
    `para.apps.acme { az_app_id = "${CLIENT.clientId}", az_secret = "${CLIENT.clientSecret}" }`,
    'para.apps.acme.signin_success = "/in"',
    'para.limits.failures_per_minute = 0',
  ]
}

async function eventLoop(server: Listening): Promise<string> {
  const told = server.stdout.length
  server.child.kill('SIGUSR2')
  const find = () => /event loop held for .*(?=\n)/.exec(server.stdout.slice(told))?.[0]
  await until(() => find() !== undefined)
  return find() ?? ''
}

function signInAnswer({ status, json }: ApiAnswer): SignInAnswer {
  return { status, userId: status === 200 ? String(json.user.id) : undefined }
}

/** People of their own, each with an email of their own unless `emailOf` says otherwise. */
export function manyPeople(
  count: number,
  emailOf: (index: number) => string = (index) => `person-${index}@example.com`,
): readonly Person[] {
  return Array.from({ length: count }, (_, index) => ({
    userId: `amzn1.account.${index}`,
    name: `Person ${index}`,
    email: emailOf(index),
  }))
}
