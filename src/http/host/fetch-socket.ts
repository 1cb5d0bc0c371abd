import { Duplex } from 'node:stream'

/** Answers that have no body, whatever is written (Fetch, section 2.2.3). */
const NULL_BODY: ReadonlySet<number> = new Set([101, 204, 205, 304])
/** What holds for one connection alone (RFC 9110, section 7.6.1). */
const OF_CONNECTION: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
])
const HEAD_END = '\r\n\r\n'
const BUFFERED_BYTES = 65_536

export interface FetchSocketOptions {
  /** Address of the client. */
  readonly remoteAddress: string | undefined
  /** Whether it speaks https. */
  readonly encrypted: boolean
}

/**
 * The connection of a request that came over none: what Node's own `ServerResponse` writes to it becomes a `Response`, as soon
 * as its head is whole.
 */
export class FetchSocket extends Duplex {
  readonly remoteAddress: string | undefined
  readonly encrypted: boolean
  /** Rejects when the connection ends before. */
  readonly response: Promise<Response>
  #settle!: { resolve(response: Response): void; reject(reason: unknown): void }
  #head = ''
  #body: ReadableStreamDefaultController<Uint8Array> | undefined
  #isAnswered = false
  /** Called when more is wanted. */
  #goOn: (() => void) | undefined

  constructor({ remoteAddress, encrypted }: FetchSocketOptions) {
    super({ emitClose: true })
    this.remoteAddress = remoteAddress
    this.encrypted = encrypted
    this.response = new Promise((resolve, reject) => (this.#settle = { resolve, reject }))
    // Nobody need be waiting.
    this.response.catch(() => undefined)
    this.on('error', () => undefined)
  }

  override _read(): void {
    // A request's body does not come this way.
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    if (this.#isAnswered) this.#send(chunk, done)
    else this.#readHead(chunk, done)
  }

  override _final(done: () => void): void {
    this.#body?.close()
    this.#body = undefined
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const reason = error ?? new Error('the answer was broken off')
    this.#settle.reject(reason)
    this.#body?.error(reason)
    this.#body = undefined
    this.#goOn?.()
    done(error)
  }

  /** What `ServerResponse` and `IncomingMessage` ask of a socket besides; there is nothing to set. */
  setTimeout(): this {
    return this
  }

  setNoDelay(): this {
    return this
  }

  setKeepAlive(): this {
    return this
  }

  #readHead(chunk: Buffer, done: () => void): void {
    this.#head += chunk.toString('latin1')
    const end = this.#head.indexOf(HEAD_END)
    if (end < 0) {
      done()
      return
    }
    const rest = Buffer.from(this.#head.slice(end + HEAD_END.length), 'latin1')
    this.#answer(this.#head.slice(0, end))
    if (rest.length > 0) this.#send(rest, done)
    else done()
  }

  #answer(head: string): void {
    const [statusLine = '', ...lines] = head.split('\r\n')
    const status = Number(statusLine.split(' ')[1])
    const headers = new Headers()
    for (const line of lines) {
      const end = line.indexOf(':')
      const name = line.slice(0, end)
      if (!OF_CONNECTION.has(name.toLowerCase())) headers.append(name, line.slice(end + 1).trim())
    }
    this.#isAnswered = true
    const body = NULL_BODY.has(status) ? null : this.#stream()
    this.#settle.resolve(new Response(body, { status, headers }))
  }

  #stream(): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => void (this.#body = controller),
        pull: () => this.#goOn?.(),
        cancel: () => {
          this.#body = undefined
          this.destroy()
        },
      },
      { highWaterMark: BUFFERED_BYTES, size: ({ byteLength }) => byteLength },
    )
  }

  #send(chunk: Buffer, done: () => void): void {
    const body = this.#body
    body?.enqueue(new Uint8Array(chunk))
    if (body === undefined || (body.desiredSize ?? 1) > 0) {
      done()
      return
    }
    this.#goOn = () => {
      this.#goOn = undefined
      done()
    }
  }
}
