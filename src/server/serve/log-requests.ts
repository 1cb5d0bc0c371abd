import { randomUUID } from 'node:crypto'

import type { RequestHandler } from 'express'

import type { Logger } from '../../logger'
import { currentRequestId } from '../logging/create-logger'

const SANE_ID = /^[\w.-]{8,64}$/
const MAX_PATH_CHARACTERS = 256
/** Asked every few seconds by what watches this server. */
const PROBES = new Set(['/v1/_health', '/v1/_live', '/v1/_ready'])

/**
 * Gives each request an id (the proxy's, if it sent a plain one), answers it as `x-request-id`, and logs one line when
 * the request is over: never its query, headers or cookies, which hold codes and tokens.
 */
export function logRequests(logger: Logger): RequestHandler {
  return (req, res, next) => {
    const sent = req.get('x-request-id') ?? ''
    const requestId = SANE_ID.test(sent) ? sent : randomUUID()
    const startedAtMs = performance.now()
    const { method, path } = req
    res.setHeader('x-request-id', requestId)
    res.once('close', () => {
      const level = PROBES.has(path) ? 'debug' : 'info'
      const ms = Math.round((performance.now() - startedAtMs) * 10) / 10
      const facts = { requestId, method, path: path.slice(0, MAX_PATH_CHARACTERS), ms }
      if (res.writableFinished) logger[level]({ ...facts, status: res.statusCode }, 'request')
      else logger[level](facts, 'request cut off by the client')
    })
    currentRequestId.run(requestId, next)
  }
}
