import type { FailureKind } from '../amazon/outcome'

const KINDS: Readonly<Record<FailureKind, string>> = {
  timeout: 'no answer in time',
  unconnected: 'no connection',
  reset: 'the connection broke',
  too_large: 'the answer was too large',
  other: 'no answer that can be read',
}

/**
 * Why nothing was learned of a host.
 *
 * @param isTold Whether the network's own word is shown, which tells of the surroundings of this host.
 */
export function describeUnreached(
  came: {
    readonly status?: number
    readonly error?: string | undefined
    readonly failure?: FailureKind
    readonly reason?: string | undefined
  },
  isTold = true,
): string {
  const { status, error, failure, reason } = came
  if (failure === undefined) {
    return `it answered ${String(status)}${error === undefined ? '' : ` (${error})`}`
  }
  return isTold && reason !== undefined ? `${KINDS[failure]} (${reason})` : KINDS[failure]
}
