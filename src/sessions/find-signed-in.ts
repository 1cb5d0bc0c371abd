import type { App } from '../apps/app'
import type { AppDirectory } from '../apps/app-directory'
import type { User, UserStore } from '../users/user'
import { findSignIn, type SignIns } from './sign-ins'

export interface SignedIn {
  readonly app: App
  readonly user: User
}

export interface SessionLimits {
  /** A session unused for this long has ended, in milliseconds. */
  readonly idleMs: number
  /** A sign-in ends after this long, used or not, in milliseconds. */
  readonly absoluteMs: number
}

/**
 * Who a browser session is signed in as, in one app or (without `appId`) in the one it signed in to last.
 * App and user are read anew each time, so a locked or deleted one is out at once.
 */
export async function findSignedIn(
  signIns: SignIns,
  appId: string | undefined,
  deps: {
    readonly apps: AppDirectory
    readonly users: Pick<UserStore, 'findById'>
    readonly limits: SessionLimits
    readonly now: () => number
  },
): Promise<SignedIn | undefined> {
  const signIn = findSignIn(signIns, appId)
  if (signIn === undefined || hasEnded(signIns.seenAtMs, signIn.sinceMs, deps)) return undefined
  const app = await deps.apps.find(signIn.appId)
  if (app?.active !== true) return undefined
  const user = await deps.users.findById(app.id, signIn.userId)
  return isStillIn(user, signIn.epoch) ? { app, user } : undefined
}

/** Whether a user may go on as signed in: neither gone nor locked nor signed out everywhere since, which begins another epoch. */
export function isStillIn(user: User | undefined, epoch: number): user is User {
  return user?.active === true && user.sessionEpoch === epoch
}

function hasEnded(
  seenAtMs: number,
  sinceMs: number,
  { limits, now }: { readonly limits: SessionLimits; readonly now: () => number },
): boolean {
  const nowMs = now()
  return nowMs - seenAtMs >= limits.idleMs || nowMs - sinceMs >= limits.absoluteMs
}
