import { createHash } from 'node:crypto'
import { resolveAccessToken } from './access-token'
import { jsonAnswer, type Answer } from './answer'
import type { EndpointRequest } from './endpoint'
import type { EmulatorState } from './emulator-state'

/** `/auth/o2/tokeninfo`: whom and which client an access token was issued for. */
export function tokenInfo(request: EndpointRequest, state: EmulatorState): Answer {
  const { clientId, userId, issuedAtMs, expiresAtMs } = resolveAccessToken(request, state)
  return jsonAnswer(200, {
    aud: clientId,
    user_id: userId,
    iss: 'https://www.amazon.com',
    // Amazon's own use of the word: seconds left, not a date.
    exp: Math.floor((expiresAtMs - state.now()) / 1000),
    app_id: appIdOf(clientId),
    iat: Math.floor(issuedAtMs / 1000),
  })
}

/**
 * Amazon keeps an id for the app beside that of the client; here the one follows from the other.
 */
function appIdOf(clientId: string): string {
  return `amzn1.application.${createHash('sha256').update(clientId).digest('hex').slice(0, 32)}`
}
