import { buildEndpoints } from '../../amazon/endpoints'
import { isLoopback } from '../../is-loopback'
import type { Config } from '../../config/config'
import { CommandError } from '../command-error'

const PATIENCE_MS = 1_000

/**
 * Makes sure that the "Amazon" on this machine is not our emulator, where anyone signs in as anyone.
 *
 * @throws {CommandError} It is.
 */
export async function refuseEmulator(amazon: Config['amazon']): Promise<void> {
  const { authorize, ...endpoints } = buildEndpoints(amazon.region, amazon)
  const { token, profile, tokenInfo, codePair } = endpoints
  const apis = [token, profile, tokenInfo, codePair].map(({ origin }) => origin)
  for (const origin of new Set([new URL(authorize).origin, ...apis])) {
    if (!isLoopback(new URL(origin)) || !(await isEmulator(origin))) continue
    throw new CommandError(
      `${origin} is the emulator of Amazon, where anyone can sign in as anyone.\n` +
        'If that is what you want, start with --allow-emulator.',
    )
  }
}

/** The emulator tells its faults; nothing else does. What does not answer is none. */
async function isEmulator(origin: string): Promise<boolean> {
  try {
    const answer = await fetch(`${origin}/emulator/faults`, {
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    const told = (await answer.json()) as Readonly<Record<string, unknown>> | null
    return Array.isArray(told?.faults) && Array.isArray(told.names)
  } catch {
    return false
  }
}
