import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import express from 'express'

import { amazonAuth, type AmazonAuthOptions } from '../../src'
import { createAuthHandler } from '../../src/auth-handler'
import { startServer } from '../support/api'
import { postEndless } from '../support/endless-post'
import { RawConnection } from '../support/raw-connection'

const FORM = 'application/x-www-form-urlencoded'
const quiet = (): void => undefined
const OPTIONS = {
  logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  store: { url: 'sqlite::memory:' },
  apps: { shop: { azAppId: 'client.shop', azSecret: 'secret.shop' } },
} satisfies AmazonAuthOptions

const endings: (() => unknown)[] = []
afterAll(async () => {
  for (const end of endings.reverse()) await end()
})

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  endings.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function standAlone(): Promise<string> {
  const server = await startServer()
  endings.push(() => server.close())
  return server.origin
}

async function handler(): Promise<string> {
  const auth = createAuthHandler(OPTIONS)
  endings.push(() => auth.close())
  const guard = auth.requireUser({ app: 'shop' })
  return listen(
    createServer((req, res) => {
      void auth.handle(req, res).then((visitor) => visitor && guard.handle(req, res))
    }),
  )
}

async function host(): Promise<string> {
  const auth = amazonAuth(OPTIONS)
  endings.push(() => auth.close())
  const app = express()
    .use(auth)
    .use(auth.requireUser({ app: 'shop' }))
  return listen(createServer(app))
}

// Without an end to it, each of these would wait for the time-out of a whole request, of minutes.
describe.each([
  ['the stand-alone server', standAlone, ['POST /nothing', 404]],
  ['a handler of node:http', handler, ['POST /orders', 401]],
  ['a host on Express', host, ['POST /orders', 401]],
] as const)('%s', (_name, start, further) => {
  let origin: string
  beforeAll(async () => {
    origin = await start()
  })

  test.each([
    ['POST /amazon_auth', 'application/json', 415],
    ['PUT /amazon_auth', FORM, 405],
    ['PUT /jwt_auth', 'application/json', 405],
    ['OPTIONS /jwt_auth', 'application/json', 405],
    ['GET /amazon_auth/try', FORM, 410],
    [further[0], 'application/json', further[1]],
  ] as const)('%s of %s without an end has %i, and ends', async (line, type, status) => {
    const kinds = ['chunks', 'gigabyte'] as const
    const answers = await Promise.all(kinds.map((kind) => postEndless(origin, line, type, kind)))
    expect(answers.map(({ text }) => text.slice(0, 12))).toEqual(
      kinds.map(() => `HTTP/1.1 ${status}`),
    )
  })

  test('a body that comes behind its answer leaves the connection open', async () => {
    const connection = new RawConnection(origin)
    const head = `PUT /amazon_auth HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${FORM}\r\n`
    const first = await connection.exchange(`${head}Content-Length: 7\r\n\r\nabc`)
    expect(first?.status).toBe(405)
    const second = await connection.exchange(`defg${head}Content-Length: 0\r\n\r\n`)
    expect(second?.status).toBe(405)
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    expect(connection.isOpen).toBe(true)
    connection.end()
  })
})
