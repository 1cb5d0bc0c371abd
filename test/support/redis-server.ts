import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createClient } from 'redis'

import { freePort } from './free-port'

/** A Redis of a test's own, on this machine, that keeps nothing over its death. */
export interface RedisServer {
  readonly url: string
  readonly port: number
  /** All keys, with what lies under those that hold text. */
  contents(): Promise<ReadonlyMap<string, string>>
  put(key: string, text: string): Promise<unknown>
  /** Milliseconds that a key still has; negative: for ever, or gone. */
  lifeOf(key: string): Promise<number>
  /** How many it has, without the one that asks. */
  connections(): Promise<number>
  /** kill -9. */
  kill(): Promise<void>
  /** Starts it again where it was. */
  start(): Promise<void>
  /** Answers nothing any more, but keeps its connections, and takes new ones. */
  freeze(): void
  thaw(): void
  close(): Promise<void>
}

/** `describe` for tests that need Redis: skipped, and said so, where there is none; but never in CI. */
export const describeWithRedis = hasRedis() ? describe : skip()

function hasRedis(): boolean {
  return spawnSync('redis-server', ['--version']).status === 0
}

function skip(): typeof describe.skip {
  if (process.env.CI === 'true') throw new Error('CI needs redis-server, and found none in PATH')
  console.warn('Skipped: there is no redis-server in PATH.')
  return describe.skip
}

export async function startRedis(...options: readonly string[]): Promise<RedisServer> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'amazon-auth-redis-'))
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '']
  let child: ChildProcess | undefined

  async function start(): Promise<void> {
    child = spawn('redis-server', [...args, ...options], { stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    for await (const chunk of child.stdout ?? []) {
      said += String(chunk)
      if (said.includes('Ready to accept connections')) break
    }
    child.stdout?.resume()
    if (child.exitCode !== null) throw new Error(`redis-server has ended:\n${said}`)
  }
  async function kill(): Promise<void> {
    if (child?.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  const url = `redis://127.0.0.1:${port}`
  await start()
  return {
    url,
    port,
    contents: () => ask(url, readAll),
    put: (key, text) => ask(url, (client) => client.set(key, text)),
    lifeOf: (key) => ask(url, (client) => client.pTTL(key)),
    connections: () => ask(url, async (client) => (await client.clientList()).length - 1),
    kill,
    start,
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    async close() {
      await kill()
      rmSync(folder, { recursive: true })
    },
  }
}

type Client = ReturnType<typeof connectTo>

function connectTo(url: string) {
  return createClient({ url })
}

async function ask<T>(url: string, question: (client: Client) => Promise<T>): Promise<T> {
  const client = connectTo(url)
  await client.connect()
  try {
    return await question(client)
  } finally {
    client.destroy()
  }
}

async function readAll(client: Client): Promise<ReadonlyMap<string, string>> {
  const keys = await client.keys('*')
  const texts = await Promise.all(keys.map(async (key) => (await client.get(key)) ?? ''))
  return new Map(keys.map((key, index) => [key, texts[index] ?? '']))
}
