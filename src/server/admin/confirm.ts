import { createInterface } from 'node:readline/promises'

import { CommandError } from '../command-error'

/** Says on the command line: do it without asking. */
export const YES = ['-y, --yes', 'do it without asking'] as const

export interface YesOption {
  readonly yes?: true
}

/**
 * Makes sure that something of weight is meant: asks on a terminal, and wants `--yes` elsewhere.
 *
 * @param what E.g. `Delete the app shop?`.
 * @param takenBack How far it can be undone: a sentence without its end.
 * @throws {CommandError} It is not meant, or nobody can be asked.
 */
export async function confirm(
  what: string,
  { yes }: YesOption,
  takenBack = 'This cannot be undone',
): Promise<void> {
  if (yes === true) return
  if (!process.stdin.isTTY) {
    throw new CommandError(`${what} ${takenBack}. If you mean it, say so with --yes.`)
  }
  // The question goes to standard error, since standard output belongs to the answer of the command.
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await new Promise<string>((resolve) => {
    lines.once('close', () => resolve(''))
    lines.question(`${what} [y/N] `).then(resolve, () => resolve(''))
  })
  lines.close()
  if (!/^y(es)?$/i.test(answer.trim())) throw new CommandError('Nothing was changed.')
}
