import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import express from 'express'

import { amazonAuth } from '../../src'
import { callAt, ROOT_KEYS, signatureOf, startServer, type TestServer } from '../support/api'
import { RawConnection } from '../support/raw-connection'
import { freePort } from '../support/free-port'
import { ParaClient } from '../support/para-client'
import { startHost } from '../support/host'
import { until } from '../support/until'

type Headers = Readonly<Record<string, string>>

const running: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of running.splice(0)) await one.close()
})
async function start(conf = ''): Promise<TestServer> {
  const server = await startServer({ conf })
  running.push(server)
  return server
}

const silence = (): void => undefined
const uriOf = (location: string): string | null =>
  new URL(location).searchParams.get('redirect_uri')

describe('behind a proxy the redirect_uri is what the browser shows, when the proxy sends', () => {
  const seen: readonly [what: string, headers: Headers, origin: string][] = [
    [
      'a Host with :443 added to it',
      { host: 'shop.example:443', 'x-forwarded-proto': 'https' },
      'https://shop.example',
    ],
    [
      'a Host with :80 added to it, though the browser came by https',
      { host: 'shop.example:80', 'x-forwarded-proto': 'https' },
      'https://shop.example',
    ],
    [
      'a forwarded host with :443 and no scheme',
      { host: 'node:8080', 'x-forwarded-host': 'shop.example:443' },
      'https://shop.example',
    ],
    [
      'the schemes of two proxies, one behind the other',
      { host: 'shop.example', 'x-forwarded-proto': 'https, http', 'x-forwarded-port': '443, 80' },
      'https://shop.example',
    ],
    [
      'the hosts of two proxies',
      { host: 'node:8080', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'shop.example, edge' },
      'https://shop.example',
    ],
    [
      'a port that Host lacks',
      { host: 'shop.example', 'x-forwarded-proto': 'https', 'x-forwarded-port': '8443' },
      'https://shop.example:8443',
    ],
    [
      'a port of its own, where the forwarded host has the browser’s',
      {
        host: 'node:8080',
        'x-forwarded-host': 'shop.example:9443',
        'x-forwarded-proto': 'https',
        'x-forwarded-port': '443',
      },
      'https://shop.example:9443',
    ],
    [
      'port 80, behind a load balancer that took https',
      { host: 'shop.example', 'x-forwarded-proto': 'https', 'x-forwarded-port': '80' },
      'https://shop.example',
    ],
    [
      'the port 443 alone',
      { host: 'shop.example', 'x-forwarded-port': '443' },
      'https://shop.example',
    ],
    [
      'CloudFront’s scheme, and the load balancer’s behind it',
      {
        host: 'shop.example',
        'cloudfront-forwarded-proto': 'https',
        'x-forwarded-proto': 'http',
        'x-forwarded-port': '80',
      },
      'https://shop.example',
    ],
    [
      'upper case',
      { host: 'node', 'x-forwarded-host': 'SHOP.Example', 'x-forwarded-proto': 'HTTPS' },
      'https://shop.example',
    ],
    [
      'a Forwarded header only',
      { host: 'node:8080', forwarded: 'for=192.0.2.60;proto=https;host=shop.example' },
      'https://shop.example',
    ],
    [
      'Forwarded of two proxies, quoted, in any case',
      {
        host: 'node:8080',
        forwarded:
          'For="[2001:db8::17]:4711";Proto=HTTPS;Host="shop.example:8443";by=_edge, for=10.0.0.1;host=edge;proto=http',
      },
      'https://shop.example:8443',
    ],
    [
      'Forwarded with an IPv6 host and escapes',
      { host: 'node', forwarded: 'proto="ht\\tps"; host="[2001:db8::17]:443"' },
      'https://[2001:db8::17]',
    ],
    [
      'Forwarded that it passes on from the visitor, beside what it writes itself',
      { host: 'shop.example', 'x-forwarded-proto': 'https', forwarded: 'host=evil.example' },
      'https://shop.example',
    ],
    [
      'Forwarded with a quote that the visitor has opened and nobody closed',
      { host: 'shop.example', forwarded: 'for=x;by="host=evil.example;proto=https' },
      'http://shop.example',
    ],
    [
      'an IPv6 host with its default port',
      { host: 'node', 'x-forwarded-host': '[2001:DB8::17]:80', 'x-forwarded-proto': 'http' },
      'http://[2001:db8::17]',
    ],
    [
      'a port that is none',
      { host: 'shop.example', 'x-forwarded-proto': 'https', 'x-forwarded-port': '99999, x' },
      'https://shop.example',
    ],
  ]

  test.each(seen)('%s', async (_what, headers, origin) => {
    const server = await start()
    const begun = await server.browser().get('/amazon_auth', headers)
    expect(uriOf(begun.location)).toBe(`${origin}/amazon_auth`)
  })
})

test.each(['1.2.3.4.5', 'xn--', 'shop.example:99999', '[:::]', '999.1.1.1'])(
  'the Host %s, which is none, fails the sign-in and nothing else',
  async (host) => {
    const server = await start()
    const answer = await server.browser().get('/amazon_auth', { host })
    expect([answer.status, answer.location]).toEqual([302, '/signin?error'])
  },
)

describe('trust_proxy', () => {
  const forwarded = {
    host: 'node',
    'x-forwarded-host': 'shop.example',
    'x-forwarded-proto': 'https',
    'x-forwarded-for': '192.0.2.1',
  }
  test.each([
    ['none', 'http://node'],
    ['0', 'http://node'],
    ['10.0.0.0/8, ::1', 'http://node'],
    ['127.0.0.0/8', 'https://shop.example'],
    ['loopback', 'https://shop.example'],
    ['1', 'https://shop.example'],
  ])('%s: what a proxy on this machine says leads to %s', async (trust, origin) => {
    const server = await start(`para.trust_proxy = "${trust}"`)
    const begun = await server.browser().get('/amazon_auth', forwarded)
    expect(uriOf(begun.location)).toBe(`${origin}/amazon_auth`)
  })

  test.each(['everyone', '10.0.0.0/33', '10.0.0', 'true', '9'])(
    '%s is refused at start, by its name',
    async (trust) => {
      await expect(startServer({ conf: `para.trust_proxy = "${trust}"` })).rejects.toThrow(
        /para\.trust_proxy.*must be addresses/s,
      )
    },
  )
})

describe('limits', () => {
  const conf = 'para.limits.failures_per_minute = 3'
  const fail = (server: TestServer, way: string) =>
    server.call('GET /amazon_auth?state=acme&error=access_denied', {
      headers: { 'x-forwarded-for': way },
    })

  test('an address that somebody on a private network merely claims is locked out by nothing', async () => {
    const server = await start(conf)
    await server.createApp('acme')
    for (let n = 0; n < 5; n += 1) await fail(server, '192.0.2.1, 10.0.0.66')
    expect((await fail(server, '192.0.2.1, 10.0.0.66')).status).toBe(429)
    expect((await fail(server, '192.0.2.1')).status).toBe(302)
    expect((await fail(server, '192.0.2.1, 10.0.0.2')).status).toBe(302)
  })

  test('a port behind the address does not make another visitor of him', async () => {
    const server = await start(conf)
    await server.createApp('acme')
    for (const port of [1, 2, 3]) await fail(server, `192.0.2.1:${port}`)
    expect((await fail(server, '192.0.2.1:4')).status).toBe(429)
    expect((await fail(server, '192.0.2.2:4')).status).toBe(302)
  })
})

test('an absolute-form request target gets neither into redirect_uri nor before a signature', async () => {
  const server = await start()
  const { host } = new URL(server.origin)
  const connection = new RawConnection(server.origin)
  const target = 'http://evil.example/amazon_auth?appid=para'
  const begun = await connection.exchange(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
  expect(uriOf(begun?.headers.location ?? '')).toBe(`http://${host}/amazon_auth?appid=para`)
  const unsigned = { method: 'GET', path: '/v1/_me', host, body: Buffer.alloc(0) }
  const lines = Object.entries(signatureOf(unsigned, ROOT_KEYS)).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  )
  const me = await connection.exchange(
    `GET http://evil.example/v1/_me HTTP/1.1\r\nConnection: close\r\n${lines.join('')}\r\n`,
  )
  expect(me?.status).toBe(200)
})

test('on a Unix socket the peer is this machine: what the proxy says counts with trust proxy loopback', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'amazon-auth-socket-'))
  const socketPath = join(folder, 'node.sock')
  const auth = amazonAuth({
    store: { url: 'sqlite::memory:' },
    azAppId: 'amzn1.application-oa2-client.root',
    azSecret: 'root-secret',
    limits: { failuresPerMinute: 2 },
    logger: { debug: silence, info: silence, warn: silence, error: silence },
  })
  const app = express().set('trust proxy', 'loopback').use(auth)
  const server = createServer(app).listen(socketPath)
  await once(server, 'listening')
  running.push({
    async close() {
      server.close()
      await auth.close()
      rmSync(folder, { recursive: true })
    },
  })
  const get = async (path: string, headers: Headers) => {
    const sent = request({ socketPath, path, headers: { host: 'shop.example', ...headers } }).end()
    const [answer] = (await once(sent, 'response')) as [IncomingMessage]
    answer.resume()
    return answer
  }
  const begun = await get('/amazon_auth', { 'x-forwarded-proto': 'https' })
  expect(uriOf(begun.headers.location ?? '')).toBe('https://shop.example/amazon_auth')
  const fail = (address: string) =>
    get('/amazon_auth?error=access_denied', { 'x-forwarded-for': address })
  for (let n = 0; n < 2; n += 1) await fail('192.0.2.1')
  expect((await fail('192.0.2.1')).statusCode).toBe(429)
  expect((await fail('192.0.2.2')).statusCode).toBe(401)
})

describe('a signed call passes a proxy that', () => {
  /** What the server gets of a call that was signed for `https://shop.example/auth/v1/_me`. */
  const signed = (headers: Headers) => ({
    headers: {
      ...signatureOf(
        { method: 'GET', path: '/auth/v1/_me', host: 'shop.example', body: Buffer.alloc(0) },
        ROOT_KEYS,
      ),
      Host: 'node:8080',
      ...headers,
    },
  })
  const PREFIX = { 'x-forwarded-prefix': '/auth' }

  test.each<[string, Headers, number]>([
    ['tells both', { 'x-forwarded-host': 'shop.example', ...PREFIX }, 200],
    [
      'tells both, the host with a port',
      { 'x-forwarded-host': 'shop.example:443', ...PREFIX },
      200,
    ],
    ['uses Forwarded', { forwarded: 'host=shop.example;proto=https' }, 403],
    ['tells the host alone', { 'x-forwarded-host': 'shop.example' }, 403],
    [
      'tells another prefix',
      { 'x-forwarded-host': 'shop.example', 'x-forwarded-prefix': '/x' },
      403,
    ],
    [
      'tells two prefixes',
      { 'x-forwarded-host': 'shop.example', 'x-forwarded-prefix': '/auth, /in' },
      200,
    ],
    [
      'tells a prefix that is none',
      { 'x-forwarded-host': 'shop.example', 'x-forwarded-prefix': '/auth/v1/_me?' },
      403,
    ],
    ['tells a host that is none', { 'x-forwarded-host': '1.2.3.4.5', ...PREFIX }, 403],
    [
      'tells a prefix with a dot segment',
      { 'x-forwarded-host': 'shop.example', 'x-forwarded-prefix': '/a/../auth' },
      403,
    ],
  ])('%s', async (_what, headers, status) => {
    const server = await start()
    expect((await server.call('GET /v1/_me', signed(headers))).status).toBe(status)
  })

  test('is not trusted: what it tells does not count, what public_url says does', async () => {
    const told = signed({ 'x-forwarded-host': 'shop.example', ...PREFIX })
    const distrusting = await start('para.trust_proxy = none')
    expect((await distrusting.call('GET /v1/_me', told)).status).toBe(403)
    const known = await start(
      'para.trust_proxy = none\npara.public_url = "https://shop.example/auth/"',
    )
    expect((await known.call('GET /v1/_me', signed({}))).status).toBe(200)
    expect((await known.call('GET /v1/_settings', signed({}))).status).toBe(403)
  })

  test('says nothing: the refusal logs what was checked, and what to set', async () => {
    const host = await startHost({
      options: { rootSecretKey: ROOT_KEYS.secretKey, publicUrl: 'https://other.example/in' },
    })
    running.push(host)
    const answer = await callAt(host.origin, 'GET /v1/_me?secret=1', signed({}))
    expect(answer.status).toBe(403)
    expect(answer.text).not.toContain('node:8080')
    const [entry] = host.log.filter(({ message }) => message === 'call refused')
    expect(entry?.facts.checked).toBe(
      'GET node:8080 /v1/_me, or GET node:8080 /in/v1/_me, or GET other.example /v1/_me, or GET other.example /in/v1/_me',
    )
    expect(entry?.facts.advice).toMatch(/X-Forwarded-Host.*public_url/)
  })
})

const NGINX = ['/usr/sbin/nginx', 'nginx'].find((file) => spawnSync(file, ['-v']).status === 0)
const describeWithNginx = NGINX === undefined ? describe.skip : describe

describeWithNginx('through a real nginx that strips /auth and puts its own Host', () => {
  test('a client of Para is let in, and its changes with a body too', async () => {
    const server = await start()
    const port = await freePort()
    const nginx = await startNginx(port, new URL(server.origin).host)
    running.push(nginx)
    const client = new ParaClient(`http://127.0.0.1:${port}`, ROOT_KEYS, '/auth/v1')
    expect((await client.me()).json).toMatchObject({ id: 'app:para' })
    expect((await client.timestamp()).status).toBe(200)
    const put = await client.create({ type: 'user', objectURI: '/user/1' })
    expect(put.status).toBe(404)
    expect(put.json.message).toContain('No user')
  })
})

async function startNginx(port: number, upstream: string): Promise<{ close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'amazon-auth-nginx-'))
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  )
  mkdirSync(join(folder, 'logs'))
  const conf = `pid ${folder}/nginx.pid; error_log ${folder}/error.log;
    events { worker_connections 64; }
    http { access_log off; ${temporary.join(' ')}
      server { listen 127.0.0.1:${port};
        location /auth/ { proxy_pass http://${upstream}/;
          proxy_set_header X-Forwarded-Host $http_host;
          proxy_set_header X-Forwarded-Prefix /auth; } } }`
  writeFileSync(join(folder, 'nginx.conf'), conf)
  const args = ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')]
  const child = spawn(NGINX ?? 'nginx', [...args, '-g', 'daemon off;'])
  const isUp = () =>
    fetch(`http://127.0.0.1:${port}/auth/v1/_live`).then(
      ({ ok }) => ok,
      () => false,
    )
  await until(isUp).catch(() => {
    throw new Error(readFileSync(join(folder, 'error.log'), 'utf8'))
  })
  return {
    async close() {
      child.kill('SIGQUIT')
      await once(child, 'exit')
      rmSync(folder, { recursive: true })
    },
  }
}
