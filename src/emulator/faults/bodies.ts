import { pipeline, Readable } from 'node:stream'
import { createGzip, gzipSync } from 'node:zlib'
import { sendAnswer, type Answer } from '../answer'
import type { FaultAction } from './fault'

const HUNDRED_MB = 100 * 1024 * 1024
const BLANKS = Buffer.alloc(64 * 1024, ' ')

/** The true answer with other bytes. */
export const BODY_FAULTS = {
  cut_json: recoded((body) => body.subarray(0, Math.floor(body.length / 2))),
  bom: recoded((body) => Buffer.concat([Buffer.from('\uFEFF'), body])),
  utf16: recoded((body) => Buffer.from(`\uFEFF${body.toString()}`, 'utf16le')),

  gzip({ res, answer }) {
    const whole = gzipped(answer())
    sendAnswer(res, { ...whole, body: gzipSync(whole.body) })
  },

  /**
   * Sends `bytes` (default 100 MB) of blanks, chunked, and then the true answer: good JSON, so that
   * only a client that limits what it reads refuses it.
   */
  huge_body({ res, answer, params }) {
    const { status, headers, body } = answer()
    res.writeHead(status, headers)
    stream(Readable.from(padded(body, params.bytes ?? HUNDRED_MB)), res)
  },

  /** As `huge_body`, but gzip makes about a thousandth of it on the wire. */
  gzip_bomb({ res, answer, params }) {
    const { status, headers, body } = gzipped(answer())
    res.writeHead(status, headers)
    const bomb = createGzip()
    stream(bomb, res)
    stream(Readable.from(padded(body, params.bytes ?? HUNDRED_MB)), bomb)
  },

  /** Sends blanks without end, chunked. */
  endless({ res, answer }) {
    const { status, headers } = answer()
    res.writeHead(status, headers)
    stream(Readable.from(padded('', Infinity)), res)
  },
} satisfies Record<string, FaultAction>

/** Sends the true answer with its bytes changed. */
function recoded(change: (body: Buffer) => Buffer): FaultAction {
  return ({ res, answer }) => {
    const whole = answer()
    sendAnswer(res, { ...whole, body: change(Buffer.from(whole.body)) })
  }
}

function gzipped(answer: Answer): Answer {
  return { ...answer, headers: { ...answer.headers, 'content-encoding': 'gzip' } }
}

function* padded(body: string | Buffer, bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= BLANKS.length) yield BLANKS.subarray(0, left)
  yield Buffer.from(body)
}

function stream(from: NodeJS.ReadableStream, to: NodeJS.WritableStream): void {
  pipeline(from, to, () => {
    // A client that hangs up in the middle does what these faults are there to see.
  })
}
