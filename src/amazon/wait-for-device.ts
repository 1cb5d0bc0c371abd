import { setTimeout as sleep } from 'node:timers/promises'

import { AmazonAuthError, toAmazonAuthError } from '../errors'
import type { CodePair } from './create-code-pair'
import type { AmazonTokens } from './parse-tokens'
import type { DevicePoll } from './poll-device'

/** RFC 8628, section 3.5; also where Amazon does not answer. */
const SLOWER_BY_SECONDS = 5

/**
 * Polls for a pair of codes until it is granted.
 *
 * @throws {AmazonAuthError} `access_denied`, `device_expired`, and what `poll` throws, but for what passes by itself.
 * @throws {Error} `AbortError`: the signal has ended it.
 */
export async function waitForDevice(
  pair: CodePair,
  poll: (pair: CodePair) => Promise<DevicePoll>,
  signal: AbortSignal | undefined,
): Promise<AmazonTokens> {
  const untilMs = performance.now() + pair.expiresInSeconds * 1000
  let waitSeconds = pair.intervalSeconds
  for (;;) {
    await sleep(waitSeconds * 1000, undefined, signal && { signal })
    const answer = await pollThroughOutages(pair, poll)
    if (answer.state === 'granted') return answer.tokens
    if (answer.state === 'denied') throw new AmazonAuthError('access_denied')
    if (answer.state === 'ended') throw new AmazonAuthError('device_expired')
    if (answer.state === 'slow_down') waitSeconds += SLOWER_BY_SECONDS
    if (performance.now() > untilMs) throw new AmazonAuthError('device_expired')
  }
}

async function pollThroughOutages(
  pair: CodePair,
  poll: (pair: CodePair) => Promise<DevicePoll>,
): Promise<DevicePoll> {
  try {
    return await poll(pair)
  } catch (thrown) {
    if (toAmazonAuthError(thrown).status === 503) return { state: 'slow_down' }
    throw thrown
  }
}
