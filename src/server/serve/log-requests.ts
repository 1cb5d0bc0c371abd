import { randomUUID } from 'node:crypto'

import type { RequestHandler } from 'express'

import type { Logger } from '../../logger'
import { currentRequest, type RequestLine } from '../logging/request-line'

const SANE_ID = /^[\w.-]{8,64}$/
const MAX_PATH_CHARACTERS = 256
/** Asked every few seconds by what watches this server. */
const PROBES = new Set(['/v1/_health', '/v1/_live', '/v1/_ready'])

/**
 * Gives each request an id (the proxy's, if it sent a plain one), answers it as `x-request-id`, and logs one line when
 * the request is over: never its query, headers or cookies, which hold codes and tokens. A sign-in is told in that line.
 */
export function logRequests(logger: Logger): RequestHandler {
  return (req, res, next) => {
    const sent = req.get('x-request-id') ?? ''
    const requestId = SANE_ID.test(sent) ? sent : randomUUID()
    const line: RequestLine = { requestId, isWritten: false }
    const startedAtMs = performance.now()
    const { method, path } = req
    res.setHeader('x-request-id', requestId)
    res.once('close', () => {
      const level = PROBES.has(path) ? 'debug' : 'info'
      const ms = Math.round((performance.now() - startedAtMs) * 10) / 10
      const end = res.writableFinished ? { status: res.statusCode } : { cutOff: true }
      const facts = { requestId, method, path: path.slice(0, MAX_PATH_CHARACTERS), ms, ...end }
      line.isWritten = true
      if (line.login === undefined) logger[level](facts, 'request')
      else logger[level]({ ...line.login, ...facts }, 'audit')
    })
    currentRequest.run(line, next)
  }
}
