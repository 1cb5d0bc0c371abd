import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The server of this build, and an operator of all apps who is signed in to it. */
export interface OperatorsServer {
  /** @param path Below the pages. */
  get(path: string): Promise<Response>
  /** Sends the form of the page at `from`. */
  post(
    path: string,
    from: string,
    fields: readonly (readonly [string, string])[],
  ): Promise<Response>
  /** How long the event loop was held at most since this was last asked. */
  heldMs(): Promise<number>
  /** What the process has had of the processors since its start, all threads. */
  cpuMs(): number
  stop(): Promise<void>
}

const ROOT_SECRET = 'root-secret-of-at-least-thirty-two-characters'
/** Of Linux: see `getconf CLK_TCK`. */
const TICK_MS = 10
const PRELOAD = join(__dirname, '../support/watch-event-loop.cjs')
const CLI = join(__dirname, '../../dist/server/cli.js')

export async function serveOperators(url: string, secretKey: string): Promise<OperatorsServer> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-operators-'))
  const conf = {
    port: 0,
    host: '127.0.0.1',
    'store.url': url,
    secret_key: secretKey,
    root_secret_key: ROOT_SECRET,
  }
  const lines = Object.entries(conf).map(([key, value]) => `para.${key} = ${JSON.stringify(value)}`)
  writeFileSync(join(directory, 'application.conf'), lines.join('\n'))
  const child = spawn(process.execPath, ['-r', PRELOAD, CLI, 'serve'], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_ENV: 'production' },
  })
  let output = ''
  child.stdout.on('data', (part: Buffer) => (output += part.toString()))

  async function told(pattern: RegExp): Promise<string> {
    for (;;) {
      const [, found] = pattern.exec(output) ?? []
      if (found !== undefined) return found
      if (child.exitCode !== null) throw new Error(`the server has ended: ${output}`)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  const origin = await told(/(http:\/\/127\.0\.0\.1:\d+)/)
  const cookie = await signIn(origin)
  const get = (path: string) =>
    fetch(`${origin}/admin${path}`, {
      headers: { cookie, accept: 'text/html' },
      redirect: 'manual',
    })
  return {
    get,
    async post(path, from, fields) {
      const [, token = ''] =
        /name="form_token" value="([^"]+)"/.exec(await (await get(from)).text()) ?? []
      const body = new URLSearchParams([
        ...fields.map(([name, value]) => [name, value]),
        ['form_token', token],
      ])
      const headers = { cookie, origin, accept: 'text/html' }
      return fetch(`${origin}/admin${path}`, { method: 'POST', body, headers, redirect: 'manual' })
    },
    async heldMs() {
      output = ''
      child.kill('SIGUSR2')
      return Number(await told(/event loop held for ([\d.]+) ms/))
    },
    cpuMs() {
      const [, rest = ''] = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')
      const [user, system] = rest.split(' ').slice(11, 13)
      return (Number(user) + Number(system)) * TICK_MS
    },
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function signIn(origin: string): Promise<string> {
  const answer = await fetch(`${origin}/admin/sign-in`, {
    method: 'POST',
    body: new URLSearchParams({ access_key: 'app:para', secret_key: ROOT_SECRET }),
    headers: { origin, accept: 'text/html' },
    redirect: 'manual',
  })
  if (answer.status !== 303)
    throw new Error(`not signed in: ${answer.status} ${await answer.text()}`)
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
}
