import type { RequestHandler } from 'express'

import { answerJson } from '../../http/answer'

const MESSAGE =
  'Not found. Of the objects that Para keeps, this server keeps users and apps only; see /v1/openapi.json for what it does.'

/** For clients of Para that ask for objects of another type, or for parts of its API that are not here. */
export const answerUnknownType: RequestHandler = (_req, res) => {
  answerJson(res, 404, { code: 404, message: MESSAGE })
}
