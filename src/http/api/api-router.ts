import cors from 'cors'
import { Router, type ErrorRequestHandler, type RequestHandler } from 'express'

import { AmazonAuthError } from '../../errors'
import { answerError } from '../answer'
import type { Connect } from '../request-auth'
import { mountOperations } from './mount-operations'
import { API_OPERATIONS } from './openapi'
import { TOKEN_OPERATIONS } from './tokens'

/** The JSON API: `/jwt_auth`, and everything below `path`. Paths that it does not know fall through. */
export function createApiRouter(
  connect: Connect,
  { path, manage }: { readonly path: string; readonly manage: boolean },
): RequestHandler {
  const router = Router()
  const operations = API_OPERATIONS.filter(({ isManagement }) => manage || isManagement !== true)
  const crossOrigin = allowOrigins(connect)
  router.use(mountOperations(TOKEN_OPERATIONS, connect, crossOrigin))
  router.use(path, mountOperations(operations, connect, crossOrigin))
  router.use(refuseOddPath)
  return router
}

/** Closed to pages of other sites, unless the configuration names them. Cookies are never taken from them. */
function allowOrigins(connect: Connect): RequestHandler {
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

/** A path that cannot be decoded, e.g. `/v1/_settings/%E0%A4%A`. */
const refuseOddPath: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  if (!(error instanceof URIError)) {
    next(error)
    return
  }
  const problem = 'The path holds a broken percent-encoding.'
  answerError(res, new AmazonAuthError('request_invalid', { problem }))
}
