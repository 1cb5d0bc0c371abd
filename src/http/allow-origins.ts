import cors from 'cors'
import type { RequestHandler } from 'express'

import type { Connect } from './installation'
import { endBodyAfterAnswer } from './rest-of-body'

/** Closed to pages of other sites, unless the configuration names them. Cookies are never taken from them. */
export function allowOrigins(connect: Connect): RequestHandler {
  const handle = cors((_req, callback) => {
    connect().then(
      ({ policy }) => {
        const origin = policy.corsOrigins.length > 0 ? [...policy.corsOrigins] : false
        callback(null, { origin, exposedHeaders: ['WWW-Authenticate', 'Retry-After'] })
      },
      (error: unknown) => callback(error as Error),
    )
  })
  return (req, res, next) => {
    // It answers a preflight by itself.
    endBodyAfterAnswer(res)
    handle(req, res, next)
  }
}
