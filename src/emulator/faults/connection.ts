import { sendAnswer, type Answer } from '../answer'
import type { Exchange, FaultAction } from './fault'

export const CONNECTION_FAULTS = {
  /** Breaks the connection (TCP RST) before anything is done. */
  reset: ({ req }) => breakOff(req),

  /** Does what was asked (the code is spent), then breaks the connection: the answer is lost. */
  reset_after_read({ req, answer }) {
    answer()
    breakOff(req)
  },

  /** Takes the request and never answers: the connection stays open until the client or close() ends it. */
  hang: () => undefined,

  /** Sends the status line and half of the headers, then nothing more. */
  hang_headers({ req, answer }) {
    req.socket.write(
      `HTTP/1.1 ${answer().status} OK\r\ncontent-type: application/json\r\ncontent-le`,
    )
  },

  /** Sends all headers and half of the body, then nothing more. */
  hang_body({ res, answer }) {
    const body = startAnswer(res, answer())
    res.write(body.subarray(0, Math.floor(body.length / 2)))
  },

  /** Sends the body byte by byte, one every `ms` (default 1000). */
  async drip({ res, answer, params, wait }) {
    for (const byte of startAnswer(res, answer())) {
      res.write(Buffer.of(byte))
      await wait(params.ms ?? 1000)
    }
    res.end()
  },

  /** Answers `ms` later (default 1000). */
  async latency({ res, answer, params, wait }) {
    await wait(params.ms ?? 1000)
    sendAnswer(res, answer())
  },

  /** Answers as if to keep the connection, then closes it `ms` later (default 0) without a word. */
  idle_close({ req, res, answer, params }) {
    const { socket } = req
    res.once('finish', () => {
      const timer = setTimeout(() => socket.destroy(), params.ms ?? 0)
      socket.once('close', () => clearTimeout(timer))
    })
    sendAnswer(res, answer())
  },
} satisfies Record<string, FaultAction>

function breakOff({ socket }: Exchange['req']): void {
  // A TLS socket has no RST of its own to send: it is only closed.
  if ('encrypted' in socket) socket.destroy()
  else socket.resetAndDestroy()
}

function startAnswer(res: Exchange['res'], { status, headers, body }: Answer): Buffer {
  const bytes = Buffer.from(body)
  res.writeHead(status, { ...headers, 'content-length': bytes.length })
  res.flushHeaders()
  return bytes
}
