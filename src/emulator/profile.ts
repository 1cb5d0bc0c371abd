import { resolveAccessToken } from './access-token'
import { jsonAnswer, type Answer } from './answer'
import type { EndpointRequest } from './endpoint'
import type { EmulatorState } from './emulator-state'
import { buildProfile } from './scopes'

/** `/user/profile`: what the access token's scope shows of the person. */
export function profile(request: EndpointRequest, state: EmulatorState): Answer {
  const grant = resolveAccessToken(request, state)
  const person = state.people.find(({ userId }) => userId === grant.userId)
  return jsonAnswer(200, buildProfile(person ?? { userId: grant.userId }, grant))
}
