import {
  AxiosError,
  type AxiosAdapter,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from 'axios'
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import type { Dispatcher } from 'undici/index.js'

import type { Dispatch } from './dispatchers'

/** Largest answer that is read, packed and unpacked. Amazon's are below 4 KiB. */
export const MAX_ANSWER_BYTES = 64 * 1024

/**
 * Lets axios send by undici, whose dispatch takes a third of the CPU of `http.request`: by the part of its configuration
 * that `sendOnce` uses. `timeout` is that of the whole answer, connection included. Redirects are not followed.
 *
 * @param again By which a request is sent once more, at once, that was lost before anything of its answer came, as on a
 *   kept connection that the peer closed just then. Undefined: it must not be.
 */
export function dispatchAdapter(dispatch: Dispatch, again?: Dispatch): AxiosAdapter {
  return (config) =>
    new Promise((resolve, reject) => {
      new Exchange(config, again, { resolve, reject }).send(dispatch)
    })
}

interface Settle {
  readonly resolve: (response: AxiosResponse) => void
  readonly reject: (error: AxiosError) => void
}

/** One request, and its answer as it comes in. */
class Exchange implements Dispatcher.DispatchHandler {
  private readonly chunks: Buffer[] = []
  private bytes = 0
  private status = 0
  private headers: Headers = {}
  private isOver = false
  private controller: Dispatcher.DispatchController | undefined
  private readonly timer: NodeJS.Timeout

  constructor(
    private readonly config: InternalAxiosRequestConfig,
    private again: Dispatch | undefined,
    private readonly settle: Settle,
  ) {
    this.timer = setTimeout(() => this.fail('no answer in time', 'ETIMEDOUT'), config.timeout)
  }

  send(dispatch: Dispatch): void {
    const { baseURL = '', url: path = '/', headers } = this.config
    const body = this.config.data as string | undefined
    const method = this.asksForHead ? 'HEAD' : body === undefined ? 'GET' : 'POST'
    dispatch({ origin: baseURL, path, method, headers, body: body ?? null }, this)
  }

  /** What was given up while it waited for a connection is not sent any more. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller
    if (this.isOver) controller.abort(GIVEN_UP)
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Headers): void {
    this.status = status
    this.headers = headers
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.bytes += chunk.length
    if (this.bytes > MAX_ANSWER_BYTES) this.fail('the answer is too large', TOO_LARGE)
    else this.chunks.push(chunk)
  }

  onResponseEnd(): void {
    const [first, ...more] = this.chunks
    const whole = first === undefined || more.length > 0 ? Buffer.concat(this.chunks) : first
    try {
      const data = unpack(whole, this.headers['content-encoding'])
      if (this.end()) this.settle.resolve(this.response(data))
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      this.fail(message, code === 'ERR_BUFFER_TOO_LARGE' ? TOO_LARGE : code)
    }
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    const { code, message } = error as NodeJS.ErrnoException
    const { again } = this
    if (again !== undefined && !this.isOver && this.status === 0 && LOST.has(code)) {
      this.again = undefined
      this.send(again)
      return
    }
    const [, refusal] = PROXY_REFUSAL.exec(message) ?? []
    this.fail(message, refusal === undefined ? (CODES.get(code) ?? code) : `PROXY_${refusal}`)
  }

  /** @returns False: it was over before. */
  private end(): boolean {
    clearTimeout(this.timer)
    const wasOver = this.isOver
    this.isOver = true
    return !wasOver
  }

  /** As axios's own adapter has it: an answer that was too large is not there, one that broke off is. */
  private fail(message: string, code: string | undefined): void {
    if (!this.end()) return
    this.controller?.abort(GIVEN_UP)
    const isBroken = this.status !== 0 && code !== TOO_LARGE
    const response = isBroken ? this.response(undefined) : undefined
    this.settle.reject(new AxiosError(message, code, this.config, undefined, response))
  }

  private get asksForHead(): boolean {
    return this.config.method === 'head'
  }

  private response(data: Buffer | undefined): AxiosResponse {
    const { config, status } = this
    const { 'retry-after': retryAfter, date, location } = this.headers
    // The one header that a login looks at: axios copies each that it is given.
    const wanted = typeof retryAfter === 'string' ? { 'retry-after': retryAfter } : {}
    const headers = this.asksForHead ? { date, location } : wanted
    return { config, status, statusText: '', headers, data }
  }
}

type Headers = Readonly<Record<string, string | string[] | undefined>>

/** @throws {Error} `ERR_BUFFER_TOO_LARGE`: more comes out than is read; a code of zlib's: it is broken. */
function unpack(bytes: Buffer, encoding: string | string[] | undefined): Buffer {
  if (typeof encoding !== 'string') return bytes
  const decode = DECODERS.get(encoding.toLowerCase())
  return decode?.(bytes, { maxOutputLength: MAX_ANSWER_BYTES }) ?? bytes
}

/** Nobody has asked for it: some servers pack their answers all the same. */
const DECODERS = new Map([
  ['gzip', gunzipSync],
  ['x-gzip', gunzipSync],
  ['deflate', inflateSync],
  ['br', brotliDecompressSync],
])

const GIVEN_UP = new Error('given up')
const TOO_LARGE = AxiosError.ERR_BAD_RESPONSE
/** The connection is gone. */
const LOST = new Set<string | undefined>(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'])
/** undici has the status of the proxy's answer in its words only. */
const PROXY_REFUSAL = /^Proxy response \((\d{3})\)/
/** undici's codes in the words of Node. */
const CODES = new Map<string | undefined, string>([
  ['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT'],
  ['UND_ERR_SOCKET', 'ECONNRESET'],
])
