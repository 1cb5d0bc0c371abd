import { toAmazonAuthError, type ErrorCode } from '../../errors'

/** Names of the steps of a login: the same in logs, metrics and errors. */
export type StepName =
  | 'parse_request'
  | 'resolve_app'
  | 'verify_state'
  | 'exchange_code'
  | 'fetch_profile'
  | 'upsert_user'
  | 'start_session'
  | 'issue_token'

export interface StepReport {
  readonly step: StepName
  readonly durationMs: number
  /** Undefined when the step succeeded. */
  readonly failure: ErrorCode | undefined
}

export type RunStep = <T>(step: StepName, run: () => T | Promise<T>) => Promise<T>

/** Runs the steps of one login: times each and tells the observer, so that the steps themselves hold neither clock nor log. */
export function createStepRunner(observe: (report: StepReport) => void): RunStep {
  return async (step, run) => {
    const startedAtMs = performance.now()
    const report = (failure?: ErrorCode): void =>
      observe({ step, durationMs: performance.now() - startedAtMs, failure })
    try {
      const result = await run()
      report()
      return result
    } catch (thrown) {
      const error = toAmazonAuthError(thrown)
      report(error.code)
      throw error
    }
  }
}
