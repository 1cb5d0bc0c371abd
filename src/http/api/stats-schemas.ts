const COUNT = { type: 'integer', minimum: 0 } as const
const MOMENT = { type: 'integer', description: 'Milliseconds since 1970' } as const
const MS = { type: ['integer', 'null'] } as const
const TIMES = {
  type: 'object',
  required: ['count', 'mean', 'p50', 'p95'],
  properties: { count: COUNT, mean: MS, p50: MS, p95: MS },
} as const

const FIGURES = {
  begun: { ...COUNT, description: 'Sent to Amazon by the first leg of a sign-in in a browser' },
  open: {
    ...COUNT,
    description:
      'Of those begun in this period: not back, and have ten minutes, which are not over',
  },
  abandoned: { ...COUNT, description: 'Of those begun in this period: not back in time' },
  succeeded: COUNT,
  ways: {
    type: 'object',
    description: 'Those who succeeded, by how they came',
    required: ['browser', 'amazon_token', 'app_token', 'device'],
    properties: { browser: COUNT, amazon_token: COUNT, app_token: COUNT, device: COUNT },
  },
  declined: { ...COUNT, description: 'The person has said no at Amazon' },
  failed: { ...COUNT, description: 'For any other reason' },
  newUsers: { ...COUNT, description: 'Users who were made' },
  consentsWithdrawn: { ...COUNT, description: 'As refreshes of kept tokens have found out' },
  amazonMs: {
    ...TIMES,
    description:
      'Milliseconds of waiting for Amazon, of the attempts that asked it; p50 and p95 are estimates from classes of size',
  },
  ownMs: { ...TIMES, description: 'What the same attempts took besides' },
} as const

/** Parts of the answer of `/_stats`. */
export const STATS_SCHEMAS = {
  Figures: { type: 'object', required: Object.keys(FIGURES), properties: FIGURES },
  Stats: {
    type: 'object',
    required: ['app', 'step', 'from', 'to', 'totals', 'failures', 'points'],
    properties: {
      app: { type: ['string', 'null'], description: 'Null: all apps, and names that no app has' },
      step: { enum: ['minute', 'hour', 'day'] },
      from: MOMENT,
      to: MOMENT,
      totals: { $ref: '#/components/schemas/Figures' },
      failures: {
        type: 'array',
        description: 'Why `failed` did, in all points together; the most frequent first',
        items: {
          type: 'object',
          required: ['reason', 'way', 'count'],
          properties: { reason: { type: 'string' }, way: { type: 'string' }, count: COUNT },
        },
      },
      points: {
        type: 'array',
        description: 'One for each step, the earliest first',
        items: {
          allOf: [
            { $ref: '#/components/schemas/Figures' },
            { type: 'object', required: ['at'], properties: { at: MOMENT } },
          ],
        },
      },
    },
  },
} as const
