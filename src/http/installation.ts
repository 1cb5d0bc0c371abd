import type { Request, Response } from 'express'

import type { WarnOfAbsentApp } from './absent-apps'
import type { AuthServices, SignInServices } from './auth-services'

/** Gives the services as soon as the configuration is read. */
export type Connect = () => Promise<AuthServices>

/** A request and what it is answered with. */
export interface Visit {
  readonly req: Request
  readonly res: Response
  readonly services: SignInServices
}

/** One that browsers open to sign in or out. */
export interface LoginVisit extends Visit {
  /** Path the middleware is mounted under; empty at the root. */
  readonly mountPath: string
  /** Logs a warning (about an app), the first time only. */
  readonly warnOnce: (appId: string | undefined, message: string, facts?: object) => void
}

/** What a sign-out ends. */
export interface SignOut {
  /** The app to sign out of; undefined: all that the browser is signed in to. */
  readonly appId: string | undefined
  /** All sessions and tokens of its users there, not only those of this browser. */
  readonly everywhere: boolean
}

/** One `amazonAuth()`: what its middleware and its guards share, and what tells it from others in the same process. */
export interface Installation {
  readonly connect: Connect
  /** Name of the session cookie; undefined: the configuration is not read yet. */
  sessionCookie(): string | undefined
  /** Path it is mounted under, for requests outside of it, as far as the first one has told; empty: the root. */
  mountPath(): string
  /** Ends sign-ins of a browser, and what its logins have left. */
  signOut(visit: Visit, what: SignOut): Promise<void>
  /** Logs a warning, the first time only. */
  warnOnce(services: Pick<SignInServices, 'logger'>, message: string, facts?: object): void
  /** Logs that nobody gets in, for want of the app. */
  readonly warnOfAbsentApp: WarnOfAbsentApp
}
