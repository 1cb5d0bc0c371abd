import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'

import { CommandError } from '../command-error'

export interface Terminal {
  readonly input: Readable
  readonly output: Writable
}

/** One question after another, each asked again until its answer can be used. */
export interface Questions {
  /**
   * @param read Turns an answer into a value, or throws with the reason why it cannot be one.
   * @returns The value; of `preset`, where nothing was typed.
   * @throws {CommandError} There is no answer any more (Ctrl+C, Ctrl+D).
   */
  ask<Value>(question: string, preset: string, read: (answer: string) => Value): Promise<Value>
  close(): void
}

export function askOn({ input, output }: Terminal): Questions {
  const lines = createInterface({ input, output })
  const answers = lines[Symbol.asyncIterator]()
  return {
    async ask(question, preset, read) {
      for (;;) {
        lines.setPrompt(`${question} [${preset}]: `)
        lines.prompt()
        const next: IteratorResult<string, undefined> = await answers.next()
        if (next.done === true) throw new CommandError('\nNothing was written.')
        try {
          return read(next.value.trim() || preset)
        } catch (thrown) {
          output.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`)
        }
      }
    },
    close: () => lines.close(),
  }
}
