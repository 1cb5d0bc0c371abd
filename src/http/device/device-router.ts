import type { Request, RequestHandler, Response } from 'express'

import { allowOrigins } from '../allow-origins'
import { protectAnswer, refuseMethod } from '../answer'
import type { Connect, Visit } from '../installation'
import { LOGIN_PATH } from '../public-address'
import { giveCodes, giveToken } from './device-api'
import { createHaste } from './haste'

export const DEVICE_PATH = `${LOGIN_PATH}/device`

/**
 * Signing in on devices: `POST /amazon_auth/device` and `/amazon_auth/device/token`. In any case and with or without a slash
 * at the end, as all paths of a login.
 */
export function createDeviceRouter(connect: Connect): RequestHandler {
  const haste = createHaste()
  const crossOrigin = allowOrigins(connect)
  const posts = new Map<string, (visit: Visit) => Promise<void>>([
    [DEVICE_PATH, giveCodes],
    [`${DEVICE_PATH}/token`, (visit) => giveToken(visit, haste)],
  ])
  const refuse = refuseMethod(['POST'])
  const refuseOnPage = refuseMethod(['GET', 'POST'])

  async function serve(
    handle: (visit: Visit) => Promise<void>,
    req: Request,
    res: Response,
  ): Promise<void> {
    await handle({ req, res, services: await connect() })
  }

  return (req, res, next) => {
    const path = req.path.toLowerCase().replace(/\/$/, '')
    const post = posts.get(path)
    if (post === undefined) {
      next()
      return
    }
    protectAnswer(res)
    crossOrigin(req, res, (error?: unknown) => {
      if (error !== undefined) next(error)
      else if (req.method === 'POST') serve(post, req, res).catch(next)
      else if (path !== DEVICE_PATH) void refuse(req, res, next)
      else if (req.method === 'GET') next()
      else void refuseOnPage(req, res, next)
    })
  }
}
