import type { Request, Response } from 'express'

import { AmazonAuthError } from '../../errors'
import { once } from '../../lazily'
import { loadExpress } from '../../load-express'
import { parseBody } from '../parse-body'
import { toFormError } from '../read-form'

/** The largest settings of an app, percent-encoded. */
const MAX_BYTES = 4 * 1_048_576
const parser = once(() =>
  loadExpress().urlencoded({ extended: false, limit: MAX_BYTES, parameterLimit: 20_000 }),
)

/**
 * The fields of a form, those given several times included. Where a parser of the host was first, what it made of them.
 *
 * @throws {AmazonAuthError} `body_too_large`, `body_timeout`, `media_type_unsupported`, `request_invalid`
 */
export async function readAdminForm(req: Request, res: Response): Promise<URLSearchParams> {
  if (req.is('application/x-www-form-urlencoded') === false) {
    throw new AmazonAuthError('media_type_unsupported')
  }
  await parseBody(parser(), { req, res, maxBytes: MAX_BYTES }).catch((thrown: unknown) => {
    throw toFormError(thrown)
  })
  const body: unknown = req.body
  return new URLSearchParams(
    typeof body === 'object' && body !== null ? Object.entries(body).flatMap(toFields) : [],
  )
}

function toFields([name, value]: [string, unknown]): [string, string][] {
  if (typeof value === 'string') return [[name, value]]
  return Array.isArray(value) ? value.flatMap((item: unknown) => toFields([name, item])) : []
}
