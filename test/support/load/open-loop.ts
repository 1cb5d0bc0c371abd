/** What became of one request of a load. */
export interface Sample {
  readonly result: string
  /** From when it was due, so that a late start counts, to its end; in milliseconds. */
  readonly ms: number
  /** From when it was sent to its end, in milliseconds. */
  readonly sentMs: number
  /** When it was due, in milliseconds after the begin of the load. */
  readonly dueMs: number
}

const TICK_MS = 5
/**
 * Bounds this process, which must not be so far behind itself that its connections time out: what is due while so many
 * are under way is `not sent`.
 */
const MAX_UNDER_WAY = 1_000

/**
 * Sends at a given rate, whatever becomes of what was sent before, as the world does.
 *
 * @param send Gives what to count it as. What it throws is counted by its code.
 * @returns All samples, when the last has its answer.
 */
export async function openLoop(
  load: { readonly perSecond: number; readonly seconds: number; readonly maxUnderWay?: number },
  send: (n: number) => Promise<string>,
): Promise<readonly Sample[]> {
  const { maxUnderWay = MAX_UNDER_WAY } = load
  const samples: Sample[] = []
  const total = Math.round(load.perSecond * load.seconds)
  const beganMs = performance.now()
  const underWay = new Set<Promise<void>>()
  async function one(n: number, dueMs: number): Promise<void> {
    const startMs = performance.now()
    const result = underWay.size >= maxUnderWay ? 'not sent' : await send(n).catch(codeOf)
    const endMs = performance.now()
    samples.push({ result, ms: endMs - beganMs - dueMs, sentMs: endMs - startMs, dueMs })
  }
  for (let sent = 0; sent < total;) {
    const due = Math.min(total, Math.floor(((performance.now() - beganMs) * load.perSecond) / 1000))
    for (; sent < due; sent += 1) {
      const request = one(sent, (sent * 1000) / load.perSecond)
      underWay.add(request)
      void request.then(() => underWay.delete(request))
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS))
  }
  await Promise.all(underWay)
  return samples
}

/** Keeps so many under way for a time. @returns How many were done in a second. */
export async function closedLoop(
  load: { readonly underWay: number; readonly seconds: number },
  send: (n: number) => Promise<string>,
): Promise<number> {
  const endsAtMs = performance.now() + load.seconds * 1000
  let done = 0
  let sent = 0
  async function worker(): Promise<void> {
    while (performance.now() < endsAtMs) {
      await send((sent += 1))
      done += 1
    }
  }
  await Promise.all(Array.from({ length: load.underWay }, worker))
  return done / load.seconds
}

function codeOf(error: unknown): string {
  return (error as Partial<NodeJS.ErrnoException>).code ?? String(error)
}

/** Milliseconds within which this part of the samples was answered; 0 when there is none. */
export function percentile(samples: readonly { readonly ms: number }[], part: number): number {
  const sorted = samples.map(({ ms }) => ms).sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
}

/** How many samples there are of each result. */
export function countResults(samples: readonly Sample[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { result } of samples) counts[result] = (counts[result] ?? 0) + 1
  return counts
}
