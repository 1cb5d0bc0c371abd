import type { IncomingMessage } from 'node:http'

import type { Request, RequestHandler, Response } from 'express'

import { AmazonAuthError, requestInvalid } from '../../errors'
import { hasBody } from '../has-body'
import { loadExpress } from '../../load-express'
import { parseBody, wasRead } from '../parse-body'
import { requireShallow } from './json-body'

/** A request whose body a parser of the host may have read before us. */
type ParsedRequest = Request & { rawBody?: unknown; body?: unknown; _body?: boolean }

const MAX_BYTES = 1_048_576
const readers = new Map<number, RequestHandler>()

/** One for each limit. */
function readerOf(limit: number): RequestHandler {
  const reader =
    readers.get(limit) ?? loadExpress().raw({ type: () => true, limit, inflate: false })
  readers.set(limit, reader)
  return reader
}

/**
 * For body parsers that run before `amazonAuth()`: keeps the bytes, which a signature covers.
 *
 * @example app.use(express.json({ verify: keepRawBody }))
 */
export function keepRawBody(req: IncomingMessage, _res: unknown, bytes: Buffer): void {
  Object.assign(req, { rawBody: bytes })
}

/**
 * The body of a request as it was sent. Where a parser of the host has read it and kept only the result, the forms it
 * is most likely to have had: a signature that fits one of them proves that it was that one.
 *
 * @param maxBytes Default: 1 MiB.
 * @throws {AmazonAuthError} `body_too_large`, `body_timeout`, `request_invalid` (an encoding other than plain)
 */
export async function readBody(
  req: ParsedRequest,
  res: Response,
  maxBytes = MAX_BYTES,
): Promise<readonly Buffer[]> {
  if (Buffer.isBuffer(req.rawBody)) return [req.rawBody]
  const isParsed = wasRead(req)
  if (!isParsed) await readStream(req, res, maxBytes)
  const body: unknown = req.body
  if (Buffer.isBuffer(body)) return [body]
  if (typeof body === 'string') return [Buffer.from(body)]
  // Parsers of Express 4 make an empty object of no body.
  return isParsed && hasBody(req) && body !== undefined ? likelyForms(body) : [Buffer.alloc(0)]
}

async function readStream(req: Request, res: Response, maxBytes: number): Promise<void> {
  try {
    await parseBody(readerOf(maxBytes), { req, res, maxBytes })
  } catch (thrown) {
    if (thrown instanceof AmazonAuthError) throw thrown
    throw requestInvalid('The body could not be read: send it whole, and not compressed.')
  }
}

/** JSON as JavaScript and Java write it, as Python does, and indented. */
function likelyForms(body: unknown): readonly Buffer[] {
  requireShallow(body)
  const compact = JSON.stringify(body)
  const forms = [
    compact,
    pythonJson(body),
    escapeNonAscii(pythonJson(body)),
    JSON.stringify(body, null, 2),
  ]
  return Array.from(new Set(forms), (form) => Buffer.from(form))
}

function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).map(
    ([name, member]) => `${JSON.stringify(name)}: ${pythonJson(member)}`,
  )
  return `{${members.join(', ')}}`
}

function escapeNonAscii(json: string): string {
  return json.replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
