import type { Request, Response } from 'express'

/**
 * What all of the middleware takes for granted of a request and an answer.
 *
 * @throws {TypeError} They are those of node:http, of connect() or of another framework.
 */
export function requireExpress(req: Partial<Request>, res: Partial<Response>): void {
  if (typeof req.get === 'function' && typeof res.cookie === 'function') return
  throw new TypeError(
    'amazonAuth: this is no request of Express, so it cannot be served: mount the middleware by app.use() of express(). ' +
      'A server of node:http or connect() takes such an app in place of a middleware: createServer(app), use(app). Fastify does with @fastify/express.',
  )
}
