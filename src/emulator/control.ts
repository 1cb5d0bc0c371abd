import type { ErrorRequestHandler, Router } from 'express'

import { loadExpress } from '../load-express'
import { parseClient, type EmulatorClient } from './clients'
import type { EmulatorState } from './endpoint'
import { FAULT_NAMES } from './faults/fault-table'
import type { FaultRule } from './faults/faults'
import type { Grant } from './grants'
import type { TokenRuleValues } from './token-rules'

/**
 * `/emulator/…`: faults, rules of tokens, consents, journal and clients for other processes and for curl. A change needs a
 * JSON body, which no page of another site can send without asking first.
 */
export function control(state: EmulatorState): Router {
  const { faults, tokenRules, journal, clients, grants } = state
  const express = loadExpress()
  const router = express.Router()
  router.use(express.json())

  router
    .route('/faults')
    .get((_req, res) => void res.json({ faults: faults.list(), names: FAULT_NAMES }))
    .put((req, res) => {
      faults.set(req.body as FaultRule)
      res.json({ faults: faults.list() })
    })
    .delete((_req, res) => {
      faults.clear()
      res.status(204).end()
    })

  router
    .route('/tokens')
    .get((_req, res) => void res.json(tokenRules.get()))
    .put((req, res) => {
      tokenRules.set(req.body as Partial<TokenRuleValues>)
      res.json(tokenRules.get())
    })

  router
    .route('/consents')
    .get((_req, res) => void res.json({ consents: grants.listConsents() }))
    .delete((req, res) => {
      grants.withdraw(parseConsent(req.body))
      res.status(204).end()
    })

  router
    .route('/journal')
    .get((req, res) => {
      const { path } = req.query
      res.json({ entries: journal.entries(typeof path === 'string' ? { path } : {}) })
    })
    .delete((_req, res) => {
      journal.clear()
      res.status(204).end()
    })

  router
    .route('/clients')
    .get((_req, res) => void res.json({ clients: clients.list().map(withoutSecret) }))
    .post((req, res) => {
      const client = parseClient(req.body)
      clients.add(client)
      res.status(201).json(withoutSecret(client))
    })

  router.use(refuseBadInput)
  return router
}

function parseConsent(input: unknown): Pick<Grant, 'clientId' | 'userId'> {
  const { clientId, userId } = (input ?? {}) as Partial<Record<keyof Grant, unknown>>
  if (typeof clientId === 'string' && typeof userId === 'string') return { clientId, userId }
  throw new TypeError('clientId and userId must be strings')
}

function withoutSecret({ clientId, name, allowedReturnUrls }: EmulatorClient) {
  return { clientId, name, allowedReturnUrls }
}

/** What the parsers of faults and clients throw is what the caller needs to read. */
const refuseBadInput: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  if (!(error instanceof TypeError || error instanceof SyntaxError)) {
    next(error)
    return
  }
  res.status(400).json({ error: 'invalid_request', message: error.message })
}
