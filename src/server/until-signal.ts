/** Resolves at the first SIGTERM or SIGINT. A second one ends the process at once, with status 1. */
export async function untilSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let isFirst = true
    // One listener for both: Deno calls one that is added while it tells of a signal, too.
    const heed = (signal: NodeJS.Signals): void => {
      if (!isFirst) process.exit(1)
      isFirst = false
      resolve(signal)
    }
    for (const name of SIGNALS) process.on(name, heed)
  })
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const
