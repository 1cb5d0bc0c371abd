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
      'For node:http, Fastify, Koa, Hono and others there is createAuthHandler() of express-amazon-auth/handler.',
  )
}
