/** Resolves at the first SIGTERM or SIGINT. A second one ends the process at once, with status 1. */
export async function untilSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const first = (signal: NodeJS.Signals): void => {
      for (const name of SIGNALS) {
        process.removeListener(name, first)
        process.on(name, () => process.exit(1))
      }
      resolve(signal)
    }
    for (const name of SIGNALS) process.on(name, first)
  })
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const
