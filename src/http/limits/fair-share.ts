const SPAN_MS = 1_000

/** Who asks for how much, over the last second or two. */
export interface FairShare {
  /** Counts one request. @returns Whether its name has asked at least half as often as the average of all. */
  count(name: string): boolean
}

export function createFairShare(): FairShare {
  let endsAtMs = 0
  let before: Span = { counts: new Map(), total: 0 }
  let span = before
  return {
    count(name) {
      const nowMs = performance.now()
      if (nowMs >= endsAtMs) {
        before = span
        span = { counts: new Map(), total: 0 }
        endsAtMs = nowMs + SPAN_MS
      }
      span.total += 1
      span.counts.set(name, (span.counts.get(name) ?? 0) + 1)
      const own = (span.counts.get(name) ?? 0) + (before.counts.get(name) ?? 0)
      const names = Math.max(span.counts.size, before.counts.size)
      return 2 * own * names >= span.total + before.total
    },
  }
}

interface Span {
  readonly counts: Map<string, number>
  total: number
}
