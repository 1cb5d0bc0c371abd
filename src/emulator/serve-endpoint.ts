import { setTimeout } from 'node:timers/promises'
import type { Request, RequestHandler, Response } from 'express'
import { findAccessToken } from './access-token'
import { Refused, sendAnswer, type Answer } from './answer'
import { parseBasic } from './authenticate-client'
import type { EmulatorState, Endpoint, EndpointRequest } from './endpoint'
import type { FaultAction } from './faults/fault'
import { FAULTS } from './faults/fault-table'
import type { FaultEndpoint } from './faults/faults'
import { readForm, readQuery } from './parameters'

/**
 * Makes an endpoint an Express handler: waits the latency, then plays its fault or sends its
 * answer.
 */
export function serveEndpoint(
  name: FaultEndpoint,
  endpoint: Endpoint,
  state: EmulatorState,
): RequestHandler {
  return async (req, res, next) => {
    const request = toEndpointRequest(req)
    const wait = waitUntilGone(res)
    const { name: faultName, ...params } = state.faults.take(name, clientIdOf(request, state)) ?? {}
    const action: FaultAction = (exchange) =>
      faultName === undefined ? answerTruly(exchange) : FAULTS[faultName](exchange)
    try {
      if (state.latencyMs > 0) await wait(state.latencyMs)
      await action({ req, res, params, wait, answer: () => answerOf(endpoint, request, state) })
    } catch (error) {
      // Whoever hung up while we waited needs no answer.
      if (!res.closed) next(error)
    }
  }
}

const answerTruly: FaultAction = ({ res, answer }) => {
  sendAnswer(res, answer())
}

function toEndpointRequest(req: Request): EndpointRequest {
  return {
    method: req.method,
    query: readQuery(req),
    form: readForm(req),
    headers: req.headers,
  }
}

function answerOf(endpoint: Endpoint, request: EndpointRequest, state: EmulatorState): Answer {
  try {
    return endpoint(request, state)
  } catch (error) {
    if (error instanceof Refused) return error.answer
    throw error
  }
}

/** The client a request is made for, as far as it can be told: faults may be set for one client. */
function clientIdOf(request: EndpointRequest, { grants }: EmulatorState): string | undefined {
  return (
    request.form.get('client_id') ??
    request.query.get('client_id') ??
    parseBasic(request.headers.authorization)?.clientId ??
    grants.findAccessToken(findAccessToken(request) ?? '')?.clientId
  )
}

function waitUntilGone(res: Response): (ms: number) => Promise<void> {
  const gone = new AbortController()
  res.once('close', () => {
    if (!res.writableFinished) gone.abort()
  })
  return (ms) => setTimeout(ms, undefined, { signal: gone.signal })
}
