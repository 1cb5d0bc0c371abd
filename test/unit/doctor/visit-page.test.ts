import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { isNoMetadataAddress, isPublicAddress } from '../../../src/public-addresses'
import { visitPage } from '../../../src/doctor/visit-page'

test.each([
  '1.1.1.1',
  '8.8.8.8',
  '52.94.236.248',
  '100.63.255.255',
  '161.25.255.255',
  '166.12.0.1',
  '168.63.129.15',
  '168.63.129.17',
  '172.32.0.1',
  '192.0.1.1',
  '2606:4700:4700::1111',
  '2a00:1450:4001:81b::200e',
  '64:ff9b::8.8.8.8',
])('%s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true)
})

test.each([
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '100.100.100.200',
  '161.26.0.10',
  '166.8.0.1',
  '166.11.255.254',
  '168.63.129.16',
  '::ffff:168.63.129.16',
  '192.0.0.1',
  '192.0.0.192',
  '192.0.0.255',
  'fd00:ec2::254',
  'fd20:ce::254',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:8.8.8.8',
  '::127.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b::10.0.0.1',
  '64:ff9b::169.254.169.254',
  '64:ff9b:1::8.8.8.8',
  '2002:7f00:1::',
  '2001:0:7f00:1::',
  '2001:db8::1',
  'fc00::1',
  'fd12:3456::1',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
  'localhost',
  '',
  '2130706433',
])('%s is not public', (address) => {
  expect(isPublicAddress(address)).toBe(false)
})

test.each([
  '169.254.169.254',
  '::ffff:169.254.169.254',
  '::ffff:a9fe:a9fe',
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254',
  'fd00:42::42',
  '100.100.100.200',
  '168.63.129.16',
  '::ffff:168.63.129.16',
  '192.0.0.192',
  '64:ff9b::169.254.169.254',
  '::169.254.169.254',
  '2002:a9fe:a9fe::1',
])('%s is where clouds keep credentials', (address) => {
  expect(isNoMetadataAddress(address)).toBe(false)
  expect(isPublicAddress(address)).toBe(false)
})

test.each(['127.0.0.1', '10.0.0.1', '::1', '8.8.8.8', 'fe80::1%lo'])(
  '%s may be asked by whoever runs the host',
  (address) => {
    expect(isNoMetadataAddress(address)).toBe(true)
  },
)

describe('a page', () => {
  let server: Server
  let origin: string
  let hits: string[]
  async function serve(answer: RequestListener): Promise<void> {
    hits = []
    server = createServer((req, res) => {
      hits.push(`${String(req.method)} ${String(req.url)}`)
      answer(req, res)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
  afterEach(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  const limits = { limitMs: 2_000, isPublicOnly: false }

  test('is asked for its headers, through three redirects, and no further', async () => {
    await serve((req, res) => {
      const step = Number(req.url?.slice(1))
      res.writeHead(302, { location: `/${step + 1}` }).end()
    })
    expect(await visitPage(`${origin}/0`, limits)).toEqual({ status: 302, url: `${origin}/3` })
    expect(hits).toEqual(['HEAD /0', 'HEAD /1', 'HEAD /2', 'HEAD /3'])
  })

  test('that leads to where clouds keep credentials is followed no further', async () => {
    await serve((_req, res) => {
      res.writeHead(302, { location: 'http://169.254.169.254/latest' }).end()
    })
    expect(await visitPage(`${origin}/in`, limits)).toEqual({ unreached: 'PRIVATE_ADDRESS' })
  })

  test('that leads to an app of a telephone ends there', async () => {
    await serve((_req, res) => void res.writeHead(302, { location: 'myapp://in' }).end())
    expect(await visitPage(`${origin}/in`, limits)).toEqual({ status: 302, url: `${origin}/in` })
  })

  test('that never answers takes no longer than its limit', async () => {
    await serve(() => undefined)
    expect(await visitPage(`${origin}/in`, { ...limits, limitMs: 50 })).toEqual({
      unreached: 'ETIMEDOUT',
    })
  })

  test('that sends a body without end is left alone after its headers', async () => {
    await serve((_req, res) => {
      res.writeHead(200, { 'content-length': '1000000000' }).flushHeaders()
    })
    expect(await visitPage(`${origin}/in`, limits)).toMatchObject({ status: 200 })
  })

  test('of a name that leads to this machine is not asked where public ones alone may be', async () => {
    await serve((_req, res) => void res.end())
    const { port } = new URL(origin)
    for (const url of [
      `http://localhost:${port}/`,
      'http://localhost/',
      `http://127.0.0.1:${port}/`,
      'http://[::1]/',
      'https://[::ffff:7f00:1]/',
      'http://0x7f.1/',
    ]) {
      expect([url, await visitPage(url, { ...limits, isPublicOnly: true })]).toEqual([
        url,
        { unreached: 'PRIVATE_ADDRESS' },
      ])
    }
    expect(hits).toEqual([])
  })
})
