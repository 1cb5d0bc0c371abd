import type { Logger } from '../logger'
import { beginAttempt } from './begin-attempt'
import { findOpenTelemetry } from './find-open-telemetry'
import { inSpan } from './in-span'
import { traceQuery } from './trace-query'
import { traceRequest } from './trace-request'
import type { Tracing } from './tracing'

/**
 * Traces by OpenTelemetry while an SDK of it is registered in this process, and does nothing otherwise.
 *
 * @param logger Told once, where an SDK is there and cannot be reached.
 */
export function createTracing(logger: Logger): Tracing {
  const find = findOpenTelemetry(logger)
  return {
    isOn: () => find() !== undefined,
    beginAttempt(way) {
      const found = find()
      return found && beginAttempt(way, found)
    },
    request(request, work, read) {
      const found = find()
      return found === undefined ? work() : traceRequest(request, { work, read }, found)
    },
    query(query, work) {
      const found = find()
      return found === undefined ? work() : traceQuery(query, work, found)
    },
    run(name, appId, work) {
      const found = find()
      if (found === undefined) return work()
      return inSpan({ name, attributes: { 'amazon_auth.app': appId } }, work, found)
    },
  }
}
