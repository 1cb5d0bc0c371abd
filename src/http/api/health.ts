import type { RequestHandler } from 'express'

import { answerJson, protectAnswer } from '../answer'

/**
 * `GET /v1/_health` for load balancers: 200 while the store answers, else 503.
 *
 * @param isHealthy Asks the store; never rejects.
 */
export function createHealthHandler(isHealthy: () => Promise<boolean>): RequestHandler {
  return (_req, res, next) => {
    isHealthy().then((healthy) => {
      protectAnswer(res)
      if (healthy) answerJson(res, 200, { message: 'healthy' })
      else answerJson(res, 503, { code: 503, message: 'The store does not answer.' })
    }, next)
  }
}
