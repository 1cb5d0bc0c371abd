import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

import Database from 'libsql'

import { Browser } from '../../support/browser'

const ROOT = resolve(__dirname, '../../..')
const CLI = join(ROOT, 'src/server/cli.ts')
const REGISTER = join(ROOT, 'test/support/register-ts.cjs')
const PATIENCE_MS = 15_000

type Environment = Readonly<Record<string, string>>
export type Listening = Running & { readonly origin: string }

/** A working directory of its own, where commands find no configuration but what a test puts there. */
export class Workplace {
  readonly folder = mkdtempSync(join(tmpdir(), 'amazon-auth-'))
  private readonly running: Running[] = []

  path(name: string): string {
    return join(this.folder, name)
  }

  write(name: string, lines: readonly string[]): void {
    writeFileSync(this.path(name), `${lines.join('\n')}\n`)
  }

  start(args: readonly string[], environment: Environment = {}, stdio?: StdioOptions): Running {
    return this.startProgram(CLI, args, environment, stdio)
  }

  /** Runs a command to its end. */
  async run(args: readonly string[], input = ''): Promise<Running> {
    const running = this.start(args)
    running.child.stdin?.end(input)
    await running.exit()
    return running
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

  async clear(): Promise<void> {
    for (const { child } of this.running) child.kill('SIGKILL')
    await Promise.all(this.running.map((running) => running.exit()))
    rmSync(this.folder, { recursive: true })
  }
}

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

  /** Exit status; null when a signal ended it. */
  async exit(): Promise<number | null> {
    await this.closed
    return this.child.exitCode
  }

  /** Waits until standard output holds this. */
  async said(pattern: RegExp): Promise<RegExpExecArray> {
    const deadline = Date.now() + PATIENCE_MS
    for (;;) {
      const found = pattern.exec(this.stdout)
      if (found !== null) return found
      if (this.child.exitCode !== null || Date.now() > deadline) {
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
