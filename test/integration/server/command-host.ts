import { Console } from 'node:console'
import { Readable, Writable } from 'node:stream'
import { setImmediate, setTimeout } from 'node:timers/promises'

import { createProgram } from '../../../src/server/create-program'
import { describeFailure } from '../../../src/server/describe-failure'

/** A command, with all that it can tell from its surroundings. */
export interface Order {
  readonly args: readonly string[]
  readonly folder: string
  readonly environment: Readonly<Record<string, string>>
  readonly input: string
}

/** What a command has left when it is over. */
export interface Outcome {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number
}

const STANDARD_OUTPUT = 1
const STANDARD_ERROR = 2
const PATIENCE_MS = 10_000

class Exit extends Error {
  constructor(readonly exitCode: number) {
    super('exit')
  }
}

/** Takes the place of a standard stream. */
class Kept extends Writable {
  text = ''

  constructor(readonly fd: number) {
    super({ decodeStrings: false })
  }

  override _write(chunk: string | Buffer, _encoding: unknown, done: () => void): void {
    this.text += chunk.toString()
    done()
  }
}

/** As cli.ts does, but that the process stays. */
async function run({ args, folder, environment, input }: Order): Promise<Outcome> {
  const [stdout, stderr] = [new Kept(STANDARD_OUTPUT), new Kept(STANDARD_ERROR)]
  replace(globalThis, 'console', new Console(stdout, stderr))
  replace(process, 'stdout', stdout)
  replace(process, 'stderr', stderr)
  replace(process, 'stdin', Readable.from(input === '' ? [] : [Buffer.from(input)]))
  process.chdir(folder)
  process.env = { ...environment }
  process.exitCode = undefined
  const open = countOpen()
  const exitCode = await createProgram()
    .parseAsync(args, { from: 'user' })
    .then(() => Number(process.exitCode ?? 0), exitCodeOf)
  await untilClosed(open)
  return { stdout: stdout.text, stderr: stderr.text, exitCode }
}

function exitCodeOf(thrown: unknown): number {
  if (thrown instanceof Exit) return thrown.exitCode
  console.error(describeFailure(thrown))
  return 1
}

/** What would keep a process of its own from ending. */
function countOpen(): number {
  return process.getActiveResourcesInfo().length
}

async function untilClosed(open: number): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  while (countOpen() > open) {
    if (performance.now() > deadline) {
      throw new Error(`left open, of: ${process.getActiveResourcesInfo().join(', ')}`)
    }
    await setTimeout(2, undefined, { ref: false })
  }
  // A file of libsql is closed with the garbage, after what holds it.
  for (let n = 0; n < 2; n += 1) {
    globalThis.gc?.()
    await setImmediate()
  }
}

function replace(holder: object, name: string, value: unknown): void {
  Object.defineProperty(holder, name, { value, configurable: true, writable: true })
}

process.exit = (code) => {
  throw new Exit(Number(code ?? 0))
}
let last: Promise<unknown> = Promise.resolve()
process.on('message', (order: Order) => {
  last = last.then(async () => {
    const outcome = await run(order).catch((error: unknown) => ({ error: String(error) }))
    process.send?.(outcome)
  })
})
