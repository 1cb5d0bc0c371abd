import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'

import type { AmazonAuthError } from '../../../src/errors'
import { createDownloads } from '../../../src/http/limits/downloads'
import { startAdminWorld, type AdminWorld, type OperatorBrowser } from '../../support/admin-world'
import { until } from '../../support/until'

let world: AdminWorld
beforeAll(async () => {
  world = await startAdminWorld()
  // More than a connection holds.
  const filler = 'x'.repeat(60)
  world.store.run(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
    INSERT INTO audit (app_id, at, id, outcome, reason, way, network, request_id)
    SELECT 'acme', ${Date.now()} - i, 'e' || i, 'failure', 'code_rejected', 'browser', '192.0.2.0', '${filler}' FROM n`)
})
afterAll(() => world.close())

/** Begins to save, and reads nothing of it. */
async function save({ browser }: OperatorBrowser, path: string): Promise<IncomingMessage> {
  const cookie = Array.from(browser.cookies, ([name, value]) => `${name}=${value}`).join('; ')
  const headers = { cookie, accept: 'text/html' }
  const request = get(`${world.origin}/admin${path}`, { headers, agent: false })
  const [answer] = (await once(request, 'response')) as [IncomingMessage]
  return answer.on('error', () => undefined)
}

test('a session saves two files at a time, and is told so at the third; when one has ended there is room', async () => {
  const own = await world.operator('acme')
  const path = '/apps/acme/sign-ins.csv'
  const first = await save(own, path)
  const second = await save(own, path.replace('csv', 'jsonl'))
  expect([first.statusCode, second.statusCode]).toEqual([200, 200])
  const third = await own.get(path)
  expect([third.status, third.headers['retry-after']]).toEqual([429, '10'])
  expect(third.body).toContain('Two downloads of this session are under way')
  const other = await save(await world.operator('acme'), path)
  expect(other.statusCode).toBe(200)
  for (const answer of [first, other]) answer.destroy()
  await until(async () => {
    const answer = await save(own, path)
    answer.destroy()
    return answer.statusCode === 200
  })
  second.destroy()
})

test('one operator gets half of the places by however many sessions, and others find room', async () => {
  const downloads = createDownloads()
  const ends: (() => void)[] = []
  const begin = (session: string, actor: string) =>
    downloads.run(
      { session, actor, says: { lang: 'en', tooMany: '', tooManyOfAll: 'Too many.' } },
      () => new Promise<void>((resolve) => ends.push(resolve)),
    )
  const outcomes = Array.from({ length: 12 }, (_none, at) =>
    begin(`s${at}`, 'app:acme').catch((error: unknown) => error as AmazonAuthError),
  )
  const last = await outcomes.at(-1)
  expect(last).toMatchObject({ code: 'server_busy', message: 'Too many.' })
  expect(ends).toHaveLength(8)
  const other = begin('other', 'app:zenith')
  expect(ends).toHaveLength(9)
  for (const end of ends) end()
  await other
})
