import cors from 'cors'
import type { RequestHandler } from 'express'

import type { Connect } from './installation'

/** Closed to pages of other sites, unless the configuration names them. Cookies are never taken from them. */
export function allowOrigins(connect: Connect): RequestHandler {
  return cors((_req, callback) => {
    connect().then(
      ({ policy }) => {
        const origin = policy.corsOrigins.length > 0 ? [...policy.corsOrigins] : false
        callback(null, { origin, exposedHeaders: ['WWW-Authenticate', 'Retry-After'] })
      },
      (error: unknown) => callback(error as Error),
    )
  })
}
