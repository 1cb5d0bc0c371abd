import { STATUS_CODES } from 'node:http'

import type { ErrorRequestHandler, RequestHandler } from 'express'

import { AmazonAuthError, toAmazonAuthError } from '../../errors'
import { answerJson, answerOutage, answerPage, protectAnswer } from '../../http/answer'
import { chooseTexts } from '../../http/choose-texts'
import { takesPage } from '../../http/wants-json'
import type { Logger } from '../../logger'
import { notFoundPage } from '../../pages/not-found-page'

/** A person reads a page; a script, and whoever does not ask for HTML, JSON. */
export const answerNotFound: RequestHandler = (req, res) => {
  if (takesPage(req)) answerPage(res, 404, notFoundPage(chooseTexts(req)))
  else answerJson(res, 404, { code: 404, message: 'Not Found' })
}

/** Turns what was thrown into JSON, or a page, that tells nothing of the inside; what is our fault is logged. */
export function answerErrors(logger: Logger): ErrorRequestHandler {
  return (thrown: unknown, req, res, next) => {
    const status = clientFault(thrown)
    if (status === undefined) logger.error({ err: thrown }, 'a request failed')
    if (res.headersSent) {
      next(thrown)
    } else if (status === undefined || thrown instanceof AmazonAuthError) {
      answerOutage(req, res, toAmazonAuthError(thrown), 'wentWrong')
    } else {
      protectAnswer(res)
      answerJson(res, status, { code: status, message: STATUS_CODES[status] ?? 'Bad Request' })
    }
  }
}

/** The 4xx status that Express and its body parsers put on what they throw; undefined: the fault is ours. */
function clientFault(thrown: unknown): number | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('status' in thrown)) return undefined
  const { status } = thrown
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined
}
