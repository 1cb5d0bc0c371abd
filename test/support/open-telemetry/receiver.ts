import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

/** A span as it came over OTLP. */
export interface ReceivedSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  /** 1: internal, 2: server, 3: client. */
  readonly kind: number
  readonly scope: string
  /** 2: an error. */
  readonly status: { readonly code?: number; readonly message?: string }
  readonly attributes: Readonly<Record<string, unknown>>
}

/** A receiver of OTLP over HTTP, in JSON. */
export interface Receiver {
  readonly endpoint: string
  readonly spans: ReceivedSpan[]
  /** All that came, as text. */
  text(): string
  close(): Promise<void>
}

export async function startReceiver(): Promise<Receiver> {
  const spans: ReceivedSpan[] = []
  let text = ''
  const server = createServer((req, res) => {
    void json(req).then((body) => {
      text += JSON.stringify(body)
      spans.push(...spansOf(body as Export))
      res.setHeader('content-type', 'application/json').end('{}')
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    text: () => text,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

interface Export {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly {
      readonly scope: { readonly name: string }
      readonly spans: readonly (Omit<ReceivedSpan, 'scope' | 'attributes'> & {
        readonly attributes: readonly { readonly key: string; readonly value: object }[]
      })[]
    }[]
  }[]
}

function spansOf({ resourceSpans }: Export): ReceivedSpan[] {
  return resourceSpans
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap(({ scope, spans }) =>
      spans.map(({ attributes, ...span }) => ({
        ...span,
        scope: scope.name,
        attributes: Object.fromEntries(
          attributes.map(({ key, value }) => [key, Object.values(value)[0] as unknown]),
        ),
      })),
    )
}
