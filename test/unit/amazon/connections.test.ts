import axios from 'axios'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'

import { connectionAdapter } from '../../../src/amazon/connection-adapter'
import { createConnections, type Connections } from '../../../src/amazon/connections'

let ending: (() => unknown)[] = []
afterEach(() => {
  for (const end of ending) end()
  ending = []
})

/** @param idleMs How long the peer leaves a connection alone. */
async function startPeer(idleMs: number): Promise<string> {
  const program = require.resolve('../../support/closing-peer.cjs')
  const child = spawn(process.execPath, [program, String(idleMs)])
  ending.push(() => child.kill())
  const [port] = (await once(child.stdout, 'data')) as [Buffer]
  return `http://127.0.0.1:${Number(port)}`
}

function ask(connections: Connections, origin: string): Promise<unknown> {
  const adapter = connectionAdapter(connections, 'any')
  return axios.get('/', { baseURL: origin, adapter, maxContentLength: 1_000 })
}

/** Whether what may be sent only once would travel on a connection that was used before. */
function mayReuse(connections: Connections, origin: string): boolean {
  const connection = connections.take(origin, 'short')
  connection.destroy()
  return connection.isReused
}

/** As a long computation does. */
function holdEventLoop(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

test('a peer that leaves connections alone for two seconds is trusted with what may be sent once', async () => {
  const connections = createConnections()
  const origin = await startPeer(3_000)
  await ask(connections, origin)
  expect(mayReuse(connections, origin)).toBe(false)
  await setTimeout(2_300)
  await ask(connections, origin)
  expect(mayReuse(connections, origin)).toBe(true)
})

test('a peer whose close is read late, since the event loop was held, does not pass for a patient one', async () => {
  const connections = createConnections()
  const origin = await startPeer(600)
  await ask(connections, origin)
  holdEventLoop(2_500)
  await setTimeout(200)
  await ask(connections, origin)
  expect(mayReuse(connections, origin)).toBe(false)
})

test('an answer that is read late, since the event loop was held, does not make its connection a fresh one', async () => {
  const connections = createConnections()
  const origin = await startPeer(3_000)
  await ask(connections, origin)
  await setTimeout(2_300)
  const asked = ask(connections, origin)
  await setTimeout(10)
  holdEventLoop(1_200)
  await asked
  expect(mayReuse(connections, origin)).toBe(false)
})
