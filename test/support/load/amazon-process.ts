import type { Workplace } from '../../integration/server/command-line'
import type { AmazonOrder } from './amazon-child'

/** The emulator in a process of its own. */
export interface AmazonProcess {
  readonly origin: string
  /** Sends an order and gives what came of it. */
  ask(order: AmazonOrder): Promise<string | number | undefined>
}

/** @param people How many can sign in. */
export async function startAmazonProcess(
  place: Workplace,
  { latencyMs = 0, people = 1 }: { readonly latencyMs?: number; readonly people?: number },
): Promise<AmazonProcess> {
  const program = require.resolve('./amazon-child.ts')
  const { child, origin } = await place.listenProgram(program, [String(latencyMs), String(people)])
  const waiting = new Map<number, (result: string | number | undefined) => void>()
  let orders = 0
  child.on('message', ({ id, result }: { id: number; result?: string | number }) => {
    waiting.get(id)?.(result)
    waiting.delete(id)
  })
  return {
    origin,
    ask: (order) =>
      new Promise((resolve) => {
        orders += 1
        waiting.set(orders, resolve)
        child.send({ id: orders, order })
      }),
  }
}
