import { SingleBar } from 'cli-progress'

/** A bar on standard error, when that is a terminal; else a line now and then. */
export interface Progress {
  /** @param total Undefined: nobody knows how many there are. */
  readonly show: (done: number, total?: number) => void
  readonly end: () => void
}

/** @param unit What is counted, e.g. `apps`. */
export function showProgress(unit: string): Progress {
  return process.stderr.isTTY ? barProgress(unit) : plainProgress(unit)
}

function barProgress(unit: string): Progress {
  let bar: SingleBar | undefined
  return {
    show(done, total) {
      bar ??= startBar(unit, done, total)
      if (total !== undefined) bar.setTotal(total)
      bar.update(done)
    },
    end: () => bar?.stop(),
  }
}

function startBar(unit: string, done: number, total: number | undefined): SingleBar {
  const bar = new SingleBar({
    format: total === undefined ? `{value} ${unit}` : `[{bar}] {value} of {total} ${unit}`,
    stream: process.stderr,
    noTTYOutput: false,
    hideCursor: true,
    clearOnComplete: true,
  })
  bar.start(total ?? 0, done)
  return bar
}

const LINE_EVERY_MS = 5_000

function plainProgress(unit: string): Progress {
  let lastMs = performance.now()
  return {
    show(done, total) {
      if (performance.now() - lastMs < LINE_EVERY_MS) return
      lastMs = performance.now()
      console.error(total === undefined ? `${done} ${unit}` : `${done} of ${total} ${unit}`)
    },
    end: () => undefined,
  }
}
