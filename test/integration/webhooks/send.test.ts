import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer as createTlsServer } from 'node:https'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { publicAnd, type LookUp } from '../../../src/public-addresses'
import { createLookUpName } from '../../../src/webhooks/look-up-name'
import {
  createWebhookSender,
  type Answered,
  type WebhookSender,
} from '../../../src/webhooks/send-webhook'
import { makeCertificate } from '../../support/certificate'
import { startConnectProxy } from '../../support/connect-proxy'
import { startDnsServer, type DnsServer } from '../../support/dns-server'

const INNER = '127.0.0.2'
/** In place of the public internet, which tests do not reach. */
const isReachable = (address: string): boolean => address === '127.0.0.1'

let dns: DnsServer
let lookUp: LookUp
let answers: Record<string, readonly string[] | 'silent' | (() => readonly string[])>
const servers: Server[] = []
const sockets = new Set<Socket>()
const senders: WebhookSender[] = []

beforeEach(async () => {
  answers = {}
  dns = await startDnsServer((name) => {
    const answer = answers[name]
    return typeof answer === 'function' ? answer() : answer
  })
  lookUp = createLookUpName({ timeoutMs: 1_500, knowsLocalNames: false, servers: [dns.address] })
})
afterEach(async () => {
  await Promise.all(senders.splice(0).map((sender) => sender.close()))
  for (const server of servers.splice(0)) server.close()
  for (const socket of sockets) socket.destroy()
  sockets.clear()
  await dns.close()
})

function startSender({ isAllowed = isReachable, timeoutMs = 2_000, unconnectedMs = 500 } = {}) {
  const sender = createWebhookSender({ isAllowed, lookUp, timeoutMs, unconnectedMs, now: Date.now })
  senders.push(sender)
  return (url: string): Promise<Answered> =>
    sender.send({ url, headers: {}, body: '{}', signal: new AbortController().signal })
}

/** What it says on each connection, as bytes. */
async function listen(say: (socket: Socket) => void, address = '127.0.0.1', port = 0) {
  let connections = 0
  const server = createServer((socket) => {
    connections += 1
    sockets.add(socket.on('error', () => undefined))
    say(socket)
  }).listen(port, address)
  await once(server, 'listening')
  servers.push(server)
  return { port: (server.address() as AddressInfo).port, count: () => connections }
}

const told = ({ status, error }: Answered) => [status, error]
const says204 = (socket: Socket) => socket.once('data', () => socket.end(NO_CONTENT))
const NO_CONTENT = 'HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n'

describe('a name', () => {
  test.each<[string, readonly string[] | 'silent' | undefined]>([
    ['leads into a private network', ['10.1.2.3']],
    ['leads there beside a public address', ['127.0.0.1', '10.1.2.3']],
    ['leads to this machine by a form of version 6', ['::ffff:7f00:2']],
    ['leads there by NAT64', ['64:ff9b::7f00:2']],
    ['leads there by 6to4', ['2002:7f00:2::']],
    ['is not known', undefined],
    ['has no address', []],
    ['has servers that do not answer', 'silent'],
  ])('that %s is told as any of these is', async (_what, addresses) => {
    if (addresses !== undefined) answers['inner.test'] = addresses
    const send = startSender()
    expect(told(await send('https://inner.test:8443/'))).toEqual([undefined, 'NO_PUBLIC_ADDRESS'])
    expect(dns.asked).toContain('A inner.test')
  })

  test('in numbers is told alike', async () => {
    const send = startSender({ isAllowed: publicAnd([]), unconnectedMs: 10 })
    for (const host of ['10.1.2.3', '0x7f.1', '0177.0.0.1', '2130706433', '[::ffff:127.0.0.1]']) {
      expect(told(await send(`https://${host}/`))).toEqual([undefined, 'NO_PUBLIC_ADDRESS'])
    }
  })

  test('that is refused at once is told no sooner than one that takes its time', async () => {
    answers['inner.test'] = ['10.1.2.3']
    answers['hangs.test'] = 'silent'
    const order: string[] = []
    const send = startSender({ unconnectedMs: 2_000 })
    const ends = (name: string) => send(`https://${name}/`).then(() => order.push(name))
    const slower = ends('hangs.test')
    await Promise.all([slower, ends('inner.test')])
    expect(order).toEqual(['hangs.test', 'inner.test'])
  })

  test('that changes between two looks is connected to where it was allowed, and nowhere else', async () => {
    const allowed = await listen(says204)
    const inner = await listen(says204, INNER, allowed.port)
    let looks = 0
    // Each version is asked for: two questions a look.
    answers['rebind.test'] = () => [Math.floor(looks++ / 2) % 2 === 0 ? '127.0.0.1' : INNER]
    const send = startSender({ unconnectedMs: 10 })
    const errors: (string | undefined)[] = []
    for (let round = 0; round < 20; round += 1) {
      errors.push((await send(`http://rebind.test:${allowed.port}/`)).error)
    }
    expect(errors.filter((error) => error === undefined)).toHaveLength(10)
    expect(errors.filter((error) => error === 'NO_PUBLIC_ADDRESS')).toHaveLength(10)
    expect([allowed.count(), inner.count()]).toEqual([10, 0])
  })

  test('whose servers do not answer holds up no other name', async () => {
    const { port } = await listen(says204)
    answers['good.test'] = ['127.0.0.1']
    const send = startSender()
    const order: string[] = []
    const hanging = Array.from({ length: 8 }, async (_none, at) => {
      answers[`hangs-${at}.test`] = 'silent'
      await send(`https://hangs-${at}.test/`)
      order.push('hangs')
    })
    const good = send(`http://good.test:${port}/`).then(({ status }) => order.push(String(status)))
    await Promise.all([good, ...hanging])
    expect(order[0]).toBe('204')
  })
})

describe('a port', () => {
  test('that is closed, speaks something else, or hangs up is told alike', async () => {
    answers['shop.test'] = ['127.0.0.1']
    const ssh = await listen((socket) => socket.end('SSH-2.0-OpenSSH_9.2p1\r\n'))
    const rude = await listen((socket) => socket.destroy())
    const closed = await listen(() => undefined)
    servers.pop()?.close()
    const send = startSender()
    for (const { port } of [ssh, rude, closed]) {
      expect(told(await send(`https://shop.test:${port}/`))).toEqual([undefined, 'NO_CONNECTION'])
    }
    expect([ssh.count(), rude.count()]).toEqual([1, 1])
  })

  test('where TLS ends in a certificate of nobody is told by its code, for its owner', async () => {
    answers['shop.test'] = ['127.0.0.1']
    const folder = mkdtempSync(join(tmpdir(), 'webhook-'))
    const { key, cert } = makeCertificate(folder, ['DNS:shop.test'])
    rmSync(folder, { recursive: true })
    const server = createTlsServer({ key, cert }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    servers.push(server)
    const { port } = server.address() as AddressInfo
    expect((await startSender()(`https://shop.test:${port}/`)).error).toBe(
      'DEPTH_ZERO_SELF_SIGNED_CERT',
    )
  })
})

describe('a receiver', () => {
  beforeEach(() => {
    answers['shop.test'] = ['127.0.0.1']
  })

  test.each<[string, (socket: Socket) => void, unknown[]]>([
    [
      'says something else than HTTP',
      (socket) => socket.end('220 smtp\r\n'),
      [undefined, 'NO_ANSWER'],
    ],
    ['hangs up', (socket) => socket.once('data', () => socket.destroy()), [undefined, 'NO_ANSWER']],
    ['says nothing', () => undefined, [undefined, 'ETIMEDOUT']],
    [
      'drips headers',
      (socket) => drip(socket, 'HTTP/1.1 204 No Content\r\nX-A: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'),
      [undefined, 'ETIMEDOUT'],
    ],
    [
      'sends headers without end',
      (socket) => flood(socket, 'HTTP/1.1 200 OK\r\n', 'X-A: aaaaaaaaaaaaaaaaaaaaaaaaa\r\n'),
      [undefined, 'NO_ANSWER'],
    ],
    [
      'drips a body',
      (socket) =>
        drip(socket, 'aaaaaaaaaaaaaaaaaaaaaaaaa', `HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n`),
      [200, undefined],
    ],
    [
      'sends a body without end',
      (socket) => flood(socket, 'HTTP/1.1 200 OK\r\n\r\n', 'a'.repeat(65_536)),
      [200, undefined],
    ],
    [
      'promises an answer (100) without end',
      (socket) => flood(socket, '', 'HTTP/1.1 100 Continue\r\n\r\n'),
      [undefined, 'NO_ANSWER'],
    ],
  ])('that %s holds nobody up', async (_what, say, expected) => {
    const { port } = await listen(say)
    const send = startSender({ timeoutMs: 1_000 })
    expect(told(await send(`http://shop.test:${port}/`))).toEqual(expected)
  })

  test('is reached by no proxy that the environment names', async () => {
    const proxy = await startConnectProxy()
    const { port } = await listen(says204)
    const names = ['HTTPS_PROXY', 'HTTP_PROXY', 'https_proxy', 'http_proxy', 'NODE_USE_ENV_PROXY']
    for (const name of names) process.env[name] = `http://${proxy.host}`
    try {
      const send = startSender()
      expect(told(await send(`http://shop.test:${port}/`))).toEqual([204, undefined])
      expect(told(await send('https://inner.test/'))).toEqual([undefined, 'NO_PUBLIC_ADDRESS'])
      expect(proxy.tunnels).toEqual([])
    } finally {
      for (const name of names) Reflect.deleteProperty(process.env, name)
      await proxy.close()
    }
  })

  test.each([
    'http://127.0.0.2:{port}/',
    'https://inner.test:{port}/',
    'http://169.254.169.254/latest/meta-data/',
    'file:///etc/passwd',
    'gopher://127.0.0.2:{port}/',
    '//127.0.0.2:{port}/',
    'http://shop.test:{port}/again',
  ])('that redirects to %s is not followed', async (location) => {
    let requests = 0
    const { port } = await listen((socket) =>
      socket.once('data', () => {
        requests += 1
        const to = location.replace('{port}', String(port))
        socket.end(`HTTP/1.1 307 X\r\nLocation: ${to}\r\nConnection: close\r\n\r\n`)
      }),
    )
    const inner = await listen(says204, INNER, port)
    answers['inner.test'] = [INNER]
    expect(told(await startSender()(`http://shop.test:${port}/`))).toEqual([307, 'redirect'])
    expect([requests, inner.count()]).toEqual([1, 0])
    expect(dns.asked).not.toContain('A inner.test')
  })
})

function drip(socket: Socket, text: string, before = ''): void {
  socket.write(before)
  let at = 0
  const timer = setInterval(() => socket.write(text[at++ % text.length] ?? ''), 100)
  socket.once('close', () => clearInterval(timer))
}

function flood(socket: Socket, before: string, piece: string): void {
  socket.write(before)
  const more = (): void => {
    if (!socket.destroyed) socket.write(piece, () => setImmediate(more))
  }
  more()
}
