import { AmazonAuthError } from '../errors'
import { isSignInRefused, refusalReason } from '../sign-in-refused'

/**
 * Runs a hook of the host: what it throws fails this login, never the process.
 *
 * @throws {AmazonAuthError} `refused_by_host`: the hook says why, to the person; `hook_failed`: it threw anything else.
 */
export async function runHook<T>(hook: () => T | Promise<T>): Promise<T> {
  try {
    return await hook()
  } catch (cause) {
    if (isSignInRefused(cause)) {
      throw new AmazonAuthError('refused_by_host', { problem: refusalReason(cause) || undefined })
    }
    throw new AmazonAuthError('hook_failed', {}, cause)
  }
}
