import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'

/**
 * Asks on the terminal for a secret, which is not shown while it is typed.
 *
 * @param name What is asked for, e.g. `az_secret`.
 * @returns The line; undefined when there is none (Ctrl+C, Ctrl+D).
 */
export async function askSecret(name: string): Promise<string | undefined> {
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() })
  // In this order: from here on the terminal shows nothing by itself.
  const lines = createInterface({
    input: process.stdin,
    output: unseen,
    terminal: true,
    historySize: 0,
  })
  process.stderr.write(`${name} (not shown): `)
  const line = await new Promise<string | undefined>((resolve) => {
    lines.once('line', resolve).once('close', () => resolve(undefined))
  })
  lines.close()
  process.stderr.write('\n')
  return line
}
