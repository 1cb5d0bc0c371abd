import { Agent, request, type IncomingHttpHeaders } from 'node:http'
import {
  DEMO_CLIENTS,
  startEmulator,
  type Emulator,
  type EmulatorOptions,
} from '../../../src/emulator'

export const CLIENT = DEMO_CLIENTS[0]
export const OTHER_CLIENT = DEMO_CLIENTS[1]
export const REDIRECT_URI = 'http://localhost:8080/amazon_auth'

const running: Emulator[] = []

/** Starts an emulator that `closeAll` ends. */
export async function start(options?: EmulatorOptions): Promise<Emulator> {
  const emulator = await startEmulator(options)
  running.push(emulator)
  return emulator
}

export async function closeAll(): Promise<void> {
  await Promise.all(running.splice(0).map((emulator) => emulator.close()))
}

export type Fields = Record<string, string | undefined>

/**
 * An authorize URL that is in order, but for what `changes` replaces; undefined leaves a parameter
 * out.
 */
export function authorizeUrl(emulator: Emulator, changes: Fields = {}): string {
  const query = {
    client_id: CLIENT.clientId,
    scope: 'profile',
    response_type: 'code',
    redirect_uri: REDIRECT_URI,
    state: 'app~1',
    ...changes,
  }
  return `${emulator.authorizeUrl}?${encode(query).toString()}`
}

/** A token request that is in order, but for what `changes` replaces. */
export function codeForm(code: string, changes: Fields = {}): Fields {
  return {
    grant_type: 'authorization_code',
    code,
    redirect_uri: REDIRECT_URI,
    client_id: CLIENT.clientId,
    client_secret: CLIENT.clientSecret,
    ...changes,
  }
}

export function encode(fields: Fields): URLSearchParams {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) params.append(name, value)
  }
  return params
}

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: Record<string, unknown>
}

export async function post(url: string, form: Fields | string, headers = {}): Promise<Reply> {
  const body = typeof form === 'string' ? form : encode(form).toString()
  const type = { 'content-type': 'application/x-www-form-urlencoded' }
  return send(url, { method: 'POST', body, headers: { ...type, ...headers } })
}

/** Sends as fetch does, but follows no redirect. */
export async function send(url: string, init: RequestInit = {}): Promise<Reply> {
  const answer = await fetch(url, { redirect: 'manual', ...init })
  const text = await answer.text()
  const isJson = answer.headers.get('content-type') === 'application/json'
  return {
    status: answer.status,
    headers: answer.headers,
    text,
    json: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
  }
}

export function readProfile(emulator: Emulator, accessToken: string): Promise<Reply> {
  return send(`${emulator.apiUrl}/user/profile`, { headers: { 'x-amz-access-token': accessToken } })
}

export interface RawReply {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** `whole`, or how the connection ended, or `waiting` when it still stood after `patienceMs`. */
  readonly end: string
}

/** A client that decodes nothing and reports how far the answer came. */
export function sendRaw(
  url: string,
  headers: Record<string, string>,
  { patienceMs = 5000, maxBytes = Infinity, agent = new Agent() } = {},
): Promise<RawReply> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let reply: Pick<RawReply, 'status' | 'headers'> = { status: undefined, headers: {} }
    let bytes = 0
    const finish = (end: string) => {
      clearTimeout(patience)
      resolve({ ...reply, body: Buffer.concat(chunks), end })
      if (end !== 'whole') req.destroy()
    }
    const fail = (error: NodeJS.ErrnoException) => finish(error.code ?? error.message)
    const patience = setTimeout(() => finish('waiting'), patienceMs)
    const req = request(url, { agent, headers }).on('error', fail).end()
    req.on('response', (res) => {
      reply = { status: res.statusCode, headers: res.headers }
      res.on('end', () => finish('whole')).on('error', fail)
      res.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > maxBytes) finish('too much')
        else chunks.push(chunk)
      })
    })
  })
}
