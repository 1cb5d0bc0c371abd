import { fork } from 'node:child_process'
import { join } from 'node:path'

/** A process of the benchmark: a contender, or Amazon. */
export interface Child<Ready> {
  readonly pid: number | undefined
  /** What it told when it was ready. */
  readonly ready: Ready
  /** Asks for one of the answers it gives. */
  ask<Answer>(question: string, input?: unknown): Promise<Answer>
  stop(): void
}

interface Reply {
  readonly id?: number
  readonly answer?: unknown
  readonly error?: string
  readonly ready?: unknown
}

/**
 * Starts one of the programs in `contenders/`, as in production, with a certificate authority that it trusts. What it
 * writes to standard output is read through a pipe and left.
 *
 * @param core Processor that it may use; undefined: those of this process.
 * @throws {Error} It ended before it was ready.
 */
export async function startChild<Ready>(
  program: string,
  settings: object,
  { caFile }: { readonly caFile?: string },
  core?: number,
): Promise<Child<Ready>> {
  const child = fork(join(__dirname, 'contenders', program), [JSON.stringify(settings)], {
    ...(core === undefined ? { execArgv: [] } : pinnedTo(core)),
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: {
      ...process.env,
      NODE_ENV: 'production',
      ...(caFile !== undefined && { NODE_EXTRA_CA_CERTS: caFile }),
    },
  })
  child.stdout?.resume()
  const waiting = new Map<number, (reply: Reply) => void>()
  const ready = new Promise<Ready>((resolve, reject) => {
    child.on('message', (reply: Reply) => {
      if (reply.id === undefined) resolve(reply.ready as Ready)
      else waiting.get(reply.id)?.(reply)
    })
    child.once('exit', (code) => {
      const error = `${program} ended with ${String(code)}`
      reject(new Error(error))
      for (const answer of waiting.values()) answer({ error })
    })
  })
  let asked = 0
  return {
    pid: child.pid,
    ready: await ready,
    ask: <Answer>(question: string, input?: unknown) =>
      new Promise<Answer>((resolve, reject) => {
        const id = (asked += 1)
        waiting.set(id, ({ answer, error }) => {
          waiting.delete(id)
          if (error === undefined) resolve(answer as Answer)
          else reject(new Error(error))
        })
        child.send({ id, question, input })
      }),
    stop() {
      if (child.connected) child.disconnect()
    },
  }
}

function pinnedTo(core: number) {
  return { execPath: 'taskset', execArgv: ['-c', String(core), process.execPath] }
}
