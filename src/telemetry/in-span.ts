import type { Context, Span, SpanOptions } from '@opentelemetry/api'

import { toAmazonAuthError } from '../errors'
import type { OpenTelemetry } from './find-open-telemetry'

export interface SpanPlan extends SpanOptions {
  readonly name: string
  /** Default: what is active. */
  readonly parent?: Context
  /** Changes the context that the work is done in. */
  readonly within?: (context: Context) => Context
}

/** Does work in a span, which ends with it, and tells a failure by its code. */
export async function inSpan<T>(
  { name, parent, within, ...options }: SpanPlan,
  work: (span: Span) => Promise<T>,
  { api, tracer }: OpenTelemetry,
): Promise<T> {
  const outer = parent ?? api.context.active()
  const span = tracer.startSpan(name, options, outer)
  const inner = api.trace.setSpan(outer, span)
  try {
    return await api.context.with(within?.(inner) ?? inner, () => work(span))
  } catch (error) {
    markFailed(span, toAmazonAuthError(error).code, api)
    throw error
  } finally {
    span.end()
  }
}

/** By a code, never by an error, whose message and stack are for the log. */
export function markFailed(
  span: Span,
  code: string,
  { SpanStatusCode }: OpenTelemetry['api'],
): void {
  span.setAttribute('error.type', code)
  span.setStatus({ code: SpanStatusCode.ERROR, message: code })
}
