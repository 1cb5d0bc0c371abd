import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

import { startEmulator, type Emulator } from '../../../src/emulator'
import { callAt } from '../../support/api'
import { Browser } from '../../support/browser'
import { ACME, ROOT } from '../../support/host'
import {
  startReceiver,
  type ReceivedSpan,
  type Receiver,
} from '../../support/open-telemetry/receiver'
import { startReceiver as startHook } from '../../support/receiver'
import { until } from '../../support/until'

const SUPPORT = join(__dirname, '../../support')
const TRACE = 'a'.repeat(32)
const CALLER = 'b'.repeat(16)
const OURS = 'express-amazon-auth'
const ROOT_KEYS = {
  accessKey: 'app:para',
  secretKey: 'root-secret-of-at-least-thirty-two-characters',
}
const SERVER = 2
const CLIENT = 3

interface Traced {
  readonly browser: Browser
  readonly emulator: Emulator
  readonly receiver: Receiver
  /** Spans of one trace, once the request that it is about is over. */
  readonly spansOf: (traceId: string) => Promise<readonly ReceivedSpan[]>
  stop(): Promise<void>
}

describe.each(['express', 'express4'])('in a host of %s with the SDK of OpenTelemetry', (which) => {
  let traced: Traced
  beforeAll(async () => void (traced = await startTraced(which)))
  afterAll(() => traced.stop())

  test('a login is one trace from the request to Amazon and the store', async () => {
    const { browser, emulator, spansOf } = traced
    const begun = await browser.get('/amazon_auth?state=acme')
    const returnUrl = await emulator.allow(begun.location)
    const answer = await browser.get(returnUrl, { traceparent: `00-${TRACE}-${CALLER}-01` })
    expect(answer.status).toBe(302)
    const spans = await spansOf(TRACE)
    const lines = spans.map((span) => lineOf(span, spans))
    const leg = 'amazon_auth.browser.return'
    expect(lines).toContainEqual(expect.stringMatching(/^GET.* > amazon_auth\.browser\.return$/))
    for (const line of [
      'exchange_code > POST',
      'fetch_profile > GET',
      'upsert_user > INSERT users',
    ]) {
      expect(lines).toContainEqual(expect.stringContaining(`${leg} > amazon_auth.${line}`))
    }
    // Beside the instrumentation of undici, no request is there twice.
    expect(spans.filter(({ kind, scope }) => kind === CLIENT && scope !== OURS)).toEqual([])
    expect(find(spans, leg).attributes).toEqual({
      'amazon_auth.way': 'browser',
      'amazon_auth.app': 'acme',
    })
    expect(find(spans, 'POST').attributes).toEqual({
      'http.request.method': 'POST',
      'http.response.status_code': 200,
      'server.address': '127.0.0.1',
      'server.port': Number(new URL(emulator.apiUrl).port),
      'url.scheme': 'http',
      'url.path': '/auth/o2/token',
      'url.full': `${emulator.apiUrl}/auth/o2/token`,
    })
    expect(find(spans, 'INSERT users').attributes).toEqual({
      'db.system.name': 'sqlite',
      'db.operation.name': 'INSERT',
      'db.query.summary': 'INSERT users',
      'db.collection.name': 'users',
    })
  })

  test('what has failed is told by its code, where it has failed', async () => {
    const { browser, emulator, spansOf } = traced
    const begun = await browser.get('/amazon_auth?state=acme')
    const returnUrl = new URL(await emulator.allow(begun.location))
    returnUrl.searchParams.set('code', 'ANinvented')
    const traceId = 'c'.repeat(32)
    await browser.get(returnUrl.href, { traceparent: `00-${traceId}-${CALLER}-01` })
    const spans = await spansOf(traceId)
    const step = find(spans, 'amazon_auth.exchange_code')
    expect(step.status).toEqual({ code: 2, message: 'code_rejected' })
    expect(step.attributes['error.type']).toBe('code_rejected')
    expect(find(spans, 'amazon_auth.browser.return').status).toEqual(step.status)
    expect(find(spans, 'POST').attributes).toMatchObject({
      'http.response.status_code': 400,
      'error.type': '400',
    })
    expect(find(spans, 'amazon_auth.verify_state').status.code ?? 0).toBe(0)
  })

  test('a request that its caller does not sample has no span at all', async () => {
    const { browser, emulator, receiver, spansOf } = traced
    const unsampled = 'd'.repeat(32)
    await browser.get('/amazon_auth?state=acme', { traceparent: `00-${unsampled}-${CALLER}-00` })
    const begun = await browser.get('/amazon_auth?state=acme', {
      traceparent: `00-${'e'.repeat(32)}-${CALLER}-01`,
    })
    expect(begun.location).toContain(emulator.authorizeUrl)
    const spans = await spansOf('e'.repeat(32))
    expect(spans.map(({ name }) => name)).toContain('amazon_auth.browser.begin')
    expect(receiver.spans.filter(({ traceId }) => traceId === unsampled)).toEqual([])
  })

  test('Amazon is told nothing of traces, and traces hold no secret and no person', () => {
    const { emulator, receiver } = traced
    const entries = emulator.journal.entries()
    const sent = entries.filter(({ path }) => path !== '/ap/oa')
    expect(sent.length).toBeGreaterThan(1)
    for (const { headers } of sent) {
      expect(Object.keys(headers)).not.toContain('traceparent')
      expect(Object.keys(headers)).not.toContain('tracestate')
    }
    const told = receiver.text()
    expect(told).toContain('exchange_code')
    const codes = sent.map(({ body }) => body.code).filter((code) => typeof code === 'string')
    for (const secret of [
      ...codes,
      ROOT_KEYS.secretKey,
      'Atza|',
      ACME.clientSecret,
      ACME.clientId,
      '@example',
      'amzn1.account',
    ]) {
      expect(told).not.toContain(secret)
    }
  })
  test('of an attempt to send to a webhook the host is told alone, and it is told nothing of traces', async () => {
    const { browser, receiver } = traced
    const hooks = await startHook()
    try {
      const call = (line: string, body = {}) =>
        callAt(browser.origin, line, { as: ROOT_KEYS, body })
      const url = `${hooks.url}/hidden-in-path?token=hidden-in-query`
      const made = await call('POST /v1/_webhooks', { url, events: ['user.created'] })
      await call(`POST /v1/_webhooks/${made.json.id}/test`)
      const [{ headers } = { headers: {} }] = await hooks.wait(1)
      expect(Object.keys(headers)).not.toContain('traceparent')
      const isIt = ({ attributes }: ReceivedSpan) =>
        JSON.stringify(attributes).includes(String(hooks.port))
      await until(() => receiver.spans.some((span) => span.kind === CLIENT && isIt(span)))
      expect(receiver.spans.filter(isIt)).toHaveLength(1)
      expect(receiver.text()).not.toContain('hidden-in')
      expect(receiver.text()).not.toContain(made.json.secret)
    } finally {
      await hooks.close()
    }
  })
})

function find(spans: readonly ReceivedSpan[], name: string, kind?: number): ReceivedSpan {
  const found = spans.find((each) => each.name === name && (kind ?? each.kind) === each.kind)
  if (found === undefined) throw new Error(`no ${name} among ${spans.map((s) => s.name).join()}`)
  return found
}

/** Names of the span and all that are around it, the outermost first. */
function lineOf(span: ReceivedSpan, spans: readonly ReceivedSpan[]): string {
  const parent = spans.find(({ spanId }) => spanId === span.parentSpanId)
  return parent === undefined ? span.name : `${lineOf(parent, spans)} > ${span.name}`
}

async function startTraced(which: string): Promise<Traced> {
  const [emulator, receiver] = await Promise.all([
    startEmulator({
      clients: [ROOT, ACME].map((client) => ({
        ...client,
        allowedReturnUrls: [],
        allowAnyReturnUrl: true,
      })),
    }),
    startReceiver(),
  ])
  const child = startChild(which, receiver.endpoint, {
    store: { url: 'sqlite::memory:' },
    api: { manage: true },
    rootSecretKey: ROOT_KEYS.secretKey,
    webhooks: { allowPrivate: 'loopback' },
    azAppId: ROOT.clientId,
    azSecret: ROOT.clientSecret,
    apps: { acme: { azAppId: ACME.clientId, azSecret: ACME.clientSecret } },
    amazon: { authorizeUrl: emulator.authorizeUrl, apiUrl: emulator.apiUrl },
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return {
    browser: new Browser(line.toString().trim()),
    emulator,
    receiver,
    async spansOf(traceId) {
      const ofTrace = () => receiver.spans.filter((span) => span.traceId === traceId)
      await until(() => ofTrace().some(({ kind }) => kind === SERVER))
      return ofTrace()
    },
    async stop() {
      const exited = once(child, 'exit')
      child.kill()
      await exited
      await Promise.all([emulator.close(), receiver.close()])
    },
  }
}

function startChild(
  which: string,
  endpoint: string,
  options: object,
): ChildProcessByStdio<null, Readable, null> {
  const preloads = [join(SUPPORT, 'register-ts.cjs'), join(SUPPORT, 'open-telemetry/start-sdk.cjs')]
  const program = join(SUPPORT, 'open-telemetry/traced-host.ts')
  return spawn(
    process.execPath,
    [...preloads.flatMap((file) => ['-r', file]), program, which, JSON.stringify(options)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint },
    },
  )
}
