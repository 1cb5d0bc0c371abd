import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

import { PEOPLE } from '../../../src/emulator'
import { decideAsBrowser } from '../../../src/emulator/decide-as-browser'
import type { Browser } from '../../support/browser'
import { type Answer } from '../../support/browser'
import { freePort } from '../../support/free-port'

const EXAMPLES = join(__dirname, '../../../examples')
const PATIENCE_MS = 45_000
const ALLOW = { decision: 'allow', person: PEOPLE[0]?.userId ?? '', without: [] } as const

/** An example as people start it: by one command, without keys, so that an emulator of its own plays Amazon. */
export interface RunningExample {
  readonly origin: string
  /** What it has written so far. */
  said(): string
  /** Goes through a whole login as a person who allows; returns the answer of the return leg. */
  signIn(browser: Browser, path: string): Promise<Answer>
  stop(): Promise<void>
}

/**
 * @param file Below `examples/`.
 * @param isReady What it says when all of it listens.
 */
export async function startExample(
  file: string,
  isReady: RegExp,
  environment: Readonly<Record<string, string>> = {},
  cwd = EXAMPLES,
): Promise<RunningExample> {
  const port = await freePort()
  const env = { PATH: process.env.PATH, PORT: String(port), ...environment }
  // A group of its own: an example may start further processes.
  const child = spawn(process.execPath, [join(EXAMPLES, file)], {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  }
  const stop = async (): Promise<void> => {
    const closed = once(child, 'close')
    if (child.pid !== undefined) process.kill(-child.pid)
    await closed
  }
  const deadline = Date.now() + PATIENCE_MS
  while (!isReady.test(output)) {
    if (child.exitCode !== null) throw new Error(`${file} ended: ${output}`)
    if (Date.now() > deadline) {
      await stop()
      throw new Error(`${file} is not ready: ${output}`)
    }
    await new Promise((again) => setTimeout(again, 20))
  }
  return {
    origin: `http://localhost:${port}`,
    said: () => output,
    async signIn(browser, path) {
      let to = path
      while (!to.includes('/ap/oa?')) to = (await browser.get(to)).location
      return browser.get(await decideAsBrowser(to, new URL(to).origin, ALLOW))
    },
    stop,
  }
}
