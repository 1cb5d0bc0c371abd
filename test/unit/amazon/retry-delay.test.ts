import type { FailureKind, Outcome } from '../../../src/amazon/outcome'
import { retryDelayMs } from '../../../src/amazon/retry-delay'

function answer(status: number, headers: Record<string, string> = {}): Outcome {
  return { status, headers, data: new Uint8Array() }
}

function failure(kind: FailureKind): Outcome {
  return { failure: kind, reason: undefined }
}

afterEach(() => jest.restoreAllMocks())

test.each(['GET', 'POST'] as const)('a %s that reached nobody is sent once more', (method) => {
  expect(retryDelayMs(method, failure('unconnected'), 0)).toBeGreaterThan(0)
  expect(retryDelayMs(method, failure('unconnected'), 1)).toBeUndefined()
})

test.each([
  ['timeout', failure('timeout')],
  ['reset', failure('reset')],
  ['too_large', failure('too_large')],
  ['other', failure('other')],
  ['429', answer(429)],
  ['429 with Retry-After', answer(429, { 'retry-after': '1' })],
  ['500', answer(500)],
  ['503', answer(503)],
])('a POST that ended in %s is never sent again', (_name, outcome) => {
  expect(retryDelayMs('POST', outcome, 0)).toBeUndefined()
})

test.each([answer(429), answer(500), answer(502), answer(503), failure('reset')])(
  'a GET that ended in %j is sent twice more, later each time, with jitter',
  (outcome) => {
    const random = jest.spyOn(Math, 'random')
    const delays = [0, 1, 2].map((retries) =>
      [0, 0.999].map((value) => {
        random.mockReturnValue(value)
        return retryDelayMs('GET', outcome, retries)
      }),
    )
    expect(delays).toEqual([
      [100, expect.closeTo(200, 0)],
      [200, expect.closeTo(400, 0)],
      [undefined, undefined],
    ])
  },
)

test.each([
  answer(200),
  answer(400),
  answer(401),
  answer(404),
  failure('timeout'),
  failure('too_large'),
  failure('other'),
])('a GET that ended in %j is not sent again', (outcome) => {
  expect(retryDelayMs('GET', outcome, 0)).toBeUndefined()
})

test.each(['1', '2', () => new Date(Date.now() + 1900).toUTCString()])(
  'Retry-After %s is waited for, once',
  (retryAfter) => {
    const text = typeof retryAfter === 'string' ? retryAfter : retryAfter()
    const outcome = answer(429, { 'retry-after': text })
    const untilMs = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now()
    expect(retryDelayMs('GET', outcome, 0)).toBeGreaterThanOrEqual(untilMs)
    expect(retryDelayMs('GET', outcome, 0)).toBeLessThanOrEqual(2200)
    expect(retryDelayMs('GET', outcome, 1)).toBeUndefined()
  },
)

test.each(['3', '60', '9'.repeat(400), 'Fri, 01 Jan 2100 00:00:00 GMT', 'soon', ''])(
  'Retry-After "%s" is not waited for',
  (retryAfter) => {
    expect(retryDelayMs('GET', answer(429, { 'retry-after': retryAfter }), 0)).toBeUndefined()
  },
)

test('a Retry-After that has passed is a short wait, never a negative one', () => {
  const past = answer(503, { 'retry-after': 'Thu, 01 Jan 2004 00:00:00 GMT' })
  expect(retryDelayMs('GET', past, 0)).toBeGreaterThan(0)
})
