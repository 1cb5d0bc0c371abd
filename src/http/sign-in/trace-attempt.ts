import type { AttemptTrace } from '../../telemetry/tracing'
import type { Attempt } from './attempt'

/** Does an attempt's work, in a span of its own where somebody traces. */
export function traceAttempt<T>(attempt: Attempt, work: () => Promise<T>): Promise<T> {
  const trace = attempt.services.tracing.beginAttempt(attempt.way)
  return trace === undefined ? work() : traced(attempt, trace, work)
}

async function traced<T>(
  attempt: Attempt,
  trace: AttemptTrace,
  work: () => Promise<T>,
): Promise<T> {
  attempt.trace = trace
  try {
    return await trace.run(work)
  } finally {
    trace.end({ app: attempt.app?.id, leg: attempt.leg })
  }
}
