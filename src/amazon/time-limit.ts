import type { GenericAbortSignal } from 'axios'

/** A signal that aborts once, after a time, unless it is stopped before. */
export interface TimeLimit extends GenericAbortSignal {
  stop(): void
}

/**
 * Begins to count now. What axios needs of an `AbortSignal` and no more: a real one is an `EventTarget`, which takes
 * longer to make than a small request to send, and `AbortSignal.timeout` has a timer that outlives the request.
 */
export function startTimeLimit(limitMs: number): TimeLimit {
  return new Limit(limitMs)
}

class Limit implements TimeLimit {
  aborted = false
  private readonly listeners: (() => void)[] = []
  private readonly timer: NodeJS.Timeout

  constructor(limitMs: number) {
    this.timer = setTimeout(() => this.abort(), limitMs)
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.listeners.push(listener)
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    const index = this.listeners.indexOf(listener)
    if (index >= 0) this.listeners.splice(index, 1)
  }

  stop(): void {
    clearTimeout(this.timer)
  }

  private abort(): void {
    this.aborted = true
    for (const listener of this.listeners.slice()) listener()
  }
}
