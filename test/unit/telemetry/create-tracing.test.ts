import type { Logger } from '../../../src/logger'
import { createTracing } from '../../../src/telemetry/create-tracing'

const REGISTERED = Symbol.for('opentelemetry.js.api.1')
const known = globalThis as { [REGISTERED]?: object | undefined }

const nothing = () => undefined

function recorder(): { readonly warnings: string[]; readonly logger: Logger } {
  const warnings: string[] = []
  const warn = (_facts: object, message: string) => void warnings.push(message)
  return { warnings, logger: { debug: nothing, info: nothing, warn, error: nothing } }
}

afterEach(() => {
  known[REGISTERED] = undefined
})

test('without an SDK nothing is traced, told or loaded, and work is done', async () => {
  const { logger, warnings } = recorder()
  const tracing = createTracing(logger)
  expect(tracing.isOn()).toBe(false)
  expect(tracing.beginAttempt('browser')).toBeUndefined()
  expect(await tracing.run('name', 'acme', () => Promise.resolve('done'))).toBe('done')
  expect(warnings).toEqual([])
  expect(known[REGISTERED]).toBeUndefined()
})

test('an SDK that has registered with an older copy of the API is told once, and work is done', async () => {
  const { logger, warnings } = recorder()
  const tracing = createTracing(logger)
  known[REGISTERED] = { version: '1.0.0', trace: {} }
  expect([tracing.isOn(), tracing.isOn()]).toEqual([false, false])
  expect(await tracing.run('name', 'acme', () => Promise.resolve('done'))).toBe('done')
  expect(warnings).toEqual([expect.stringContaining('npm ls @opentelemetry/api')])
})
