import { jsonAnswer, refusal, type Answer } from './answer'
import { invalidClient } from './authenticate-client'
import type { EmulatorState, EndpointRequest } from './endpoint'
import { getParameter, invalidRequest, refuseRepeated } from './parameters'
import { isKnownScope } from './scopes'

/**
 * `/auth/o2/create/codepair`: a device asks for the code that it shows and the one that it polls
 * with.
 */
export function codePair({ form, headers }: EndpointRequest, state: EmulatorState): Answer {
  refuseRepeated(form)
  refuseOddLanguages(headers['accept-language'])
  if (getParameter(form, 'response_type') !== 'device_code') {
    throw invalidRequest('The request has an invalid parameter : response_type')
  }
  const clientId = getParameter(form, 'client_id')
  const client = state.clients.find(clientId)
  if (client === undefined) throw invalidClient()
  if (client.kind === 'web') {
    const description = 'The client is not authorized to request a code pair'
    throw refusal(400, 'unauthorized_client', description)
  }
  const scope = getParameter(form, 'scope')
  if (!isKnownScope(scope)) {
    throw refusal(400, 'invalid_scope', 'The request has an invalid parameter : scope')
  }
  const { userCode, deviceCode } = state.codePairs.issue(clientId, scope)
  return jsonAnswer(200, {
    user_code: userCode,
    device_code: deviceCode,
    verification_uri: `${state.origin}/us/code`,
    expires_in: state.codePairs.lifeSeconds,
    interval: state.pollIntervalSeconds,
  })
}

const LANGUAGES = /^(?:[a-z]{1,8}(?:-[a-z0-9]{1,8})*|\*)(?:;q=[01](?:\.\d{1,3})?)?$/i

/** RFC 9110, section 12.5.4: what a header of another form would do at Amazon is not known. */
function refuseOddLanguages(header: string | undefined): void {
  if (header === undefined) return
  if (header.length <= 256 && header.split(/\s*,\s*/).every((item) => LANGUAGES.test(item))) return
  throw invalidRequest('The request has an invalid header : Accept-Language')
}
