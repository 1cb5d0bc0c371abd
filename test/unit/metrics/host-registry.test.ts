import type * as PromClient from 'prom-client'
import { AggregatorRegistry, Counter, Registry, type OpenMetricsContentType } from 'prom-client'

import { amazonAuth, type AmazonAuthOptions } from '../../../src'
import { createMetrics } from '../../../src/metrics/metrics'

/* oxlint-disable typescript/no-require-imports -- other releases, by other names */
const RELEASES = ['prom-client', 'prom-client13', 'prom-client14'].map(
  (name) => [name, require(name) as typeof PromClient] as const,
)

/** Its types have no argument. */
interface Aggregating {
  aggregate: (metrics: readonly unknown[]) => Registry
}

describe('in a registry of the host', () => {
  test.each(RELEASES)(
    'of another copy of %s, all series are there by the prefix',
    async (_, it) => {
      const register = new it.Registry()
      const metrics = createMetrics({ register })
      expect(await register.metrics()).toContain('\namazon_auth_audit_events_dropped_total 0')
      metrics.countLogin('acme', 'success', 'ok')
      metrics.observeStep('exchange_code', 250)
      const text = await register.metrics()
      expect(text).toContain('# TYPE amazon_auth_logins_total counter')
      expect(text).toContain('amazon_auth_logins_total{app="acme",outcome="success",reason="ok"} 1')
      expect(text).toContain(
        'amazon_auth_login_step_seconds_bucket{le="0.3",step="exchange_code"} 1',
      )
      expect(text).toContain('amazon_auth_login_step_seconds_count{step="exchange_code"} 1')
      const ours = await metrics.text()
      expect(ours).toContain('\nlogins_total{app="acme",outcome="success",reason="ok"} 1')
      expect(ours).not.toContain('amazon_auth_')
      register.resetMetrics()
      expect(await register.metrics()).not.toContain('app="acme"')
    },
  )

  test('two that share one, or one that is made anew, count in the same series', async () => {
    const register = new Registry()
    const [first, second] = [createMetrics({ register }), createMetrics({ register })]
    first.countDroppedEvents(2)
    second.countDroppedEvents(3)
    expect(await register.metrics()).toContain('amazon_auth_audit_events_dropped_total 5')
    expect(await second.text()).toContain('\naudit_events_dropped_total 5')
    const apart = createMetrics({ register, prefix: 'shop_' })
    apart.countDroppedEvents(1)
    expect(await register.metrics()).toContain('shop_audit_events_dropped_total 1')
  })

  test('of OpenMetrics, names have its form there and not in ours', async () => {
    const register = new Registry<OpenMetricsContentType>()
    register.setContentType(Registry.OPENMETRICS_CONTENT_TYPE)
    const metrics = createMetrics({ register })
    metrics.countDroppedEvents(1)
    for (let scrapes = 0; scrapes < 2; scrapes += 1) {
      expect(await register.metrics()).toContain('\namazon_auth_audit_events_dropped_total 1\n')
      expect(await metrics.text()).toContain('\naudit_events_dropped_total 1\n')
    }
  })

  test('workers of a cluster are added up', async () => {
    const register = new Registry()
    createMetrics({ register }).countLogin('acme', 'success', 'ok')
    const worker = await register.getMetricsAsJSON()
    const { aggregate } = AggregatorRegistry as unknown as Aggregating
    const text = await aggregate([worker, worker]).metrics()
    expect(text).toContain('amazon_auth_logins_total{app="acme",outcome="success",reason="ok"} 2')
  })

  test('a name that is taken is told at set-up, and nothing of ours is in its place', async () => {
    const register = new Registry()
    const help = 'of somebody else'
    new Counter({ name: 'amazon_auth_logins_total', help, registers: [register] })
    expect(() => createMetrics({ register })).toThrow(/amazon_auth_logins_total.*metrics\.prefix/)
    expect(await register.metrics()).toContain(help)
  })
})

describe('the option metrics', () => {
  const auth = (metrics: unknown) => () =>
    amazonAuth({ store: { url: 'sqlite::memory:' }, metrics } as AmazonAuthOptions)

  test.each([
    [{ register: {} }, /metrics\.register\.registerMetric" must be a function/],
    [{ prefix: 'a_' }, /metrics\.register" must be/],
    [{ register: new Registry(), prefix: 'a-b' }, /metrics\.prefix" must be/],
    [{ registry: new Registry() }, /metrics\.registry" is not known/],
  ])('throws for %p', (metrics, message) => {
    expect(auth(metrics)).toThrow(message)
  })

  test('takes the registry of prom-client, and puts series into it at once', async () => {
    const register = new Registry()
    const made = amazonAuth({ store: { url: 'sqlite::memory:' }, metrics: { register } })
    expect(register.getMetricsAsArray()).toHaveLength(8)
    await made.close()
  })
})
