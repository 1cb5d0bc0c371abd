import type { Operation } from './operation'

/** For Prometheus, which sends a super token of the root app as its bearer token. */
export const METRICS_OPERATION: Operation = {
  id: 'readMetrics',
  method: 'GET',
  path: '/_metrics',
  summary: 'Counters and timings of this process, in the text format of Prometheus',
  access: 'root',
  answers: {
    200: { description: 'The metrics', schema: { type: 'string' }, contentType: 'text/plain' },
  },
  example: { status: 200 },
  handle: async ({ services }) => ({ text: await services.metrics.text() }),
}
