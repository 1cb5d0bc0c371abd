import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import express from 'express'
import session, { MemoryStore } from 'express-session'

import { AmazonAuthError, type ErrorCode } from '../../../src'
import { answerErrors } from '../../../src/server/serve/answer-errors'
import { startServer, type TestServer } from '../../support/api'
import { send, type Answer } from '../../support/browser'
import { ACME, startHost, type Host } from '../../support/host'

const acme = { azAppId: ACME.clientId, azSecret: ACME.clientSecret }

function read({ body, headers }: Answer) {
  return {
    lang: /<html lang="([^"]*)" dir="ltr">/.exec(body)?.[1],
    title: /<h1>([^]*?)<\/h1>/.exec(body)?.[1]?.replaceAll(/<[^>]*>/g, ''),
    contentLanguage: headers['content-language'],
  }
}

describe('the language of a page', () => {
  let host: Host
  beforeAll(async () => {
    host = await startHost({ options: { apps: { acme } } })
  })
  afterAll(() => host.close())

  const fail = (headers: Record<string, string>): Promise<Answer> =>
    host.browser().get('/amazon_auth?state=acme&error=access_denied', headers)

  test.each([
    ['de', 'de', 'Sie sind nicht bei acme angemeldet'],
    ['fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5', 'fr', 'La connexion à acme a échoué'],
    ['es-419', 'es', 'No se ha iniciado la sesión en acme'],
    ['IT-it', 'it', 'Accesso a acme non riuscito'],
    ['pt-BR,pt;q=0.9,en-US;q=0.8,en;q=0.7', 'pt', 'A sessão não foi iniciada em acme'],
    ['nl-BE', 'nl', 'U bent niet ingelogd bij acme'],
    ['pl', 'pl', 'Nie udało się zalogować do acme'],
    ['ja', 'ja', 'acmeにログインできませんでした'],
    ['zh-CN,zh;q=0.9', 'zh-Hans', '您尚未登录 acme'],
    ['de-CH-1996;q=0.9', 'de', 'Sie sind nicht bei acme angemeldet'],
    ['en;q=0.5, nl;q=0.7, sv', 'nl', 'U bent niet ingelogd bij acme'],
  ])('%s is answered in %s', async (accepted, lang, title) => {
    const page = await fail({ 'accept-language': accepted })
    expect(page.status).toBe(401)
    expect(read(page)).toEqual({ lang, title, contentLanguage: lang })
    expect(page.headers.vary).toMatch(/\bAccept-Language\b/)
  })

  test.each([
    ['one that is not spoken here', 'sv, tlh;q=0.9'],
    ['any', '*'],
    ['none', '*;q=0'],
    ['not even English', 'en;q=0'],
    ['nothing', ''],
    ['nonsense', ';q=1,,;;q=x, =, \u00ff\u00fe'],
    ['names of Object.prototype', '__proto__, constructor, toString'],
    ['more than browsers send', `de,${'x,'.repeat(4_000)}fr`],
  ])('who accepts %s is answered in English', async (_what, accepted) => {
    const page = await fail({ 'accept-language': accepted })
    expect(page.status).toBe(401)
    expect(read(page)).toMatchObject({ lang: 'en', title: 'You are not signed in to acme' })
  })

  test('who sends no such header is answered in English, and caches are told why', async () => {
    const page = await fail({})
    expect(read(page)).toMatchObject({ lang: 'en', contentLanguage: 'en' })
    expect(page.headers.vary).toMatch(/\bAccept-Language\b/)
  })

  test('scripts are answered in English, which is part of the contract', async () => {
    const answer = await fail({ 'accept-language': 'de', accept: 'application/json' })
    expect(JSON.parse(answer.body)).toEqual({ code: 401, message: 'Access denied.' })
    expect(answer.headers['content-language']).toBeUndefined()
  })

  test('a sign-out from elsewhere asks in the language of the person', async () => {
    const page = await host.browser().get('/amazon_auth/logout', { 'accept-language': 'pl' })
    expect(page.status).toBe(403)
    expect(read(page)).toMatchObject({ lang: 'pl', title: 'Czy chcesz się wylogować?' })
  })
})

describe('the stand-alone server', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer({ conf: 'para.limits.failures_per_minute = 3' })
    await server.createApp('acme')
  })
  afterAll(() => server.close())

  test.each([
    ['/', 200, 'ログインしていません'],
    ['/signin', 200, 'ログインしていません'],
    ['/signin?error', 200, 'ログインできませんでした'],
    ['/nowhere', 404, 'ページが見つかりません'],
  ])('shows %s in the language of the person', async (path, status, title) => {
    const page = await server.browser().get(path, { 'accept-language': 'ja-JP,ja;q=0.9,en;q=0.8' })
    expect([page.status, read(page)]).toEqual([
      status,
      { lang: 'ja', title, contentLanguage: 'ja' },
    ])
  })

  test('tells of a failed sign-in in the language in which its page is opened, not of the one before', async () => {
    const browser = server.browser()
    const failed = await browser.get('/amazon_auth?state=acme&code=', { 'accept-language': 'fr' })
    expect(failed.location).toBe('/signin?error')
    const page = await browser.get(failed.location, { 'accept-language': 'it' })
    expect(read(page)).toMatchObject({ lang: 'it', title: 'Accesso a acme non riuscito' })
  })

  test('tells a person who has failed too often in a page, with a link to the same address', async () => {
    const path = '/amazon_auth?state=acme&code='
    for (let count = 0; count < 4; count += 1) await server.browser().get(path)
    const page = await server.browser().get(path, { 'accept-language': 'es' })
    expect(page.status).toBe(429)
    expect(Number(page.headers['retry-after'])).toBeGreaterThan(0)
    expect(page.headers['referrer-policy']).toBe('no-referrer')
    expect(read(page)).toMatchObject({ lang: 'es' })
    expect(page.body).toContain('Demasiados intentos. Vuelva a intentarlo dentro de un minuto.')
    expect(page.body).toContain('<a class="button" href="">Volver a intentarlo</a>')
    const curl = await server.browser().get(path, { accept: '*/*', 'accept-language': 'es' })
    expect(curl).toMatchObject({
      status: 429,
      body: 'Too many attempts. Please try again in a minute.',
    })
  })
})

describe('an outage', () => {
  let server: Server
  let origin: string
  beforeAll(async () => {
    const quiet = () => undefined
    const app = express()
    app.get('/:code', (req) => {
      throw req.params.code === 'bug'
        ? new Error('a bug')
        : new AmazonAuthError(req.params.code as ErrorCode)
    })
    app.use(answerErrors({ debug: quiet, info: quiet, warn: quiet, error: quiet }))
    server = createServer(app).listen(0, '127.0.0.1')
    await once(server, 'listening')
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => server.close())

  const get = (path: string, accept: string): Promise<Answer> =>
    send(new URL(path, origin), { headers: { accept, 'accept-language': 'nl' } })

  test.each([
    ['/bug', 500, undefined],
    ['/store_unavailable', 503, '5'],
  ])('is a page for a person: %s', async (path, status, retryAfter) => {
    const page = await get(path, 'text/html')
    expect([page.status, page.headers['retry-after']]).toEqual([status, retryAfter])
    expect(read(page)).toMatchObject({ lang: 'nl', title: 'Er is iets misgegaan' })
    expect(page.body).not.toContain('bug')
  })

  test('is JSON for all others, and what is their own fault always is', async () => {
    const down = await get('/store_unavailable', '*/*')
    expect(JSON.parse(down.body)).toMatchObject({ code: 503 })
    const refused = await get('/request_invalid', 'text/html')
    expect(JSON.parse(refused.body)).toMatchObject({ code: 400 })
  })
})

test('a sign-out that fails says so to the person, in a page', async () => {
  const store = new MemoryStore()
  const host = await startHost({
    options: { apps: { acme } },
    before: (app) =>
      app.use(session({ store, secret: 'x', resave: false, saveUninitialized: false })),
  })
  const browser = host.browser()
  await host.signIn(browser, '/amazon_auth?state=acme')
  store.set = (_id, _session, done) => done?.(new Error('the store is down'))
  const headers = { 'accept-language': 'zh-CN' }
  const page = await browser.send('/amazon_auth/logout', { method: 'POST', headers })
  await host.close()
  expect([page.status, page.headers['retry-after']]).toEqual([503, '5'])
  expect(read(page)).toMatchObject({ lang: 'zh-Hans', title: '未能退出登录' })
})
