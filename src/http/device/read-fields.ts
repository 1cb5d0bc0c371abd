import type { Request, Response } from 'express'

import { AmazonAuthError, requestInvalid } from '../../errors'
import { parseJsonBody } from '../api/json-body'
import { readBody } from '../api/read-body'
import { hasBody } from '../has-body'

/** A form or object of a few short fields, in bytes. */
const MAX_BYTES = 16_384
/** No field is longer. */
const MAX_CHARACTERS = 1_024
const FORM_TYPE = 'application/x-www-form-urlencoded'
const TAKEN = [FORM_TYPE, 'json', '+json']

/**
 * The fields of a small body, which is JSON or a form: programs send JSON here as to the API, and libraries for RFC 8628
 * send forms. Those that are no text are passed over.
 *
 * @throws {AmazonAuthError} `media_type_unsupported`, `request_invalid` (also a field that is there twice, or too long),
 *   `body_too_large` (16 KiB), `body_timeout`
 */
export async function readFields(
  req: Request,
  res: Response,
): Promise<ReadonlyMap<string, string>> {
  requireKnownType(req)
  const [bytes = Buffer.alloc(0)] = await readBody(req, res, MAX_BYTES)
  // One that a parser of the host has read.
  if (bytes.length > MAX_BYTES) throw new AmazonAuthError('body_too_large')
  const isForm = req.is(FORM_TYPE) === FORM_TYPE && !bytes.toString('latin1', 0, 1).startsWith('{')
  const entries = isForm
    ? Array.from(new URLSearchParams(bytes.toString()))
    : Object.entries(bytes.length === 0 ? {} : parseJsonBody(bytes))
  const fields = new Map<string, string>()
  for (const [name, value] of entries) {
    if (typeof value !== 'string' || value === '') continue
    if (fields.has(name)) throw requestInvalid(`The field ${name.slice(0, 40)} is there twice.`)
    if (value.length > MAX_CHARACTERS) throw requestInvalid('A field is too long.')
    fields.set(name, value)
  }
  return fields
}

/** What is not said to be anything is taken for JSON, as by the API. */
function requireKnownType(req: Request): void {
  if (!hasBody(req) || req.headers['content-type'] === undefined) return
  if (req.is(TAKEN) !== false) return
  throw new AmazonAuthError('media_type_unsupported', {
    problem: `The body may be application/json or ${FORM_TYPE}.`,
    advice: 'Send JSON or a form, and say which in Content-Type.',
  })
}
