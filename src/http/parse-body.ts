import type { Request, RequestHandler, Response } from 'express'

import { AmazonAuthError } from '../errors'
import { closeAfterAnswer } from './rest-of-body'

/** As the stand-alone server gives a whole request. */
const BODY_TIMEOUT_MS = 30_000

/** What a limit is about. */
export interface BodyLimit {
  readonly req: Request & { readonly _body?: boolean }
  readonly res: Response
  /** Of the body as it is sent. */
  readonly maxBytes: number
}

/**
 * Runs a parser of Express, and gives up as soon as the body is too large or has not come within 30 seconds: the parser itself
 * would first read it to its end. The connection ends with the answer then.
 *
 * @throws {AmazonAuthError} `body_too_large`, `body_timeout`
 * @throws What the parser hands on.
 */
export function parseBody(parse: RequestHandler, { req, res, maxBytes }: BodyLimit): Promise<void> {
  return new Promise((resolve, reject) => {
    let bytes = 0
    const timer = setTimeout(() => refuse('body_timeout'), BODY_TIMEOUT_MS)
    function settle(): void {
      clearTimeout(timer)
      req.off('data', count)
    }
    function refuse(code: 'body_timeout' | 'body_too_large'): void {
      settle()
      closeAfterAnswer(req, res)
      reject(new AmazonAuthError(code))
    }
    function count(chunk: Buffer): void {
      bytes += chunk.length
      if (bytes > maxBytes) refuse('body_too_large')
    }
    if (!wasRead(req) && Number(req.headers['content-length']) > maxBytes) {
      refuse('body_too_large')
      return
    }
    void parse(req, res, (error?: unknown) => {
      settle()
      if (error === undefined || error === null) resolve()
      // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- as it was handed on
      else reject(error)
    })
    // Where the parser reads. By itself it would take the body from whoever reads it next.
    if (req.listenerCount('data') > 0) req.on('data', count)
  })
}

/** Whether a parser of the host was first. Those of Express 4 say so; those of Express 5 just read the body. */
export function wasRead(req: BodyLimit['req']): boolean {
  return req._body === true || req.readableEnded
}
