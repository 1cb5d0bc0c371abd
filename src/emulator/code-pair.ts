import { errorAnswer, jsonAnswer, Refused, type Answer } from './answer'
import { CODE_PAIR_LIFE_SECONDS } from './code-pairs'
import type { EndpointRequest } from './endpoint'
import type { EmulatorState } from './emulator-state'
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
  if (state.clients.find(clientId) === undefined) {
    throw new Refused(errorAnswer(401, 'invalid_client', 'Client authentication failed'))
  }
  const scope = getParameter(form, 'scope')
  if (!isKnownScope(scope)) {
    const description = 'The request has an invalid parameter : scope'
    throw new Refused(errorAnswer(400, 'invalid_scope', description))
  }
  return issue(clientId, scope, state)
}

function issue(clientId: string, scope: string, state: EmulatorState): Answer {
  const { userCode, deviceCode } = state.codePairs.issue(clientId, scope)
  return jsonAnswer(200, {
    user_code: userCode,
    device_code: deviceCode,
    verification_uri: `${state.origin}/us/code`,
    expires_in: CODE_PAIR_LIFE_SECONDS,
    interval: state.pollIntervalSeconds,
  })
}
