import { jsonAnswer, refusal, type Answer } from './answer'
import { invalidClient } from './authenticate-client'
import { CODE_PAIR_LIFE_SECONDS } from './code-pairs'
import type { EmulatorState, EndpointRequest } from './endpoint'
import { getParameter, invalidRequest, refuseRepeated } from './parameters'
import { isKnownScope } from './scopes'

/**
 * `/auth/o2/create/codepair`: a device asks for the code that it shows and the one that it polls
 * with.
 */
export function codePair({ form }: EndpointRequest, state: EmulatorState): Answer {
  refuseRepeated(form)
  if (getParameter(form, 'response_type') !== 'device_code') {
    throw invalidRequest('The request has an invalid parameter : response_type')
  }
  const clientId = getParameter(form, 'client_id')
  if (state.clients.find(clientId) === undefined) throw invalidClient()
  const scope = getParameter(form, 'scope')
  if (!isKnownScope(scope)) {
    throw refusal(400, 'invalid_scope', 'The request has an invalid parameter : scope')
  }
  const { userCode, deviceCode } = state.codePairs.issue(clientId, scope)
  return jsonAnswer(200, {
    user_code: userCode,
    device_code: deviceCode,
    verification_uri: `${state.origin}/us/code`,
    expires_in: CODE_PAIR_LIFE_SECONDS,
    interval: state.pollIntervalSeconds,
  })
}
