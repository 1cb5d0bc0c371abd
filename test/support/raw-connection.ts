import { connect, type Socket } from 'node:net'

/** An answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number
  /** Names in lower case; of a header that is there twice, the last one. */
  readonly headers: Readonly<Record<string, string>>
  readonly setCookies: readonly string[]
  readonly body: string
}

const PATIENCE_MS = 5_000
const NO_BODY = new Set([100, 204, 304])

/** A connection on which requests go out byte for byte, one after the other; opened anew when it has been closed. */
export class RawConnection {
  private readonly port: number
  private socket: Socket | undefined
  private received = Buffer.alloc(0)
  private isEnding = false
  private wake: () => void = () => undefined

  constructor(origin: string) {
    this.port = Number(new URL(origin).port)
  }

  get isOpen(): boolean {
    return this.socket?.destroyed === false && !this.socket.readableEnded
  }

  /**
   * Sends a request and waits for its answer.
   *
   * @returns Undefined: closed without an answer.
   * @throws {Error} neither came in 5 s.
   */
  async exchange(request: Buffer | string): Promise<RawAnswer | undefined> {
    const bytes = Buffer.from(request)
    this.open().write(bytes)
    return this.nextAnswer(bytes.subarray(0, 5).toString() === 'HEAD ')
  }

  /** The next answer that nobody has read yet, e.g. to a second request that was hidden in the first. */
  async nextAnswer(isHead = false): Promise<RawAnswer | undefined> {
    const deadline = Date.now() + PATIENCE_MS
    for (;;) {
      const parsed = parseAnswer(this.received, isHead)
      if (parsed !== undefined) {
        this.received = this.received.subarray(parsed.bytes)
        if (parsed.answer.status === 100) continue
        this.isEnding = parsed.answer.headers.connection === 'close'
        return parsed.answer
      }
      if (!this.isOpen) return undefined
      await this.something(deadline)
    }
  }

  /** Waits until the server has closed the connection. */
  async closed(): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS
    while (this.isOpen) await this.something(deadline)
  }

  end(): void {
    this.socket?.destroy()
  }

  private open(): Socket {
    if (this.socket !== undefined && this.isOpen && !this.isEnding) return this.socket
    this.socket?.destroy()
    this.isEnding = false
    this.received = Buffer.alloc(0)
    const socket = connect(this.port, '127.0.0.1')
    socket.on('data', (chunk: Buffer) => {
      this.received = Buffer.concat([this.received, chunk])
      this.wake()
    })
    for (const event of ['error', 'end', 'close']) socket.on(event, () => this.wake())
    return (this.socket = socket)
  }

  private async something(deadline: number): Promise<void> {
    if (Date.now() > deadline) throw new Error('neither an answer nor the end of the connection')
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, deadline + 1 - Date.now())
      this.wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

interface Parsed {
  readonly answer: RawAnswer
  /** How many bytes it took. */
  readonly bytes: number
}

function parseAnswer(bytes: Buffer, isHead: boolean): Parsed | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1])
  const pairs = lines.map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const
  })
  const headers = Object.fromEntries(pairs)
  const body = isHead || NO_BODY.has(status) ? NOTHING : readBody(bytes.subarray(end + 4), headers)
  if (body === undefined) return undefined
  const setCookies = pairs.filter(([name]) => name === 'set-cookie').map(([, value]) => value)
  return {
    answer: { status, headers, setCookies, body: body.text.toString() },
    bytes: end + 4 + body.bytes,
  }
}

interface Body {
  readonly text: Buffer
  readonly bytes: number
}

const NOTHING: Body = { text: Buffer.alloc(0), bytes: 0 }

/** Undefined: not all of it is here yet. */
function readBody(bytes: Buffer, headers: RawAnswer['headers']): Body | undefined {
  if (headers['transfer-encoding'] === 'chunked') return readChunks(bytes)
  const length = Number(headers['content-length'] ?? 0)
  return bytes.length < length ? undefined : { text: bytes.subarray(0, length), bytes: length }
}

function readChunks(bytes: Buffer): Body | undefined {
  const chunks: Buffer[] = []
  for (let at = 0; ;) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd < 0) return undefined
    const length = parseInt(bytes.subarray(at, lineEnd).toString(), 16)
    const next = lineEnd + 2 + length + 2
    if (bytes.length < next) return undefined
    if (length === 0) return { text: Buffer.concat(chunks), bytes: next }
    chunks.push(bytes.subarray(lineEnd + 2, next - 2))
    at = next
  }
}
