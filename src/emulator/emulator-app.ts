import type { ErrorRequestHandler, Express, RequestHandler } from 'express'

import { loadExpress } from '../load-express'
import { profile, tokenInfo } from './access-token'
import { errorAnswer, sendAnswer } from './answer'
import { authorize } from './authorize'
import { codePair } from './code-pair'
import { consentsPage } from './consents-page'
import { control } from './control'
import { devicePage } from './device-page'
import type { EmulatorState } from './endpoint'
import { homePage } from './pages/home-page'
import { recordRequest } from './record-request'
import { serveEndpoint } from './serve-endpoint'
import { token } from './token'

/** Which path leads where. */
export function emulatorApp(state: EmulatorState): Express {
  const express = loadExpress()
  const app = express().disable('x-powered-by').enable('case sensitive routing')
  app.get('/', (_req, res) => sendAnswer(res, homePage(state)))
  app.use('/emulator', control(state))

  app.use(express.text({ type: 'application/x-www-form-urlencoded' }), recordRequest(state))
  const consent = serveEndpoint('authorize', authorize, state)
  const device = serveEndpoint('authorize', devicePage, state)
  app.route('/ap/oa').get(consent).post(consent)
  app.route('/us/code').get(device).post(device)
  const consents = serveEndpoint('authorize', consentsPage, state)
  app.route('/ap/adam').get(consents).post(consents)
  app.post('/auth/o2/token', serveEndpoint('token', token, state))
  app.get('/user/profile', serveEndpoint('profile', profile, state))
  app.get('/auth/o2/tokeninfo', serveEndpoint('tokeninfo', tokenInfo, state))
  // Amazon's guide spells it both ways.
  const pair = serveEndpoint('codepair', codePair, state)
  app.post('/auth/o2/create/codepair', pair).post('/auth/O2/create/codepair', pair)

  return app.use(notFound, refuseUnreadable)
}

const notFound: RequestHandler = (req, res) => {
  const description = `Nothing answers ${req.method} ${req.path}: the start page lists what does`
  sendAnswer(res, errorAnswer(404, 'invalid_request', description))
}

/** A body that Express could not read (too large, odd encoding) or a bug of ours. */
const refuseUnreadable: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  if (res.headersSent) {
    next(error)
    return
  }
  const status = statusOf(error)
  const name = status < 500 ? 'invalid_request' : 'ServerError'
  sendAnswer(res, errorAnswer(status, name, `The emulator could not answer: ${String(error)}`))
}

function statusOf(error: unknown): number {
  const named = error instanceof Error && 'status' in error ? Number(error.status) : 500
  return named >= 400 && named < 600 ? named : 500
}
