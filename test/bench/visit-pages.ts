import type { OperatorsServer } from './serve-operators'

export interface PageTimes {
  /** As it is asked for, below the pages. */
  readonly path: string
  readonly status: number
  /** Milliseconds until the whole answer is there; of a stream until its first bytes are. */
  readonly medianMs: number
  readonly worstMs: number
  /** Of the server's process, a time: what it takes also where others keep the machine busy. */
  readonly cpuMs: number
  /** How long the event loop of the server was held at most meanwhile. */
  readonly heldMs: number
  readonly bytes: number
}

/** What is read of a stream at most: enough to see that it runs. */
const STREAM_BYTES = 5_000_000

/** Asks for a page several times. */
export async function visit(
  server: OperatorsServer,
  path: string,
  times: number,
): Promise<PageTimes> {
  await server.heldMs()
  const spentMs = server.cpuMs()
  const seen: number[] = []
  let status = 0
  let bytes = 0
  for (let n = 0; n < times; n += 1) {
    const startedAtMs = performance.now()
    const answer = await server.get(path)
    status = answer.status
    if (isStream(path)) {
      const read = readSome(answer, path.includes('/live') ? 1 : STREAM_BYTES)
      await read.first
      seen.push(performance.now() - startedAtMs)
      bytes = await read.bytes
    } else {
      bytes = (await answer.arrayBuffer()).byteLength
      seen.push(performance.now() - startedAtMs)
    }
  }
  seen.sort((a, b) => a - b)
  const medianMs = seen[Math.floor(seen.length / 2)] ?? NaN
  const cpuMs = (server.cpuMs() - spentMs) / times
  return {
    path,
    status,
    medianMs,
    worstMs: Math.max(...seen),
    cpuMs,
    heldMs: await server.heldMs(),
    bytes,
  }
}

function isStream(path: string): boolean {
  return /\.(csv|jsonl)|\/live/.test(path)
}

function readSome(answer: Response, atMost: number) {
  const reader = answer.body?.getReader()
  let bytes = 0
  async function next(): Promise<boolean> {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
    bytes += value?.byteLength ?? 0
    return !done
  }
  const first = next()
  async function rest(): Promise<number> {
    let isMore = await first
    while (isMore && bytes < atMost) isMore = await next()
    await reader?.cancel()
    return bytes
  }
  return { first, bytes: rest() }
}
