import type { RequestHandler } from 'express'

import { AmazonAuthError } from '../errors'
import { once } from '../lazily'
import { answerError } from './answer'
import { hasBody } from './has-body'
import { loadExpress } from '../load-express'
import { parseBody } from './parse-body'

/** A form with a code and a state, or with a token. */
const MAX_BYTES = 16_384
const FORM_TYPE = 'application/x-www-form-urlencoded'
const parser = once(() => loadExpress().urlencoded({ extended: false, limit: MAX_BYTES }))

/**
 * Reads the form of a login, and answers by itself, whatever error handler the host has, when it cannot: 415 a body of
 * another kind or charset, 413 a form of more than 16 KiB, 408 one that does not come in time, 400 one that does not come
 * whole.
 */
export const readForm: RequestHandler = (req, res, next) => {
  if (hasBody(req) && req.is(FORM_TYPE) !== FORM_TYPE) {
    answerError(res, new AmazonAuthError('media_type_unsupported'))
    return
  }
  parseBody(parser(), { req, res, maxBytes: MAX_BYTES }).then(
    () => next(),
    (error: unknown) => answerError(res, toFormError(error)),
  )
}

/** Why a form could not be read, by what its parser says. */
export function toFormError(thrown: unknown): AmazonAuthError {
  if (thrown instanceof AmazonAuthError) return thrown
  const { status } = thrown as { readonly status?: unknown }
  if (status === 413) return new AmazonAuthError('body_too_large')
  if (status === 415) return new AmazonAuthError('media_type_unsupported')
  return new AmazonAuthError('request_invalid', { problem: 'The form could not be read.' })
}
