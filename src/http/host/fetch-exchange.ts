import { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'

import { FetchSocket, type FetchSocketOptions } from './fetch-socket'

/** A `Request`, as Node's own request and answer. */
export interface FetchExchange {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  /** Rejects with what has ended it before an answer. */
  readonly response: Promise<Response>
  /** Nothing more comes of it: the request is the host's. */
  readonly release: () => void
}

/**
 * Opens a `Request` for what speaks Node's HTTP. Its body is not touched before somebody reads it, so a host can read it where
 * nobody has.
 *
 * @param address Of the client, as the host knows it; headers have no say.
 */
export function openFetchExchange(
  request: Request,
  { address }: { readonly address?: string | undefined },
): FetchExchange {
  const url = new URL(request.url)
  const from = { remoteAddress: address, encrypted: url.protocol === 'https:' }
  const socket = new FetchSocket(from)
  const req = toIncomingMessage(request, url, socket)
  const res = openAnswer(req, socket)
  const abort = (): void =>
    void socket.destroy(toError(request.signal.reason, 'the request was aborted'))
  request.signal.addEventListener('abort', abort, { once: true })
  const release = (): void => request.signal.removeEventListener('abort', abort)
  socket.once('close', () => {
    release()
    if (!req.readableEnded) req.destroy()
  })
  if (request.signal.aborted) abort()
  return { req, res, response: socket.response, release }
}

/** Another answer to a request, of which nothing was sent by its own. */
export function openFetchAnswer(req: IncomingMessage): {
  readonly res: ServerResponse
  readonly response: Promise<Response>
} {
  const { remoteAddress, encrypted } = req.socket as unknown as FetchSocketOptions
  const socket = new FetchSocket({ remoteAddress, encrypted })
  return { res: openAnswer(req, socket), response: socket.response }
}

/** Without chunks, whose frames are the business of whoever sends the `Response`. */
function openAnswer(req: IncomingMessage, socket: FetchSocket): ServerResponse {
  const res = new ServerResponse(req)
  res.useChunkedEncodingByDefault = false
  res.sendDate = false
  res.assignSocket(asSocket(socket))
  res.once('finish', () => socket.end(() => socket.destroy()))
  return res
}

function toIncomingMessage(request: Request, url: URL, socket: FetchSocket): IncomingMessage {
  const req = new IncomingMessage(asSocket(socket))
  const headers = new Headers(request.headers)
  if (!headers.has('host')) headers.set('host', url.host)
  const isMeasured = headers.has('content-length') || headers.has('transfer-encoding')
  if (request.body !== null && !isMeasured) headers.set('transfer-encoding', 'chunked')
  req.method = request.method
  req.url = url.pathname + url.search
  req.httpVersionMajor = 1
  req.httpVersionMinor = 1
  req.httpVersion = '1.1'
  req.headers = Object.fromEntries(headers)
  req.rawHeaders = Array.from(headers).flat()
  // On the object itself, as Express takes the place of its class.
  req._read = readBody(request, req)
  return req
}

/** Reads when it is asked to, and as long as more is wanted: Node's own class does not ask a second time. */
function readBody(request: Request, req: IncomingMessage): () => void {
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  let isReading = false
  async function readOn(from: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    let isMoreWanted = true
    while (isMoreWanted) {
      const { done, value } = await from.read()
      if (done) req.complete = true
      isMoreWanted = req.push(done ? null : Buffer.from(value))
      // A stream that always has more would let nobody else have a turn.
      await nextTurn()
    }
  }
  return () => {
    if (request.body === null) {
      req.complete = true
      req.push(null)
      return
    }
    if (isReading) return
    if (reader === undefined && (request.bodyUsed || request.body.locked)) {
      req.socket.destroy(new TypeError(BODY_USED))
      return
    }
    reader ??= openReader(request.body, req)
    isReading = true
    readOn(reader).then(
      () => (isReading = false),
      (error: unknown) => req.socket.destroy(toError(error, 'the body of the request broke off')),
    )
  }
}

/** What is not read stays with the host: to cancel it may close the connection that the answer has to take. */
function openReader(
  body: ReadableStream<Uint8Array>,
  req: IncomingMessage,
): ReadableStreamDefaultReader<Uint8Array> {
  const reader = body.getReader()
  req.once('close', () => reader.releaseLock())
  return reader
}

const BODY_USED =
  'fetch: the body of this request has been read already. Call fetch() before whatever reads it, or give it request.clone() and read the other.'

function toError(reason: unknown, message: string): Error {
  // What it is made of may come of another realm.
  const isError = typeof reason === 'object' && reason !== null
  return isError ? (reason as Error) : new Error(message, { cause: reason })
}

/** It has what Node's HTTP asks of a socket. */
function asSocket(socket: FetchSocket): Socket {
  return socket as unknown as Socket
}
