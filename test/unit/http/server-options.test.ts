import { once } from 'node:events'
import { createServer, IncomingMessage, ServerResponse, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInThisContext } from 'node:vm'

import express, { type Express } from 'express'
import express4 from 'express4'

import { serverOptions } from '../../../src'

setFlagsFromString('--allow-natives-syntax')
const haveSameMap = runInThisContext('(a, b) => %HaveSameMap(a, b)') as (
  a: object,
  b: object,
) => boolean
// Compiled now: functions are compiled when they are called first.
haveSameMap({}, {})
setFlagsFromString('--no-allow-natives-syntax')

const running: Server[] = []
afterEach(() => {
  for (const server of running.splice(0)) server.close()
})

async function listen(server: Server): Promise<string> {
  running.push(server.listen(0, '127.0.0.1'))
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe.each([
  ['Express 5', express],
  ['Express 4', express4],
])('%s', (_name, create) => {
  test('an app answers as it does by app.listen()', async () => {
    const build = (): Express =>
      create()
        .set('trust proxy', 'loopback')
        .get('/', (req, res) => {
          res.append('x-seen', [req.ip ?? '', String(req.app === res.app)])
          res.json({ query: req.query, accepts: req.accepts('json'), host: req.hostname })
        })
    const plain = await listen(createServer(build()))
    const app = build()
    const fast = await listen(createServer(serverOptions(app), app))
    const ask = async (origin: string) => {
      const headers = { 'x-forwarded-for': '192.0.2.7', 'x-forwarded-host': 'shop.example' }
      const answer = await fetch(`${origin}/?a=1`, { headers })
      return [answer.status, answer.headers.get('x-seen'), await answer.text()]
    }
    expect(await ask(fast)).toEqual(await ask(plain))
    expect((await ask(fast))[1]).toBe('192.0.2.7, true')
  })

  test('an app mounted in it keeps its own settings', async () => {
    const child = create().set('title', 'child')
    child.get('/', (req, res) => res.json([req.app.get('title'), req.baseUrl]))
    const app = create().set('title', 'parent').use('/child', child)
    app.get('/after', (req, res) => res.json(req.app.get('title')))
    const origin = await listen(createServer(serverOptions(app), app))
    expect(await (await fetch(`${origin}/child`)).json()).toEqual(['child', '/child'])
    expect(await (await fetch(`${origin}/after`)).json()).toBe('parent')
  })

  test('requests have one hidden class among them, and so have responses', async () => {
    const seen: (readonly [object, object])[] = []
    const app = create().get('/', (req, res) => {
      seen.push([req, res])
      res.end()
    })
    const origin = await listen(createServer(serverOptions(app), app))
    for (let n = 0; n < 6; n += 1) await fetch(origin)
    const [first, second] = seen.slice(-2)
    expect(first?.[0]).toBeInstanceOf(IncomingMessage)
    expect(first?.[1]).toBeInstanceOf(ServerResponse)
    expect(haveSameMap(first?.[0] ?? {}, second?.[0] ?? {})).toBe(true)
    expect(haveSameMap(first?.[1] ?? {}, second?.[1] ?? {})).toBe(true)
  })
})
