import type { Request, Response } from 'express'

import { AmazonAuthError } from '../../errors'
import { once } from '../../lazily'
import { loadExpress } from '../../load-express'
import { toFormError } from '../read-form'

/** The largest settings of an app, percent-encoded. */
const MAX_FORM = '4mb'
const parser = once(() =>
  loadExpress().urlencoded({ extended: false, limit: MAX_FORM, parameterLimit: 20_000 }),
)

/**
 * The fields of a form, those given several times included. Where a parser of the host was first, what it made of them.
 *
 * @throws {AmazonAuthError} `body_too_large`, `media_type_unsupported`, `request_invalid`
 */
export async function readAdminForm(req: Request, res: Response): Promise<URLSearchParams> {
  if (req.is('application/x-www-form-urlencoded') === false) {
    throw new AmazonAuthError('media_type_unsupported')
  }
  await new Promise<void>((resolve, reject) => {
    void parser()(req, res, (error?: unknown) => {
      if (error === undefined) resolve()
      else reject(toFormError(error as { readonly status?: unknown }))
    })
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
