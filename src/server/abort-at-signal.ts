/** Ends work that has something to tidy up when a person presses Ctrl+C, or the system ends the process. */
export interface Abortable {
  readonly signal: AbortSignal
  /** Ends it for another reason. */
  readonly abort: () => void
  /** Leaves signals to what they do by themselves again. */
  release(): void
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export function abortAtSignal(): Abortable {
  const controller = new AbortController()
  const abort = (): void => controller.abort()
  for (const name of SIGNALS) process.once(name, abort)
  return {
    signal: controller.signal,
    abort,
    release() {
      for (const name of SIGNALS) process.removeListener(name, abort)
    },
  }
}
