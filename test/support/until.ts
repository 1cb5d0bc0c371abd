import { setTimeout } from 'node:timers/promises'

/** Waits for something to become so, and fails when it does not. */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  patienceMs = 30_000,
): Promise<void> {
  const deadline = performance.now() + patienceMs
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error('waited in vain')
    await setTimeout(20)
  }
}
