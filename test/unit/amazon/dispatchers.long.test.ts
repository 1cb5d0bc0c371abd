import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'

import { createClients, type AmazonAxios } from '../../../src/amazon/create-axios'

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

/** @returns How many connections the peer has seen by then. */
async function ask(client: AmazonAxios, baseURL: string): Promise<number> {
  const { data } = await client.request<Buffer>({ baseURL, url: '/', timeout: 5_000 })
  // A connection is free for the next request a moment after its answer.
  await setTimeout(20)
  return Number(data.toString())
}

/** As a long computation does. */
function holdEventLoop(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

test('a peer that leaves connections alone for two seconds is trusted with what may be sent once', async () => {
  const { reads, codes } = createClients()
  const origin = await startPeer(5_000)
  expect(await ask(codes, origin)).toBe(1)
  expect(await ask(codes, origin)).toBe(2)
  // However busy it is meanwhile.
  for (let n = 0; n < 10; n += 1) {
    expect(await ask(reads, origin)).toBe(3)
    await setTimeout(250)
  }
  expect(await ask(codes, origin)).toBe(4)
  expect(await ask(codes, origin)).toBe(4)
  await setTimeout(1_200)
  expect(await ask(codes, origin)).toBe(5)
})

test('a peer whose close is read late, since the event loop was held, does not pass for a patient one', async () => {
  const { codes } = createClients()
  const origin = await startPeer(600)
  await ask(codes, origin)
  holdEventLoop(1_900)
  await setTimeout(1_000)
  expect(await ask(codes, origin)).toBe(2)
  expect(await ask(codes, origin)).toBe(3)
})

test.each(['end', 'resetAndDestroy'] as const)(
  'a peer that ends one kept connection (%s) gets no further code on the others',
  async (end) => {
    const sockets: Socket[] = []
    const server = createServer((_req, res) => res.end(String(sockets.length)))
    server.keepAliveTimeout = 60_000
    server.on('connection', (socket) => void sockets.push(socket)).listen(0, '127.0.0.1')
    ending.push(() => (server.closeAllConnections(), server.close()))
    await once(server, 'listening')
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const { codes } = createClients()
    await ask(codes, origin)
    await setTimeout(2_300)
    await Promise.all([ask(codes, origin), ask(codes, origin)])
    expect(await ask(codes, origin)).toBe(3)
    sockets[2]?.[end]()
    await setTimeout(50)
    expect(await ask(codes, origin)).toBe(4)
  },
)

test('what is lost on a kept connection is sent once more, if it may be', async () => {
  const { reads } = createClients()
  const origin = await startPeer(1)
  for (let n = 0; n < 30; n += 1) expect(await ask(reads, origin)).toBeGreaterThan(n / 2)
})
