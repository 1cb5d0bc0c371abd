// What an operator preloads: the SDK, with the instrumentations that stand around ours, to a receiver of OTLP.
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-http')
const { registerInstrumentations } = require('@opentelemetry/instrumentation')
const { ExpressInstrumentation } = require('@opentelemetry/instrumentation-express')
const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http')
const { UndiciInstrumentation } = require('@opentelemetry/instrumentation-undici')
const { NodeTracerProvider, SimpleSpanProcessor } = require('@opentelemetry/sdk-trace-node')

const exporter = new OTLPTraceExporter()
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
provider.register()
// As docs/telemetry.md has it: the address that Amazon returns a person to holds an authorization code.
function withoutQuery(span, { url = '' }) {
  if (!url.includes('?')) return
  const path = url.slice(0, url.indexOf('?'))
  span.setAttributes({ 'http.url': path, 'http.target': path, 'url.query': '' })
}

registerInstrumentations({
  instrumentations: [
    new HttpInstrumentation({ requestHook: withoutQuery }),
    new ExpressInstrumentation(),
    new UndiciInstrumentation(),
  ],
})
