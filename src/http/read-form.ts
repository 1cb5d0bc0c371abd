import type { RequestHandler } from 'express'

import { AmazonAuthError } from '../errors'
import { once } from '../lazily'
import { answerError } from './answer'
import { hasBody } from './has-body'
import { loadExpress } from '../load-express'

/** A form with a code and a state, or with a token. */
const MAX_FORM = '16kb'
const FORM_TYPE = 'application/x-www-form-urlencoded'
const parser = once(() => loadExpress().urlencoded({ extended: false, limit: MAX_FORM }))

/**
 * Reads the form of a login, and answers by itself, whatever error handler the host has, when it cannot: 415 a body of
 * another kind or charset, 413 a form of more than 16 KiB, 400 one that does not come whole.
 */
export const readForm: RequestHandler = (req, res, next) => {
  if (hasBody(req) && req.is(FORM_TYPE) !== FORM_TYPE) {
    answerError(res, new AmazonAuthError('media_type_unsupported'))
    return
  }
  void parser()(req, res, (error?: unknown) => {
    if (error === undefined) next()
    else answerError(res, toFormError(error as { readonly status?: unknown }))
  })
}

/** Why a form could not be read, by what its parser says. */
export function toFormError({ status }: { readonly status?: unknown }): AmazonAuthError {
  if (status === 413) return new AmazonAuthError('body_too_large')
  if (status === 415) return new AmazonAuthError('media_type_unsupported')
  return new AmazonAuthError('request_invalid', { problem: 'The form could not be read.' })
}
