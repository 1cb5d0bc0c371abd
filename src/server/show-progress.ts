import { SingleBar } from 'cli-progress'

/** A bar on standard error, when that is a terminal. */
export interface Progress {
  readonly show: (done: number, total: number) => void
  readonly end: () => void
}

/** @param unit What is counted, e.g. `apps`. */
export function showProgress(unit: string): Progress {
  const bar = new SingleBar({
    format: `[{bar}] {value} of {total} ${unit}`,
    stream: process.stderr,
    noTTYOutput: false,
    hideCursor: true,
    clearOnComplete: true,
  })
  return {
    show(done, total) {
      if (!bar.isActive) bar.start(total, done)
      bar.setTotal(total)
      bar.update(done)
    },
    end: () => bar.stop(),
  }
}
