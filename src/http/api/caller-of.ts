import type { App } from '../../apps/app'
import { AmazonAuthError } from '../../errors'
import type { UserCaller } from '../../request-auth/caller'
import type { Call } from './operation'

/** The app that calls, or the one of the user who does. */
export function callingApp({ caller }: Call): App {
  if (caller === undefined) throw new AmazonAuthError('unauthorized')
  return caller.app
}

export function callingUser({ caller }: Call): UserCaller {
  if (caller?.kind !== 'user') throw new AmazonAuthError('unauthorized')
  return caller
}
