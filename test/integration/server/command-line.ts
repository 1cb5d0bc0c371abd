import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

import Database from 'libsql'

import { Browser } from '../../support/browser'
import type { Order, Outcome } from './command-host'

const ROOT = resolve(__dirname, '../../..')
const CLI = join(ROOT, 'src/server/cli.ts')
const HOST = join(__dirname, 'command-host.ts')
const REGISTER = join(ROOT, 'test/support/register-ts.cjs')
/** Less than a test has. A machine that is busy starts a process in a quarter of a minute. */
const PATIENCE_MS = 45_000

type Environment = Readonly<Record<string, string>>
export type Listening = Running & { readonly origin: string }

/** A working directory of its own, where commands find no configuration but what a test puts there. */
export class Workplace {
  readonly folder = mkdtempSync(join(tmpdir(), 'amazon-auth-'))
  private readonly running: Running[] = []

  constructor() {
    places.add(this)
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  write(name: string, lines: readonly string[]): void {
    writeFileSync(this.path(name), `${lines.join('\n')}\n`)
  }

  start(args: readonly string[], environment: Environment = {}, stdio?: StdioOptions): Running {
    return this.startProgram(CLI, args, environment, stdio)
  }

  /** Runs a command to its end, in a process that has run others of this test file. */
  run(args: readonly string[], input = '', environment: Environment = {}): Promise<Ended> {
    const surroundings = { PATH: process.env.PATH ?? '', ...environment }
    return host.run({ args, folder: this.folder, environment: surroundings, input })
  }

  /** What a command prints that ends well. */
  async done(args: readonly string[], input?: string): Promise<string> {
    const { exitCode, stdout, stderr } = await this.run(args, input)
    expect([exitCode, stderr]).toEqual([0, expect.not.stringMatching(STACK)])
    return stdout
  }

  /** Starts a command and waits until it tells where it listens. */
  listen(args: readonly string[], environment?: Environment): Promise<Listening> {
    return untilListening(this.start(args, environment))
  }

  /** The same for a program of a test's own. */
  listenProgram(file: string, args: readonly string[] = []): Promise<Listening> {
    return untilListening(this.startProgram(file, args, {}))
  }

  private startProgram(
    file: string,
    args: readonly string[],
    environment: Environment,
    stdio: StdioOptions = ['pipe', 'pipe', 'pipe', 'ipc'],
  ): Running {
    const child = spawn(process.execPath, ['-r', REGISTER, file, ...args], {
      cwd: this.folder,
      env: { PATH: process.env.PATH, ...environment },
      stdio,
    })
    const running = new Running(child)
    this.running.push(running)
    return running
  }

  /** A second time it does nothing: who has made it may do so, and whoever comes after the last test. */
  async clear(): Promise<void> {
    if (!places.delete(this)) return
    for (const { child } of this.running) child.kill('SIGKILL')
    await Promise.all(this.running.map((running) => running.exit()))
    rmSync(this.folder, { recursive: true })
  }
}

/** A command that is over. */
export type Ended = Pick<Running, 'stdout' | 'stderr' | 'exitCode'>

/** How a line of a stack begins, which is for nobody who works at a command line. */
const STACK = /^\s+at /m

/** What a command says that is refused: in words, and of nothing done. */
export function refusal({ exitCode, stdout, stderr }: Ended): string {
  expect([stdout, exitCode]).toEqual(['', 1])
  expect(stderr).not.toMatch(STACK)
  return stderr
}

/** Runs commands one by one in one process: loading them takes longer than what most of them do. */
class CommandHost {
  private child: ChildProcess | undefined
  private last: Promise<unknown> = Promise.resolve()

  run(order: Order): Promise<Ended> {
    const ended = this.last.then(() => this.next(order))
    this.last = ended.catch(() => undefined)
    return ended
  }

  close(): void {
    this.child?.kill('SIGKILL')
  }

  private async next(order: Order): Promise<Ended> {
    this.child ??= spawn(process.execPath, ['--expose-gc', '-r', REGISTER, HOST], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    this.child.send(order)
    const [outcome] = (await once(this.child, 'message')) as [Outcome | { error: string }]
    if ('error' in outcome) throw new Error(`${order.args.join(' ')}: ${outcome.error}`)
    return outcome
  }
}

const host = new CommandHost()
/** Those whose folders are still there: of tests that have failed before they could clear them. */
const places = new Set<Workplace>()
afterAll(async () => {
  host.close()
  for (const place of places) await place.clear()
})

/** A command under way, or over. */
export class Running {
  stdout = ''
  stderr = ''
  private readonly closed: Promise<unknown>

  constructor(readonly child: ChildProcess) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text))
    this.closed = once(child, 'close')
  }

  /** Exit status; null while it runs, and when a signal ended it. */
  get exitCode(): number | null {
    return this.child.exitCode
  }

  /** Waits for its end. */
  async exit(): Promise<number | null> {
    await this.closed
    return this.exitCode
  }

  /** Waits until standard output holds this. */
  async said(pattern: RegExp): Promise<RegExpExecArray> {
    const deadline = Date.now() + PATIENCE_MS
    for (;;) {
      const found = pattern.exec(this.stdout)
      if (found !== null) return found
      if (this.exitCode !== null || Date.now() > deadline) {
        throw new Error(`not said: ${String(pattern)}\n${this.stdout}\n${this.stderr}`)
      }
      await new Promise((again) => setTimeout(again, 20))
    }
  }
}

async function untilListening(running: Running): Promise<Listening> {
  const [, origin = ''] = await running.said(/(?:listening on|Demo:) (http:\/\/[\w.]+:\d+)/)
  return Object.assign(running, { origin })
}

export function browserAt({ origin }: { readonly origin: string }): Browser {
  return new Browser(origin)
}

/** Runs SQL in an SQLite file, behind the back of everybody. */
export function inDatabase(file: string, sql: string): void {
  const database = new Database(file)
  database.exec(sql)
  // libsql closes only with the garbage, and until then the file alone lacks what was written.
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  database.close()
}
