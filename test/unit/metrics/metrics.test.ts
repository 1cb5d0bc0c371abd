import { createMetrics } from '../../../src/metrics/metrics'

const linesOf = (text: string, name: string): readonly string[] =>
  text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))

describe('metrics', () => {
  test('sign-ins are counted by app, outcome and reason', async () => {
    const metrics = createMetrics()
    metrics.countLogin('acme', 'success', 'ok')
    metrics.countLogin('acme', 'success', 'ok')
    metrics.countLogin('acme', 'failure', 'code_rejected')
    expect(linesOf(await metrics.text(), 'logins_total')).toEqual([
      'logins_total{app="acme",outcome="success",reason="ok"} 2',
      'logins_total{app="acme",outcome="failure",reason="code_rejected"} 1',
    ])
  })

  test('apps that are not there share the label unknown', async () => {
    const metrics = createMetrics()
    metrics.countLogin(undefined, 'failure', 'app_not_found')
    expect(await metrics.text()).toContain(
      'logins_total{app="unknown",outcome="failure",reason="app_not_found"} 1',
    )
  })

  test('a thousand apps have a label each; the others share the label other', async () => {
    const metrics = createMetrics()
    for (let app = 0; app < 3_000; app += 1)
      metrics.countLogin(`app${app % 1_500}`, 'success', 'ok')
    const lines = linesOf(await metrics.text(), 'logins_total')
    expect(lines).toHaveLength(1_001)
    expect(lines).toContain('logins_total{app="other",outcome="success",reason="ok"} 1000')
    expect(lines).toContain('logins_total{app="app999",outcome="success",reason="ok"} 2')
  })

  test('steps are timed in seconds', async () => {
    const metrics = createMetrics()
    metrics.observeStep('exchange_code', 250)
    const text = await metrics.text()
    expect(text).toContain('login_step_seconds_sum{step="exchange_code"} 0.25')
    expect(text).toContain('login_step_seconds_bucket{le="0.1",step="exchange_code"} 0')
    expect(text).toContain('login_step_seconds_bucket{le="0.3",step="exchange_code"} 1')
  })

  test('two in one process share nothing', async () => {
    createMetrics().countDroppedEvents(3)
    expect(await createMetrics().text()).toContain('audit_events_dropped_total 0')
  })
})
