import type { IncomingMessage, ServerResponse } from 'node:http'

import type { Application, Request, RequestHandler, Response } from 'express'

import { once } from '../../lazily'
import { loadExpress } from '../../load-express'
import type { Connect } from '../installation'
import { keepOverrides } from './keep-overrides'

/**
 * Runs middleware of Express for a request of any server.
 *
 * @returns Whether it has been answered; it rejects with what the middleware hands on as an error.
 */
export type RunExpress = (req: IncomingMessage, res: ServerResponse) => Promise<boolean>

export interface ExpressHost {
  /** Where the first of the middleware lies; the others are for all requests. Empty: the root. */
  readonly basePath: string
  /** Gives the services as soon as the configuration is read. */
  readonly connect: Connect
}

export function createRunExpress(
  [first, ...others]: readonly RequestHandler[],
  { basePath, connect }: ExpressHost,
): { readonly app: Application; readonly run: RunExpress } {
  const app = loadExpress()()
  app.disable('x-powered-by')
  if (first !== undefined) app.use(basePath === '' ? '/' : basePath, first)
  for (const other of others) app.use(other)
  const settled = once(async () => {
    const { policy } = await connect()
    app.set('trust proxy', policy.trustProxy ?? false)
  })

  async function run(req: IncomingMessage, res: ServerResponse): Promise<boolean> {
    await settled()
    keepOverrides(req)
    keepOverrides(res)
    return new Promise((resolve, reject) => {
      const answered = (): void => resolve(true)
      res.once('finish', answered)
      res.once('close', answered)
      // Typed for requests that are Express's already; it is what makes them so.
      app(req as Request, res as Response, (error?: unknown) => {
        res.off('finish', answered)
        res.off('close', answered)
        if (error === undefined || error === null) resolve(false)
        else reject(toError(error))
      })
    })
  }
  return { app, run }
}

function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error('no error was thrown', { cause: thrown })
}
