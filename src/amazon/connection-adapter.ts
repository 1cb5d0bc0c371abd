import {
  AxiosError,
  type AxiosAdapter,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from 'axios'
import type { Transform } from 'node:stream'
import type { Dispatcher } from 'undici'

import type { Connection, Connections, MaxRest } from './connections'
import { decoderFor } from './decoder-for'

/** Largest answer that is read, decoded. Amazon's are below 4 KiB. */
export const MAX_ANSWER_BYTES = 64 * 1024

/**
 * Lets axios send over {@link Connections}, by the part of its configuration that `sendOnce` uses. Redirects are not
 * followed. undici's dispatch takes a third of the CPU of `http.request`.
 */
export function connectionAdapter(connections: Connections, maxRest: MaxRest): AxiosAdapter {
  return (config) =>
    new Promise((resolve, reject) => {
      const connection = connections.take(config.baseURL ?? '', maxRest)
      connection.client.dispatch(
        {
          origin: config.baseURL ?? '',
          path: config.url ?? '/',
          method: config.data === undefined ? 'GET' : 'POST',
          headers: config.headers,
          body: (config.data as string | undefined) ?? null,
        },
        new Exchange(config, connection, { resolve, reject }),
      )
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
  private retryAfter: string | undefined
  private decoder: Transform | undefined
  private isOver = false
  private controller: Dispatcher.DispatchController | undefined

  constructor(
    private readonly config: InternalAxiosRequestConfig,
    private readonly connection: Connection,
    private readonly settle: Settle,
  ) {
    const cancel = (): void => this.fail('canceled', AxiosError.ERR_CANCELED)
    config.signal?.addEventListener?.('abort', cancel)
  }

  /** What was given up while it waited for a connection is not sent any more. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller
    if (this.isOver) controller.abort(GIVEN_UP)
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    this.status = status
    this.retryAfter = textOf(headers['retry-after'])
    this.decoder = decoderFor(textOf(headers['content-encoding']))
      ?.on('data', (chunk: Buffer) => this.keep(chunk))
      .once('end', () => this.succeed())
      .once('error', ({ message, code }: NodeJS.ErrnoException) => this.fail(message, code))
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.decoder === undefined) this.keep(chunk)
    else this.decoder.write(chunk)
  }

  onResponseEnd(): void {
    if (!this.isOver) this.connection.release()
    if (this.decoder === undefined) this.succeed()
    else this.decoder.end()
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const { code, message } = error as NodeJS.ErrnoException
    const [, refusal] = PROXY_REFUSAL.exec(message) ?? []
    this.fail(message, refusal === undefined ? (CODES.get(code) ?? code) : `PROXY_${refusal}`)
  }

  private keep(chunk: Buffer): void {
    this.bytes += chunk.length
    if (this.bytes > MAX_ANSWER_BYTES) this.fail('the answer is too large', TOO_LARGE)
    else this.chunks.push(chunk)
  }

  private succeed(): void {
    if (this.isOver) return
    this.isOver = true
    const [first, ...more] = this.chunks
    const whole = first === undefined || more.length > 0 ? Buffer.concat(this.chunks) : first
    this.settle.resolve(this.response(whole))
  }

  private response(data: Buffer | undefined): AxiosResponse {
    const { config, status } = this
    // The one header that is looked at: axios copies each that it is given.
    const headers = this.retryAfter === undefined ? {} : { 'retry-after': this.retryAfter }
    return { config, status, statusText: '', headers, data }
  }

  private fail(message: string, code: string | undefined): void {
    if (this.isOver) return
    this.isOver = true
    this.controller?.abort(GIVEN_UP)
    this.connection.destroy()
    this.decoder?.destroy()
    this.settle.reject(this.error(message, code))
  }

  /** As axios's own adapter has it: an answer that was too large is not there, one that broke off is. */
  private error(message: string, code: string | undefined): AxiosError {
    const request = { reusedSocket: this.connection.isReused }
    const isBroken = this.status !== 0 && code !== TOO_LARGE
    const response = isBroken ? this.response(undefined) : undefined
    return new AxiosError(message, code, this.config, request, response)
  }
}

function textOf(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : undefined
}

const GIVEN_UP = new Error('given up')
/** undici has the status of the proxy's answer in its words only. */
const PROXY_REFUSAL = /^Proxy response \((\d{3})\)/
const TOO_LARGE = AxiosError.ERR_BAD_RESPONSE
/** undici's codes in the words of Node. */
const CODES = new Map<string | undefined, string>([
  ['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT'],
  ['UND_ERR_SOCKET', 'ECONNRESET'],
])
