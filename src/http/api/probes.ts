import { AmazonAuthError } from '../../errors'
import type { AuthServices } from '../auth-services'
import type { Operation, Reply } from './operation'
import { ref } from './schemas'

/** No failure: nothing is logged. */
const DRAINING: Reply = { status: 503, json: { code: 503, message: 'The server is stopping.' } }

/** For what watches this server: who restarts it, and who sends it visitors. */
export const PROBE_OPERATIONS: readonly Operation[] = [
  {
    id: 'readHealth',
    method: 'GET',
    path: '/_health',
    summary: 'Whether the server can work',
    access: 'anyone',
    answers: {
      200: { description: 'It can', schema: ref('Message') },
      503: { description: 'The store does not answer', schema: ref('Error') },
    },
    async handle({ services }) {
      await requireStore(services)
      return { json: { message: 'healthy' } }
    },
  },
  {
    id: 'readLiveness',
    method: 'GET',
    path: '/_live',
    summary: 'Whether the process is up',
    description: 'Asks nothing of the store: starting this process anew would not bring that back.',
    access: 'anyone',
    worksAlone: true,
    answers: { 200: { description: 'It is', schema: ref('Message') } },
    handle: () => ({ json: { message: 'alive' } }),
  },
  {
    id: 'readReadiness',
    method: 'GET',
    path: '/_ready',
    summary: 'Whether to send visitors here',
    access: 'anyone',
    answers: {
      200: { description: 'Yes', schema: ref('Message') },
      503: {
        description: 'The store does not answer, or the server is about to stop',
        schema: ref('Error'),
      },
    },
    async handle({ services }) {
      if (services.isDraining()) return DRAINING
      await requireStore(services)
      return { json: { message: 'ready' } }
    },
  },
]

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
  handle: async ({ services }) => ({ text: await services.metrics.text() }),
}

async function requireStore({ isHealthy }: Pick<AuthServices, 'isHealthy'>): Promise<void> {
  if (!(await isHealthy())) throw new AmazonAuthError('store_unavailable')
}
