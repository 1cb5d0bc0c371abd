import { errorAnswer, Refused, type Answer } from './answer'
import type { CodePair } from './code-pairs'
import type { EndpointRequest } from './endpoint'
import type { EmulatorState } from './emulator-state'
import { getParameter } from './parameters'
import { tokenAnswer } from './token-answer'

/** One poll of a device, with Amazon's `grant_type=device_code`, `device_code` and `user_code`. */
export function answerDeviceGrant({ form }: EndpointRequest, state: EmulatorState): Answer {
  const deviceCode = getParameter(form, 'device_code')
  const pair = state.codePairs.find(getParameter(form, 'user_code'))
  if (
    pair?.deviceCode !== deviceCode ||
    pair.clientId !== (form.get('client_id') ?? pair.clientId)
  ) {
    throw refusal('invalid_code_pair', 'The code pair is unknown, used or expired')
  }
  refuseHaste(pair, state)
  if (pair.decision === 'pending') {
    throw refusal('authorization_pending', 'The person has not decided yet')
  }
  state.codePairs.end(pair)
  if (pair.decision === 'denied') {
    throw refusal('invalid_code_pair', 'The person did not allow the device')
  }
  return tokenAnswer(pair.decision, state.grants, { needsSecret: false })
}

/** Each poll, also one refused for its haste, starts the wait anew. */
function refuseHaste(pair: CodePair, { now, pollIntervalSeconds }: EmulatorState): void {
  const last = pair.lastPolledAtMs ?? -Infinity
  pair.lastPolledAtMs = now()
  if (now() - last < pollIntervalSeconds * 1000) {
    throw refusal('slow_down', `Wait ${pollIntervalSeconds} seconds between two polls`)
  }
}

function refusal(error: string, description: string): Refused {
  return new Refused(errorAnswer(400, error, description))
}
