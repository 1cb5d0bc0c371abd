import { createHash } from 'node:crypto'
import { jsonAnswer, refusal, type Answer } from './answer'
import type { EmulatorState, EndpointRequest } from './endpoint'
import type { IssuedGrant } from './grants'
import { missingParameter, refuseRepeated } from './parameters'

/** The access token of a request, from either header or the query; undefined when there is none. */
export function findAccessToken({ headers, query }: EndpointRequest): string | undefined {
  const own = headers['x-amz-access-token']
  if (typeof own === 'string') return own
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
  return bearer ?? query.get('access_token') ?? undefined
}

/** `/user/profile`: what the scope of an access token shows of the person. */
export function profile(request: EndpointRequest, state: EmulatorState): Answer {
  const { userId, scope } = resolveAccessToken(request, state)
  const person = state.people.find((one) => one.userId === userId)
  const granted = scope.split(' ')
  const shown = granted.includes('profile') ? person : undefined
  return jsonAnswer(200, {
    user_id: userId,
    name: shown?.name,
    email: shown?.email,
    ...shown?.further,
    postal_code: granted.includes('postal_code') ? person?.postalCode : undefined,
  })
}

/** `/auth/o2/tokeninfo`: whom and which client an access token was issued for. */
export function tokenInfo(request: EndpointRequest, state: EmulatorState): Answer {
  const { clientId, userId, issuedAtMs, expiresAtMs } = resolveAccessToken(request, state)
  return jsonAnswer(200, {
    aud: clientId,
    user_id: userId,
    iss: state.issuer,
    // Amazon's own use of the word: seconds left, not a date.
    exp: Math.floor((expiresAtMs - state.now()) / 1000),
    app_id: appIdOf(clientId),
    iat: Math.floor(issuedAtMs / 1000),
  })
}

/** What the token of a request gives access to. Throws `Refused` with Amazon's `invalid_token`. */
function resolveAccessToken(request: EndpointRequest, { grants }: EmulatorState): IssuedGrant {
  refuseRepeated(request.query)
  const token = findAccessToken(request)
  if (token === undefined || token === '') throw missingParameter('access_token')
  const grant = grants.findAccessToken(token)
  if (grant !== undefined) return grant
  throw refusal(400, 'invalid_token', 'The request has an invalid parameter : access_token')
}

/** Amazon keeps an id for the app beside that of the client; here the one follows from the other. */
function appIdOf(clientId: string): string {
  return `amzn1.application.${createHash('sha256').update(clientId).digest('hex').slice(0, 32)}`
}
