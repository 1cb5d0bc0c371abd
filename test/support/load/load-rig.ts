import { once } from 'node:events'
import { Agent } from 'node:http'
import { createInterface } from 'node:readline'

import { Workplace, type Listening } from '../../integration/server/command-line'
import { callAt, ROOT_KEYS, type Keys } from '../api'
import { send, type Answer } from '../browser'
import { personOf } from './amazon-child'
import { startAmazonProcess, type AmazonProcess } from './amazon-process'
import { processFigures, type ProcessFigures } from './process-figures'

/** What the server has seen of itself. */
export interface ServerView {
  readonly loop: LoopDelay
  readonly answers: readonly ServerAnswer[]
}

export interface LoopDelay {
  readonly p99Ms: number
  readonly maxMs: number
  /** Most that the process has computed between two ticks of 10 ms: the work of all sockets that were ready at once. */
  readonly busiestTickMs: number
  /** Most that it has computed for one callback, with all promises that follow from it. */
  readonly longestTaskMs: number
}

export interface ServerAnswer {
  readonly path: string
  /** `User-Agent` of the request: for logins the name of the app. */
  readonly agent: string
  readonly status: number
  /** From when the request was read to when its answer was written. */
  readonly ms: number
}

/** The stand-alone server and Amazon, each in a process of its own; this process is the world. */
export interface LoadRig {
  readonly origin: string
  readonly amazon: AmazonProcess
  /** Warnings and errors of the server. */
  readonly warnings: readonly string[]
  /** Kept connections to the server. */
  readonly agent: Agent
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>
  /** A whole login of one of the people, both legs. @returns `ok`, or the status of what refused it. */
  login(n: number, app?: string): Promise<string>
  /** A code for a login that is not begun here. */
  issueCode(n: number, app?: string): Promise<string>
  /** An access token of Amazon. */
  issueToken(n: number, app?: string): Promise<string>
  /** The return leg alone, of a login that was not begun here. */
  signInByCode(n: number, app?: string): Promise<string>
  /** Throws when the server is no longer there. */
  figures(): ProcessFigures
  /** Since it was asked last. */
  view(): Promise<ServerView>
  /** Lets the server give back all memory that it does not need. */
  collectGarbage(): Promise<void>
  close(): Promise<void>
}

export interface RigOptions {
  /** Default: a new SQLite file. */
  readonly storeUrl?: string
  /** Of each answer of Amazon. */
  readonly latencyMs?: number
  readonly apps?: readonly string[]
  /** Of each app. Default: one with an ID token. */
  readonly signinSuccess?: string
  /** Further lines of `application.conf`. */
  readonly conf?: readonly string[]
}

const PEOPLE = 500
const REST_MS = 30_000
const PRELOAD = require.resolve('./server-probe.cjs')

export async function startLoadRig(options: RigOptions = {}): Promise<LoadRig> {
  const place = new Workplace()
  try {
    const { latencyMs = 0, apps = ['acme'], signinSuccess = '/in?jwt=id' } = options
    const amazon = await startAmazonProcess(place, { latencyMs, people: PEOPLE })
    place.write('application.conf', serverConf(amazon.origin, options))
    const server = await place.listen(['serve', '--allow-emulator'], {
      NODE_OPTIONS: `-r ${PRELOAD}`,
    })
    for (const app of apps) await addApp(app, signinSuccess, { server, amazon })
    return rigOf(place, server, amazon)
  } catch (error) {
    await place.clear()
    throw error
  }
}

/** Lines of `application.conf` for a server of its own whose Amazon is an emulator. */
export function serverConf(
  origin: string,
  { storeUrl = 'sqlite:auth.db', conf = [] }: Pick<RigOptions, 'storeUrl' | 'conf'>,
): readonly string[] {
  return [
    'para.port = 0',
    'para.host = "127.0.0.1"',
    `para.root_secret_key = "${ROOT_KEYS.secretKey}"`,
    'para.secret_key = "a-master-key-of-the-load-0123456789"',
    `para.store.url = "${storeUrl}"`,
    `para.amazon.authorize_url = "${origin}/ap/oa"`,
    `para.amazon.api_url = "${origin}"`,
    ...conf,
  ]
}

export const clientIdOf = (app: string): string => `client.${app}`

async function addApp(
  name: string,
  signinSuccess: string,
  { server, amazon }: { readonly server: Listening; readonly amazon: AmazonProcess },
): Promise<void> {
  const { origin } = server
  const client = { clientId: clientIdOf(name), clientSecret: `secret.${name}` }
  await amazon.ask({
    kind: 'client',
    client: { ...client, allowedReturnUrls: [], allowAnyReturnUrl: true },
  })
  const { json } = await callAt(origin, `GET /v1/_setup/${name}`, { as: ROOT_KEYS })
  const body = {
    az_app_id: client.clientId,
    az_secret: client.clientSecret,
    signin_success: signinSuccess,
    signin_failure: '/failed?cause=?',
  }
  const { status, text } = await callAt(origin, 'PUT /v1/_settings', { as: json as Keys, body })
  if (status !== 200) throw new Error(`settings refused: ${text}`)
}

function rigOf(place: Workplace, server: Listening, amazon: AmazonProcess): LoadRig {
  const { child, origin } = server
  const { pid = 0 } = child
  // Long before the server closes them, which it might do just as one is used again.
  const agent = new Agent({ keepAlive: true, timeout: REST_MS })
  const get: LoadRig['get'] = (path, headers = {}) =>
    send(new URL(path, origin), { headers, agent })
  async function login(n: number, app = 'acme'): Promise<string> {
    const headers = { 'user-agent': app }
    const begun = await get(`/amazon_auth?state=${app}`, headers)
    if (begun.status !== 302) return String(begun.status)
    const asked = new URL(begun.location, origin).searchParams
    if (!asked.has('client_id')) return resultOf(begun)
    const code = await amazon.ask({
      kind: 'issue',
      grant: { ...grantOf(n, app), codeChallenge: asked.get('code_challenge') ?? '' },
    })
    const [cookie = ''] = (begun.setCookies[0] ?? '').split(';')
    const state = encodeURIComponent(asked.get('state') ?? '')
    return resultOf(await get(`/amazon_auth?code=${code}&state=${state}`, { ...headers, cookie }))
  }
  const grantOf = (n: number, app: string) => ({
    clientId: clientIdOf(app),
    redirectUri: `${origin}/amazon_auth`,
    userId: personOf(n % PEOPLE).userId,
  })
  const issueCode: LoadRig['issueCode'] = async (n, app = 'acme') =>
    String(await amazon.ask({ kind: 'issue', grant: grantOf(n, app) }))
  return {
    origin,
    amazon,
    agent,
    warnings: warningsOf(child),
    get,
    login,
    issueCode,
    issueToken: async (n, app = 'acme') =>
      String(await amazon.ask({ kind: 'token', grant: grantOf(n, app) })),
    signInByCode: async (n, app = 'acme') =>
      resultOf(await get(`/amazon_auth?code=${await issueCode(n, app)}&state=${app}`)),
    figures: () => processFigures(pid),
    async view() {
      const told = once(child, 'message') as Promise<[ServerView]>
      child.send('what was seen')
      return (await told)[0]
    },
    async collectGarbage() {
      const collected = once(child, 'message')
      child.send('collect garbage')
      await collected
    },
    async close() {
      agent.destroy()
      await place.clear()
    },
  }
}

/** What it says of each request is read, as a log would be, but not kept. */
function warningsOf({ stdout, stderr }: Listening['child']): readonly string[] {
  const warnings: string[] = []
  for (const stream of [stdout, stderr]) {
    if (stream === null) continue
    stream.removeAllListeners('data')
    createInterface(stream).on('line', (line) => {
      if (!line.startsWith('{"level":"info"')) warnings.push(line)
    })
  }
  return warnings
}

function resultOf({ status, location }: Answer): string {
  if (status !== 302) return String(status)
  if (/^\/in(?:\?jwt=ey|$)/.test(location)) return 'ok'
  const cause = new URL(location, 'http://none').searchParams.get('cause')
  return `failed: ${cause ?? location}`
}
