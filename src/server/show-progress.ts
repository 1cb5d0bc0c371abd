import { SingleBar } from 'cli-progress'

/** A bar on standard error, when that is a terminal; else a line now and then. */
export interface Progress {
  readonly show: (done: number, total: number) => void
  readonly end: () => void
}

/** @param unit What is counted, e.g. `apps`. */
export function showProgress(unit: string): Progress {
  if (!process.stderr.isTTY) return plainProgress(unit)
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

const LINE_EVERY_MS = 5_000

function plainProgress(unit: string): Progress {
  let lastMs = performance.now()
  return {
    show(done, total) {
      if (performance.now() - lastMs < LINE_EVERY_MS) return
      lastMs = performance.now()
      console.error(`${done} of ${total} ${unit}`)
    },
    end: () => undefined,
  }
}
