// An emulator of Amazon in a process of its own, told what to do by its parent. amazon-child.ts <latency in ms> <people>
import { startEmulator, type EmulatorClient, type Fault } from '../../../src/emulator'

/** What the parent may ask; each is answered with `{ id, result }`. */
export type AmazonOrder =
  | { readonly kind: 'issue'; readonly grant: Parameters<Emulated['issueCode']>[0] }
  | { readonly kind: 'token'; readonly grant: Parameters<Emulated['issueAccessToken']>[0] }
  | { readonly kind: 'client'; readonly client: EmulatorClient }
  | {
      readonly kind: 'fault'
      readonly endpoint: 'token' | 'profile' | 'all'
      readonly fault: Fault
    }
  | { readonly kind: 'clear' }
  | { readonly kind: 'count'; readonly path: string }
type Emulated = Awaited<ReturnType<typeof startEmulator>>

async function main([latencyMs = '0', people = '1']: readonly string[]): Promise<void> {
  const emulator = await startEmulator({
    latencyMs: Number(latencyMs),
    clients: [],
    people: Array.from({ length: Number(people) }, (_none, n) => personOf(n)),
  })
  process.on('message', ({ id, order }: { id: number; order: AmazonOrder }) => {
    process.send?.({ id, result: obey(order, emulator) })
  })
  console.log(`listening on ${emulator.origin}`)
}

export function personOf(n: number) {
  return {
    userId: `amzn1.account.PERSON${n}`,
    name: `Person ${n}`,
    email: `person${n}@example.com`,
  }
}

function obey(order: AmazonOrder, emulator: Emulated): string | number | undefined {
  switch (order.kind) {
    case 'issue':
      return emulator.issueCode(order.grant)
    case 'token':
      return emulator.issueAccessToken(order.grant)
    case 'client':
      emulator.addClient(order.client)
      return undefined
    case 'fault':
      emulator.faults.set(order)
      return undefined
    case 'clear':
      emulator.faults.clear()
      emulator.journal.clear()
      return undefined
    case 'count':
      return emulator.journal.count(order.path)
  }
}

if (require.main === module) void main(process.argv.slice(2))
