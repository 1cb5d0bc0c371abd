import type { Context, Span } from '@opentelemetry/api'

import type { OpenTelemetry } from './find-open-telemetry'
import { markFailed } from './in-span'
import type { AttemptTrace } from './tracing'

/** Undefined: nobody wants it, as the request that it belongs to is not sampled. */
export function beginAttempt(way: string, found: OpenTelemetry): AttemptTrace | undefined {
  const { api, tracer } = found
  const name = `amazon_auth.${way}`
  const outer = api.context.active()
  const span = tracer.startSpan(name, { attributes: { 'amazon_auth.way': way } }, outer)
  if (!span.isRecording()) {
    span.end()
    return undefined
  }
  const inner = api.trace.setSpan(outer, span)
  const place: Place = { span, step: undefined }
  const leave = (): void => {
    place.step?.end()
    place.step = undefined
  }
  return {
    run: (work) => api.context.with(inner.setValue(PLACE, place), work),
    enter(step) {
      leave()
      const attributes = { 'amazon_auth.step': step }
      place.step = tracer.startSpan(`amazon_auth.${step}`, { attributes }, inner)
    },
    leave,
    fail(code) {
      if (place.step !== undefined) markFailed(place.step, code, api)
      markFailed(span, code, api)
    },
    end({ app, leg }) {
      leave()
      if (app !== undefined) span.setAttribute('amazon_auth.app', app)
      if (leg !== undefined) span.updateName(`${name}.${leg}`)
      span.end()
    },
  }
}

/** Where an attempt is: its steps begin and end while its work runs in one context. */
interface Place {
  readonly span: Span
  step: Span | undefined
}

const PLACE = Symbol('place of an attempt')

/** The context that what is done now belongs to: the step of an attempt, unless somebody has begun a span within it. */
export function currentContext({ api }: OpenTelemetry): Context {
  const active = api.context.active()
  const place = active.getValue(PLACE) as Place | undefined
  if (place?.step === undefined || api.trace.getSpan(active) !== place.span) return active
  return api.trace.setSpan(active, place.step)
}
