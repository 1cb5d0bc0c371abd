import type { App } from '../../apps/app'
import type { LoginWay } from '../../audit/audit-event'
import type { LoginExchange } from './login-context'
import { createStepRunner, type RunStep } from './run-step'

/** One attempt to sign in, as far as it has come: what is known of it to those who answer it and tell of it. */
export interface Attempt {
  readonly way: LoginWay
  readonly exchange: LoginExchange
  readonly run: RunStep
  /** Id of the app that the request names, or the host for it; undefined until one has. */
  appId: string | undefined
  /** The app itself; undefined while it is not found, and when there is none. */
  app: App | undefined
  /** The front end it came from. */
  hostUrl?: string | undefined
  aliasIndex?: number | undefined
  /** Where it was to end. */
  returnTo?: string | undefined
  /** Whether a program waits for the bare token (`redirect=false`), rather than a browser for its next page. */
  isForProgram?: boolean
  /** Ends the login, so that its return cannot be used again. */
  end?: () => void
}

export function createAttempt(way: LoginWay, exchange: LoginExchange): Attempt {
  const { logger, metrics } = exchange.services
  const run = createStepRunner((report) => {
    logger.debug(report, 'login step')
    metrics.observeStep(report.step, report.durationMs)
  })
  return { way, exchange, run, appId: undefined, app: undefined }
}
