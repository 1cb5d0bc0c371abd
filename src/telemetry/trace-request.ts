import type { Context, Span } from '@opentelemetry/api'

import { currentContext } from './begin-attempt'
import type { OpenTelemetry } from './find-open-telemetry'
import { inSpan, markFailed } from './in-span'
import type { TracedAnswer, TracedRequest } from './tracing'

/** The names are those of the semantic conventions for HTTP clients, as of 1.23, which are stable. */
export async function traceRequest<T>(
  request: TracedRequest,
  { work, read }: { readonly work: () => Promise<T>; readonly read: (answer: T) => TracedAnswer },
  found: OpenTelemetry,
): Promise<T> {
  const { api } = found
  const plan = {
    name: request.method,
    kind: api.SpanKind.CLIENT,
    attributes: describe(request),
    parent: currentContext(found),
    within: untraced,
  }
  return inSpan(plan, async (span) => tell(span, await work(), read, api), found)
}

function tell<T>(
  span: Span,
  answer: T,
  read: (answer: T) => TracedAnswer,
  api: OpenTelemetry['api'],
): T {
  const { status, failure } = read(answer)
  if (status !== undefined) span.setAttribute('http.response.status_code', status)
  if (failure !== undefined) markFailed(span, failure, api)
  return answer
}

function describe({ method, origin, path }: TracedRequest) {
  const { protocol, hostname, port, pathname } = new URL(path, origin)
  return {
    'http.request.method': method,
    'server.address': hostname,
    'server.port': Number(port) || (protocol === 'http:' ? 80 : 443),
    'url.scheme': protocol.slice(0, -1),
    'url.path': pathname,
    'url.full': origin + pathname,
  }
}

/** As `suppressTracing` of OpenTelemetry's core has it: the SDK begins no spans within, and its propagators send no headers. */
function untraced(context: Context): Context {
  return context.setValue(SUPPRESS_TRACING, true)
}

const SUPPRESS_TRACING = Symbol.for('OpenTelemetry SDK Context Key SUPPRESS_TRACING')
