import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'

import axiosPackage, { isAxiosError, type AxiosInstance } from 'axios'

import { ApiError } from './api-error'
import type { Headers, OutgoingRequest } from './sign-request'

export interface SenderOptions {
  /** Where the server is, e.g. `https://auth.example.com`; may have a path. */
  readonly url: string
  /** HTTP client, e.g. one that goes through a proxy. Default: kept-alive connections, no proxy. */
  readonly axios?: AxiosInstance | undefined
  /** Limit for one call, connection included, in milliseconds. Default 10 000. */
  readonly timeoutMs?: number | undefined
}

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Names below the address of the server; each is percent-encoded, once. */
  readonly path: readonly string[]
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  /** Sent as JSON. */
  readonly body?: object
  /** Returns the headers to send: those of the request, and who calls. */
  readonly authorize?: (request: OutgoingRequest) => Headers
  /** A status beside those of success whose JSON is an answer, if it has a field `error`. */
  readonly takes?: number
  /** Called with a way to find a header of the answer by its name in lower case; one that is not there is empty. */
  readonly onHeaders?: (find: (name: string) => string) => void
}

/**
 * Sends one call.
 *
 * @param fields What the answer must have, to be believed.
 * @returns The JSON of the answer; an empty object when there is none.
 * @throws {ApiError}
 */
export type Send = <T extends object>(
  call: Call,
  fields?: readonly (keyof T & string)[],
) => Promise<T>

interface Answer {
  readonly status: number
  readonly findHeader: (name: string) => string
  readonly text: string
}

const DEFAULT_TIMEOUT_MS = 10_000
const MAX_ANSWER_BYTES = 16 * 1024 * 1024
const MAX_MESSAGE_CHARACTERS = 500
const NOT_OURS = 'The answer is not one of express-amazon-auth: does the address lead there?'

/** @throws {TypeError} `url` is not an address that calls can be sent to. */
export function createSender(options: SenderOptions): Send {
  const base = parseBase(options.url)
  const { axios = createAxios(), timeoutMs = DEFAULT_TIMEOUT_MS } = options
  return async <T extends object>(call: Call, fields: readonly (keyof T & string)[] = []) => {
    const request = buildRequest(base, call)
    const fail = (message: string, status?: number): ApiError => {
      const path = request.url.pathname
      return new ApiError(message, { method: call.method, path, ...(status && { status }) })
    }
    const { status, text, findHeader } = await transmit(request, call, { axios, timeoutMs }).catch(
      (thrown: unknown) => Promise.reject(fail(reasonOf(thrown, base.host, timeoutMs))),
    )
    const json = text === '' ? {} : parseObject(text)
    const isAnswer = status === call.takes && json !== undefined && 'error' in json
    if (!isAnswer && (status < 200 || status > 299))
      throw fail(messageOf(json) ?? `It answered ${status}.`, status)
    call.onHeaders?.(findHeader)
    if (json !== undefined && fields.every((field) => field in json)) return json as T
    throw fail(messageOf(json) ?? NOT_OURS, status)
  }
}

function createAxios(): AxiosInstance {
  const agent = { keepAlive: true }
  return axiosPackage.create({
    httpAgent: new HttpAgent(agent),
    httpsAgent: new HttpsAgent(agent),
    proxy: false,
  })
}

function parseBase(url: string): URL {
  const base = parseUrl(url)
  if (base === undefined || !/^https?:$/.test(base.protocol) || /[?#@]/.test(url)) {
    throw new TypeError(
      'url must be an address such as https://auth.example.com, without user, query and fragment',
    )
  }
  return base
}

/**
 * @throws {TypeError} Some name is not there.
 * @throws {ApiError} Some name cannot stand in a path: addresses with it lead elsewhere.
 */
function buildRequest(base: URL, { method, path, query = {}, body }: Call): OutgoingRequest {
  const url = new URL(base)
  if (!path.every((name) => typeof name === 'string')) {
    const shown = path.map((name) => (typeof name === 'string' ? name : '…')).join('/')
    throw new TypeError(`${method} /${shown}: a name or an id is missing, or is no text`)
  }
  const names = path.map((name) => encodeURIComponent(name.toWellFormed()))
  const pathname = [url.pathname.replace(/\/+$/, ''), ...names].join('/')
  if (path.some((name) => /^\.{0,2}$/.test(name))) {
    throw new ApiError('A name of a setting, user or app is neither empty nor dots alone.', {
      method,
      path: pathname,
    })
  }
  url.pathname = pathname
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value))
  }
  const headers = { accept: 'application/json', ...(body && { 'content-type': JSON_TYPE }) }
  return { method, url, headers, body: body && Buffer.from(JSON.stringify(body)) }
}

const JSON_TYPE = 'application/json'

/** Follows no redirect, so that a signature or token reaches no other host. */
async function transmit(
  request: OutgoingRequest,
  { authorize }: Call,
  { axios, timeoutMs }: { readonly axios: AxiosInstance; readonly timeoutMs: number },
): Promise<Answer> {
  const { status, data, headers } = await axios.request<Uint8Array>({
    method: request.method,
    url: request.url.href,
    headers: authorize?.(request) ?? request.headers,
    data: request.body,
    signal: AbortSignal.timeout(timeoutMs),
    responseType: 'arraybuffer',
    maxContentLength: MAX_ANSWER_BYTES,
    maxRedirects: 0,
    validateStatus: () => true,
  })
  const findHeader = (name: string): string => {
    const value: unknown = headers[name]
    return typeof value === 'string' ? value : ''
  }
  return { status, text: Buffer.from(data).toString('utf8'), findHeader }
}

/** Of the HTTP client's error only the code is taken: the rest of it holds the request. */
function reasonOf(thrown: unknown, host: string, timeoutMs: number): string {
  const code = isAxiosError(thrown) ? thrown.code : undefined
  if (code === 'ERR_CANCELED' || code === 'ECONNABORTED' || code === 'ETIMEDOUT') {
    return `${host} did not answer within ${timeoutMs} ms.`
  }
  return `${host} could not be reached${code === undefined ? '' : ` (${code})`}.`
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

function messageOf(json: object | undefined): string | undefined {
  const message = json && (json as { readonly message?: unknown }).message
  return typeof message === 'string' ? message.slice(0, MAX_MESSAGE_CHARACTERS) : undefined
}

function parseUrl(url: string): URL | undefined {
  try {
    return new URL(url)
  } catch {
    return undefined
  }
}
