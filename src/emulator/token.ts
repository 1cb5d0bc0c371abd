import { jsonAnswer, refusal, type Answer, type Refused } from './answer'
import { authenticateClient } from './authenticate-client'
import { verifyCodeVerifier } from './code-challenge'
import type { CodePair } from './code-pairs'
import type { EmulatorState, Endpoint, EndpointRequest } from './endpoint'
import type { CodeGrant, Grant } from './grants'
import { getParameter, missingParameter, refuseRepeated } from './parameters'

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
  throw refusal(400, 'unsupported_grant_type', description)
}

/**
 * A code is spent by success only: a request that is refused leaves it to the one it was meant
 * for.
 */
function answerCodeGrant(request: EndpointRequest, state: EmulatorState): Answer {
  const { form } = request
  const { clients, grants } = state
  const { client, provedSecret } = authenticateClient(request, clients)
  const code = getParameter(form, 'code')
  const redirectUri = getParameter(form, 'redirect_uri')
  const grant = grants.findCode(code)
  if (grant?.clientId !== client.clientId) throw invalidGrant('code')
  if (grant.redirectUri !== redirectUri) throw invalidGrant('redirect_uri')
  refuseWrongVerifier(grant, form)
  if (!provedSecret && grant.challenge === undefined) throw missingParameter('client_secret')
  grants.spendCode(code)
  return tokenAnswer(grant, state, provedSecret ? { needsSecret: true } : undefined)
}

function answerRefreshGrant(request: EndpointRequest, state: EmulatorState): Answer {
  const { grants } = state
  const { client, provedSecret } = authenticateClient(request, state.clients)
  const shown = getParameter(request.form, 'refresh_token')
  const grant = grants.findRefreshToken(shown)
  if (grant?.clientId !== client.clientId) {
    throw invalidGrant("refresh_token. User may have revoked or didn't grant the permission.")
  }
  if (grant.needsSecret && !provedSecret) throw missingParameter('client_secret')
  const { refreshRotation } = state.tokenRules.get()
  if (refreshRotation === 'replaced') grants.spendRefreshToken(shown)
  return tokenAnswer(grant, state, refreshRotation === 'kept' ? undefined : grant)
}

/** One poll of a device, with Amazon's `grant_type=device_code`, `device_code` and `user_code`. */
function answerDeviceGrant(request: EndpointRequest, state: EmulatorState): Answer {
  const { form, headers } = request
  if (form.has('client_secret') || headers.authorization !== undefined) {
    authenticateClient(request, state.clients)
  }
  const deviceCode = getParameter(form, 'device_code')
  const pair = state.codePairs.find(getParameter(form, 'user_code'))
  if (
    pair?.deviceCode !== deviceCode ||
    pair.clientId !== (form.get('client_id') ?? pair.clientId)
  ) {
    throw refusal(400, 'invalid_code_pair', 'The code pair is unknown, used or expired')
  }
  refuseHaste(pair, state)
  if (pair.decision === 'pending') {
    throw refusal(400, 'authorization_pending', 'The person has not decided yet')
  }
  state.codePairs.end(pair)
  if (pair.decision === 'denied') {
    throw refusal(400, state.deviceDenial, 'The person did not allow the device')
  }
  return tokenAnswer(pair.decision, state, { needsSecret: false })
}

/** Each poll, also one refused for its haste, starts the wait anew. */
function refuseHaste(pair: CodePair, { now, pollIntervalSeconds }: EmulatorState): void {
  const last = pair.lastPolledAtMs ?? -Infinity
  pair.lastPolledAtMs = now()
  if (now() - last < pollIntervalSeconds * 1000) {
    throw refusal(400, 'slow_down', `Wait ${pollIntervalSeconds} seconds between two polls`)
  }
}

/** Fresh tokens for a grant, in the wire form; without `refresh` there is no refresh token. */
function tokenAnswer(
  { clientId, userId, scope }: Grant,
  { grants, tokenRules }: EmulatorState,
  refresh?: { readonly needsSecret: boolean },
): Answer {
  const grant = { clientId, userId, scope }
  const { accessTokenLifeSeconds } = tokenRules.get()
  return jsonAnswer(200, {
    access_token: grants.issueAccessToken(grant, accessTokenLifeSeconds),
    refresh_token:
      refresh && grants.issueRefreshToken({ ...grant, needsSecret: refresh.needsSecret }),
    token_type: 'bearer',
    expires_in: accessTokenLifeSeconds,
  })
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
  return refusal(400, 'invalid_grant', `The request has an invalid grant parameter : ${what}`)
}
