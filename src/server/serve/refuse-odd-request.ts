import type { RequestHandler } from 'express'

import { answerJson } from '../../http/answer'

const MAX_URL_CHARACTERS = 8 * 1024

/**
 * Answers 414 to an address of more than 8 KiB, and 400 to a path that is not percent-encoded properly or to a second
 * Host header, of which a proxy in front may have believed the other one.
 */
export const refuseOddRequest: RequestHandler = (req, res, next) => {
  if (req.originalUrl.length > MAX_URL_CHARACTERS) {
    answerJson(res, 414, { code: 414, message: 'URI Too Long' })
  } else if (!isDecodable(req.path) || (req.headersDistinct.host ?? []).length > 1) {
    answerJson(res, 400, { code: 400, message: 'Bad Request' })
  } else {
    next()
  }
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}
