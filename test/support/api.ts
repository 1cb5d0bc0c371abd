import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

import { sign as signByAws4 } from 'aws4'
import { decode, sign, type JwtPayload, type SignOptions } from 'jsonwebtoken'

import type { AppKeys } from '../../src/apps/create-app'
import type { Json } from '../../src/apps/settings'
import { compose, type Composition } from '../../src/compose/compose'
import { loadConfig } from '../../src/config/load-config'
import { startEmulator, type Emulator } from '../../src/emulator'
import type { Logger } from '../../src/logger'
import type { UserJson } from '../../src/users/user-json'
import { createServerApp } from '../../src/server/serve/create-server-app'
import { Browser } from './browser'

export type Keys = AppKeys
type Headers = Readonly<Record<string, string>>

/** Who sends a request: an app that signs it, or a bearer of a token. */
export type Sender = Keys | string

export interface Sending {
  readonly as?: Sender | undefined
  /** Text and bytes are sent as they are, anything else as JSON. */
  readonly body?: Json | Buffer
  /** A list is sent as one header after the other. */
  readonly headers?: Readonly<Record<string, string | string[]>>
  /** When a signature says that it was made; milliseconds since 1970. */
  readonly nowMs?: number
}

export interface ApiAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly text: string
  /** Undefined when the answer is no JSON. */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests say what they expect of it
  readonly json: any
}

export const ROOT_KEYS: Keys = {
  accessKey: 'app:para',
  secretKey: 'the-root-secret-of-the-tests-0123456789',
}
const ROOT_CLIENT = { clientId: 'client.root', clientSecret: 'secret.root' }

/** @param line Such as `GET /v1/_me`; the path is sent as it stands here. */
export function callAt(origin: string, line: string, sending: Sending = {}): Promise<ApiAnswer> {
  const [method = '', path = ''] = line.split(' ', 2)
  const { hostname, port, host } = new URL(origin)
  const body = bytesOf(sending.body)
  const headers = {
    ...(body.length > 0 && {
      'content-type': 'application/json',
      'content-length': String(body.length),
    }),
    ...authorize({ method, path, host, body }, sending),
    ...sending.headers,
  }
  return new Promise((resolve, reject) => {
    const req = request({ hostname, port, method, path, headers }, (res) => {
      const chunks: Buffer[] = []
      res.on('data', (chunk: Buffer) => chunks.push(chunk))
      res.on('error', reject)
      res.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        const isJson = res.headers['content-type']?.startsWith('application/json') === true
        resolve({
          status: res.statusCode ?? 0,
          headers: res.headers as ApiAnswer['headers'],
          text,
          json: isJson && text !== '' ? JSON.parse(text) : undefined,
        })
      })
    })
    req.on('error', reject)
    req.end(body)
  })
}

interface Unsigned {
  readonly method: string
  readonly path: string
  readonly host: string
  readonly body: Buffer
}

function authorize(unsigned: Unsigned, { as, nowMs, headers }: Sending): Headers {
  if (as === undefined) return {}
  if (typeof as === 'string') return { authorization: `Bearer ${as}` }
  return signatureOf(unsigned, as, { nowMs, headers: headers as Headers | undefined })
}

/** The headers of a signed request. */
export function signatureOf(
  { method, path, host, body }: Unsigned,
  { accessKey, secretKey }: Keys,
  {
    nowMs = Date.now(),
    headers = {},
  }: { readonly nowMs?: number | undefined; readonly headers?: Headers | undefined } = {},
): Headers {
  const date = new Date(nowMs).toISOString().replace(/[-:]|\.\d+/g, '')
  const type: Headers = body.length > 0 ? { 'content-type': 'application/json' } : {}
  const signed = signByAws4(
    {
      service: 'para',
      region: 'us-east-1',
      host,
      method,
      path,
      headers: { ...type, ...headers, 'X-Amz-Date': date },
      ...(body.length > 0 && { body }),
    },
    { accessKeyId: accessKey, secretAccessKey: secretKey },
  )
  return signed.headers as Headers
}

function bytesOf(body: Sending['body']): Buffer {
  if (body === undefined) return Buffer.alloc(0)
  if (Buffer.isBuffer(body)) return body
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
}

/** A super token: what an app signs to act as itself. */
export function superToken(
  { accessKey, secretKey }: Keys,
  claims: object = {},
  options: SignOptions = {},
): string {
  return sign({ appid: accessKey, ...claims }, secretKey, { expiresIn: 60, ...options })
}

export function claimsOf(token: string): JwtPayload {
  return decode(token, { json: true }) ?? {}
}

export interface SignedIn {
  readonly token: string
  readonly user: UserJson
}

/** The stand-alone server in this process, with the emulator as its Amazon and a clock that can be moved. */
export interface TestServer {
  readonly origin: string
  readonly emulator: Emulator
  readonly composition: Composition
  /** What loading the configuration warned of. */
  readonly warnings: readonly string[]
  call(line: string, sending?: Sending): Promise<ApiAnswer>
  browser(): Browser
  /** Creates a child app with a client of its own at Amazon; {@link clientIdOf} names that. */
  createApp(name: string, settings?: Readonly<Record<string, Json>>): Promise<Keys>
  /** An access token of Amazon, issued to the app's client. */
  amazonToken(app: string, userId?: string): string
  /** Signs a person in by an access token; gives the session token and the user. */
  signIn(app: string, userId?: string): Promise<SignedIn>
  /** The client secret that a whole login of an app shows to Amazon. */
  secretShownBy(app: string): Promise<unknown>
  moveClock(ms: number): void
  close(): Promise<void>
}

export interface ServerSetup {
  /** Lines of `application.conf`; they win over those of the tests. */
  readonly conf?: string
  readonly environment?: Readonly<Record<string, string>>
  /** Default: nothing is logged. */
  readonly logger?: Logger
}

export async function startServer(setup: ServerSetup = {}) {
  const { conf = '', environment = {}, logger = SILENT } = setup
  const emulator = await startEmulator({ clients: [clientOf(ROOT_CLIENT)] })
  try {
    return await serve(emulator, { conf: `${baseConf(emulator)}\n${conf}`, environment, logger })
  } catch (error) {
    await emulator.close()
    throw error
  }
}

async function serve(emulator: Emulator, setup: Required<ServerSetup>): Promise<TestServer> {
  const { config, origins, warnings } = await loadConfig({
    file: 'application.conf',
    text: setup.conf,
    environment: setup.environment,
  })
  let movedMs = 0
  const composition = compose(config, {
    logger: setup.logger,
    now: () => Date.now() + movedMs,
    told: { origins, warnings },
  })
  await composition.ready()
  const server = createServer(createServerApp(composition, SILENT, config)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const call: TestServer['call'] = (line, sending) =>
    callAt(origin, line, { nowMs: Date.now() + movedMs, ...sending })
  const amazonToken: TestServer['amazonToken'] = (app, userId) =>
    emulator.issueAccessToken({
      clientId: clientIdOf(app),
      ...(userId !== undefined && { userId }),
    })
  return {
    origin,
    emulator,
    composition,
    warnings,
    call,
    amazonToken,
    browser: () => new Browser(origin),
    async createApp(name, settings = {}) {
      const client = { clientId: clientIdOf(name), clientSecret: `secret.${name}` }
      emulator.addClient(clientOf(client))
      const { json: keys } = await call(`GET /v1/_setup/${name}`, { as: ROOT_KEYS })
      const body = { az_app_id: client.clientId, az_secret: client.clientSecret, ...settings }
      const { status, text } = await call('PUT /v1/_settings', { as: keys, body })
      if (status !== 200) throw new Error(`settings refused: ${text}`)
      return keys
    },
    async signIn(appid, userId) {
      const body = { provider: 'amazon', appid, token: amazonToken(appid, userId) }
      const { json, status, text } = await call('POST /jwt_auth', { body })
      if (status !== 200) throw new Error(`sign-in refused: ${text}`)
      return { token: json.jwt.access_token, user: json.user }
    },
    async secretShownBy(app) {
      const browser = new Browser(origin)
      const begun = await browser.get(`/amazon_auth?state=${app}`)
      emulator.journal.clear()
      await browser.get(await emulator.allow(begun.location))
      return emulator.journal.entries({ path: '/auth/o2/token' })[0]?.body.client_secret
    },
    moveClock: (ms) => void (movedMs += ms),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
      await composition.close()
      await emulator.close()
    },
  }
}

/** Client id, at Amazon, of an app made by {@link TestServer.createApp}. */
export function clientIdOf(app: string): string {
  return `client.${app}`
}

function clientOf(client: { readonly clientId: string; readonly clientSecret: string }) {
  return { ...client, allowedReturnUrls: [], allowAnyReturnUrl: true }
}

function baseConf({ authorizeUrl, apiUrl }: Emulator): string {
  return [
    `para.root_secret_key = "${ROOT_KEYS.secretKey}"`,
    `para.az_app_id = "${ROOT_CLIENT.clientId}"`,
    `para.az_secret = "${ROOT_CLIENT.clientSecret}"`,
    'para.store.url = "sqlite::memory:"',
    `para.amazon.authorize_url = "${authorizeUrl}"`,
    `para.amazon.api_url = "${apiUrl}"`,
    // Tests come from one address, and many of them are refused.
    'para.limits.failures_per_minute = 0',
    'para.limits.bad_signatures_per_minute = 0',
  ].join('\n')
}

const silence = (): void => undefined
const SILENT: Logger = { debug: silence, info: silence, warn: silence, error: silence }
