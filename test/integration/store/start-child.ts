import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** One run of store-child.ts. */
export interface Child {
  /** The next line it prints; undefined when it has ended. */
  nextLine(): Promise<string | undefined>
  /** All lines from here on, until it ends. */
  restOfLines(): Promise<string[]>
  endInput(): void
  /** kill -9. */
  kill(): void
  readonly exitCode: Promise<number | null>
}

export function startChild([command, url, argument = '']: [
  command: string,
  url: string,
  argument?: string,
]): Child {
  const register = join(__dirname, '../../support/register-ts.cjs')
  const child = spawn(
    process.execPath,
    ['-r', register, join(__dirname, 'store-child.ts'), command, url, argument],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  const exited = once(child, 'exit') as Promise<[number | null]>
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    nextLine: () => lines.next().then((line) => (line.done === true ? undefined : line.value)),
    async restOfLines() {
      const rest: string[] = []
      for await (const line of { [Symbol.asyncIterator]: () => lines }) rest.push(line)
      return rest
    },
    endInput: () => child.stdin.end(),
    kill: () => child.kill('SIGKILL'),
    exitCode: exited.then(([code]) => code),
  }
}
