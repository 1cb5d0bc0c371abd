import { errorAnswer, Refused, type Answer } from './answer'
import { authenticateClient } from './authenticate-client'
import { verifyCodeVerifier } from './code-challenge'
import { answerDeviceGrant } from './device-grant'
import type { Endpoint, EndpointRequest } from './endpoint'
import type { EmulatorState } from './emulator-state'
import type { CodeGrant } from './grants'
import { getParameter, missingParameter, refuseRepeated } from './parameters'
import { tokenAnswer } from './token-answer'

const GRANT_TYPES: ReadonlyMap<string, Endpoint> = new Map([
  ['authorization_code', answerCodeGrant],
  ['refresh_token', answerRefreshGrant],
  ['device_code', answerDeviceGrant],
])

/** `/auth/o2/token`: trades a code, a refresh token or a device code for tokens. */
export function token(request: EndpointRequest, state: EmulatorState): Answer {
  refuseRepeated(request.form)
  const answerGrant = GRANT_TYPES.get(getParameter(request.form, 'grant_type'))
  if (answerGrant !== undefined) return answerGrant(request, state)
  const description = 'The authorization grant type is not supported by the authorization server'
  throw new Refused(errorAnswer(400, 'unsupported_grant_type', description))
}

/**
 * A code is spent by success only: a request that is refused leaves it to the one it was meant
 * for.
 */
function answerCodeGrant(request: EndpointRequest, { clients, grants }: EmulatorState): Answer {
  const { form } = request
  const { client, provedSecret } = authenticateClient(request, clients)
  const code = getParameter(form, 'code')
  const redirectUri = getParameter(form, 'redirect_uri')
  const grant = grants.findCode(code)
  if (grant?.clientId !== client.clientId) throw invalidGrant('code')
  if (grant.redirectUri !== redirectUri) throw invalidGrant('redirect_uri')
  refuseWrongVerifier(grant, form)
  if (!provedSecret && grant.challenge === undefined) throw missingParameter('client_secret')
  grants.spendCode(code)
  return tokenAnswer(grant, grants, provedSecret ? { needsSecret: true } : undefined)
}

function answerRefreshGrant(request: EndpointRequest, { clients, grants }: EmulatorState): Answer {
  const { client, provedSecret } = authenticateClient(request, clients)
  const grant = grants.findRefreshToken(getParameter(request.form, 'refresh_token'))
  if (grant?.clientId !== client.clientId) {
    throw invalidGrant("refresh_token. User may have revoked or didn't grant the permission.")
  }
  if (grant.needsSecret && !provedSecret) throw missingParameter('client_secret')
  return tokenAnswer(grant, grants, grant)
}

/**
 * A verifier without a challenge is refused too: else an attacker could strip the challenge (RFC
 * 9700, 4.8.2).
 */
function refuseWrongVerifier({ challenge }: CodeGrant, form: URLSearchParams): void {
  if (challenge === undefined) {
    if (form.has('code_verifier')) throw invalidGrant('code_verifier')
    return
  }
  if (!verifyCodeVerifier(getParameter(form, 'code_verifier'), challenge)) {
    throw invalidGrant('code_verifier')
  }
}

function invalidGrant(what: string): Refused {
  const description = `The request has an invalid grant parameter : ${what}`
  return new Refused(errorAnswer(400, 'invalid_grant', description))
}
