import type { AuthServices } from './auth-services'

/** Gives the services as soon as the configuration is read. */
export type Connect = () => Promise<AuthServices>

/** One `amazonAuth()`: what its middleware and its guards share, and what tells it from others in the same process. */
export interface Installation {
  readonly connect: Connect
  /** Name of the session cookie; undefined: the configuration is not read yet. */
  sessionCookie(): string | undefined
  /** Logs a warning, the first time only. */
  warnOnce(services: AuthServices, message: string, facts?: object): void
}
