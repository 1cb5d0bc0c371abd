import type { ErrorRequestHandler, RequestHandler } from 'express'

import { requestInvalid } from '../../errors'
import { allowOrigins } from '../allow-origins'
import { answerError } from '../answer'
import type { Connect } from '../installation'
import { loadExpress } from '../../load-express'
import { parentPath } from '../parent-path'
import { mountOperations } from './mount-operations'
import { apiOperations, type ApiOptions } from './openapi'
import { TOKEN_OPERATIONS } from './tokens'

/** The JSON API: `/jwt_auth`, at the root and beside `path`, and everything below `path`. What it does not know falls through. */
export function createApiRouter(connect: Connect, options: ApiOptions): RequestHandler {
  const router = loadExpress().Router()
  const crossOrigin = allowOrigins(connect)
  const tokens = mountOperations(TOKEN_OPERATIONS, connect, crossOrigin)
  const beside = parentPath(options.path)
  router.use(tokens)
  if (beside !== '') router.use(beside, tokens)
  router.use(options.path, mountOperations(apiOperations(options), connect, crossOrigin))
  router.use(refuseOddPath)
  return router
}

/** A path that cannot be decoded, e.g. `/v1/_settings/%E0%A4%A`. */
const refuseOddPath: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  if (!(error instanceof URIError)) {
    next(error)
    return
  }
  answerError(res, requestInvalid('The path holds a broken percent-encoding.'))
}
