import cookieParser from 'cookie-parser'
import express from 'express'
import expressSession, { MemoryStore } from 'express-session'
import express4 from 'express4'

import type { AmazonAuthOptions } from '../../../src'
import { StoreFile } from '../../support/store-file'
import { startHost, ACME, ZENITH, type Host, type HostOptions } from '../../support/host'

const apps = {
  acme: { azAppId: ACME.clientId, azSecret: ACME.clientSecret },
  zenith: { azAppId: ZENITH.clientId, azSecret: ZENITH.clientSecret },
}
let hosts: Host[] = []
afterEach(async () => {
  await Promise.all(hosts.map((host) => host.close()))
  hosts = []
})
async function start(setup: HostOptions = {}): Promise<Host> {
  const options: AmazonAuthOptions = { apps, ...setup.options }
  const host = await startHost({ ...setup, options })
  hosts.push(host)
  return host
}
const sessionLine = (lines: readonly string[]): string | undefined =>
  lines.find((line) => /^(__Host-)?amazon-auth=/.test(line))

describe('a session', () => {
  test('of several apps on one host do not overwrite each other', async () => {
    const host = await start()
    const browser = host.browser()
    await host.signIn(browser, '/amazon_auth?state=acme')
    await host.signIn(browser, '/amazon_auth?state=zenith')
    expect((await browser.get('/acme')).status).toBe(200)
    expect((await browser.get('/zenith')).status).toBe(200)
    expect(JSON.parse((await browser.get('/whoami')).body).app.id).toBe('app:zenith')
    await browser.send('/amazon_auth/logout?appid=zenith', { method: 'POST' })
    expect((await browser.get('/zenith')).status).toBe(401)
    expect((await browser.get('/acme')).status).toBe(200)
  })

  test('in any store of express-session works', async () => {
    const host = await start({ options: { apps, sessionStore: new MemoryStore() } })
    const browser = host.browser()
    await host.signIn(browser, '/amazon_auth?state=acme')
    expect((await browser.get('/acme')).status).toBe(200)
  })

  test('that cannot be stored fails the login with no cookie', async () => {
    class Broken extends MemoryStore {
      override set(_id: string, _session: object, done?: (error?: unknown) => void): void {
        done?.(new Error('disk full'))
      }
    }
    const host = await start({ options: { apps, sessionStore: new Broken() } })
    const answer = await host.signIn(host.browser(), '/amazon_auth?state=acme')
    expect(answer).toMatchObject({ status: 503, location: '' })
    expect(sessionLine(answer.setCookies)).toBeUndefined()
  })
})

describe('the host application', () => {
  const hostSession = () =>
    expressSession({ secret: 'host', resave: false, saveUninitialized: true, name: 'host.sid' })

  test('with its own express-session before us keeps the sign-in in it, under a new id', async () => {
    const host = await start({
      before: (app) => {
        app.use(cookieParser(), hostSession())
      },
    })
    const browser = host.browser()
    await browser.get('/whoami')
    const before = browser.cookies.get('host.sid')
    const answer = await host.signIn(browser, '/amazon_auth?state=acme')
    expect(sessionLine(answer.setCookies)).toBeUndefined()
    expect(browser.cookies.get('host.sid')).not.toBe(before)
    expect((await browser.get('/acme')).status).toBe(200)
    await browser.send('/amazon_auth/logout', { method: 'POST' })
    expect((await browser.get('/acme')).status).toBe(401)
  })

  test('with its own express-session after us keeps it to itself', async () => {
    const host = await start({
      after: (app) => {
        app.use(hostSession())
        app.get('/count', (req, res) => {
          const session = req.session as unknown as { visits?: number }
          session.visits = (session.visits ?? 0) + 1
          res.json({ visits: session.visits, user: req.user?.name })
        })
      },
    })
    const browser = host.browser()
    await host.signIn(browser, '/amazon_auth?state=acme')
    await browser.get('/count')
    const second = JSON.parse((await browser.get('/count')).body)
    expect(second).toMatchObject({ visits: 2, user: expect.any(String) })
    expect(browser.cookies.has('host.sid')).toBe(true)
    expect((await browser.get('/acme')).status).toBe(200)
  })

  test.each([
    ['Express 5', express],
    ['Express 4', express4],
  ])('on %s signs in under a sub-path, with the path in redirect_uri', async (_name, createApp) => {
    const host = await start({ mount: '/auth', createApp })
    const browser = host.browser()
    const begun = await browser.get('/auth/amazon_auth?state=acme')
    const redirectUri = new URL(begun.location).searchParams.get('redirect_uri')
    expect(redirectUri).toBe(`${host.origin}/auth/amazon_auth`)
    const answer = await browser.get(await host.emulator.allow(begun.location))
    expect(answer).toMatchObject({ status: 302, location: '/' })
    expect((await browser.get('/amazon_auth?state=acme')).status).toBe(404)
  })

  test.each([
    ['https://auth.example.com/base', 'https://auth.example.com/base/auth/amazon_auth'],
    ['https://auth.example.com/auth', 'https://auth.example.com/auth/amazon_auth'],
    ['https://auth.example.com/base/auth/', 'https://auth.example.com/base/auth/amazon_auth'],
    ['https://auth.example.com/unauth', 'https://auth.example.com/unauth/auth/amazon_auth'],
  ])('under a sub-path with the public_url %s sends people to %s', async (publicUrl, address) => {
    const host = await start({ mount: '/auth', options: { apps, publicUrl } })
    const begun = await host.browser().get('/auth/amazon_auth?state=acme', {
      host: 'auth.example.com',
    })
    expect(new URL(begun.location).searchParams.get('redirect_uri')).toBe(address)
  })

  test.each([
    ['Express 5', express],
    ['Express 4', express4],
  ])('on %s signs in at the root, guards routes, and signs out', async (_name, createApp) => {
    const host = await start({ createApp })
    const browser = host.browser()
    await host.signIn(browser, '/amazon_auth?state=acme')
    expect((await browser.get('/acme')).status).toBe(200)
    const out = await browser.send('/amazon_auth/logout', { method: 'POST' })
    expect(out).toMatchObject({ status: 303, location: '/' })
    expect((await browser.get('/acme')).status).toBe(401)
  })

  test('gets requests that are none of ours untouched', async () => {
    const host = await start({
      before: (app) => app.use(express.json()),
      after: (app) => {
        app.post('/echo', (req, res) => {
          res.json({ body: req.body as unknown, session: 'session' in req })
        })
      },
    })
    const answer = await host.browser().send('/echo', { method: 'POST' })
    expect(JSON.parse(answer.body)).toMatchObject({ session: false })
    expect(answer.setCookies).toEqual([])
    expect((await host.browser().get('/amazon_authors')).status).toBe(404)
  })

  test('that parsed the form before us loses nothing', async () => {
    const host = await start({ before: (app) => app.use(express.urlencoded({ extended: true })) })
    const redirectUri = `${host.origin}/amazon_auth`
    const code = host.emulator.issueCode({ clientId: ACME.clientId, redirectUri })
    const form = { code, state: 'acme' }
    const answer = await host.browser().send('/amazon_auth', { form })
    expect(answer).toMatchObject({ status: 303, location: '/' })
  })
})

describe('signing out', () => {
  test.each([
    [{ 'sec-fetch-site': 'same-origin' }, 302],
    [{ 'sec-fetch-site': 'none' }, 302],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ referer: 'https://evil.test/page' }, 403],
    [{}, 403],
  ])('by GET with %j answers %i', async (headers, status) => {
    const host = await start()
    const browser = host.browser()
    await host.signIn(browser, '/amazon_auth?state=acme')
    expect(
      (await browser.get('/amazon_auth/logout', headers as Record<string, string>)).status,
    ).toBe(status)
    expect((await browser.get('/acme')).status).toBe(status === 403 ? 200 : 401)
  })

  test('by GET with our own referer works, and goes to a path on this host only', async () => {
    const host = await start()
    const browser = host.browser()
    const headers = { referer: `${host.origin}/page` }
    expect(await browser.get('/amazon_auth/logout?returnto=/bye', headers)).toMatchObject({
      location: '/bye',
    })
    expect(await browser.get('/amazon_auth/logout?returnto=//evil.test', headers)).toMatchObject({
      location: '/',
    })
  })

  test('by POST from another origin is refused', async () => {
    const host = await start()
    const answer = await host
      .browser()
      .send('/amazon_auth/logout', { method: 'POST', headers: { origin: 'https://evil.test' } })
    expect(answer.status).toBe(403)
  })

  test('answers a script with 204, clears the cookie, and a copy of it opens nothing', async () => {
    const host = await start()
    const browser = host.browser()
    await host.signIn(browser, '/amazon_auth?state=acme')
    const copy = browser.clone()
    const answer = await browser.send('/amazon_auth/logout', {
      method: 'POST',
      headers: { accept: 'application/json' },
    })
    expect(answer.status).toBe(204)
    expect(browser.cookies.size).toBe(0)
    expect((await copy.get('/acme')).status).toBe(401)
  })
})

describe('cookies that cannot be read are no cookies', () => {
  const foreign = `${'k'.repeat(6)}.${Buffer.alloc(200, 7).toString('base64url')}`
  const login = 'amazon-login.AAAAAAAAAA'
  const cookies: readonly (readonly [name: string, cookie: string])[] = [
    ['a login of another installation', `${login}=${foreign}`],
    ['a truncated login', `${login}=${foreign.slice(0, 20)}`],
    ['a login in wrong percent-encoding', `${login}=%E0%A4%A`],
    ['a login of JSON', `${login}=j:null; ${login.replace('A', 'B')}=j%3A%5B1`],
    ['a session of another installation', `amazon-auth=s%3A${'a'.repeat(32)}.${'b'.repeat(43)}`],
    ['a truncated session', 'amazon-auth=s%3Aabc'],
    ['a session without a signature', `amazon-auth=${'a'.repeat(32)}`],
    ['a session in wrong percent-encoding', 'amazon-auth=%E0%A4%A'],
    ['another program’s __session', `__session=${foreign}`],
    ['all of them', ''],
  ]
  const all = cookies.map(([, cookie]) => cookie).join('; ')

  test.each(cookies)('%s, in the very first request to a fresh store', async (_name, own) => {
    const cookie = own === '' ? all : own
    for (const path of ['/amazon_auth?state=acme', '/whoami', '/v1/_me', '/any']) {
      const folder = new StoreFile()
      const host = await start({ options: { apps, store: { url: folder.url } } })
      const expected = { '/whoami': 200, '/v1/_me': 401, '/any': 401 }[path] ?? 302
      const answer = await host.browser().get(path, { cookie })
      expect([path, answer.status]).toEqual([path, expected])
      expect(answer.location).toMatch(expected === 302 ? /\/ap\/oa\?/ : /^$/)
      expect(host.log.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([])
      folder.remove()
    }
  })

  test.each(cookies)('%s, beside a sign-in from begin to sign-out', async (_name, own) => {
    const cookie = own === '' ? all : own
    const host = await start()
    const browser = host.browser()
    for (const pair of cookie.split('; ')) {
      const [name = '', value = ''] = pair.split('=', 2)
      if (name !== 'amazon-auth') browser.cookies.set(name, value)
    }
    expect((await host.signIn(browser, '/amazon_auth?state=acme')).location).toBe('/')
    expect((await browser.get('/acme')).status).toBe(200)
    const out = await browser.send('/amazon_auth/logout', { method: 'POST' })
    expect(out).toMatchObject({ status: 303, location: '/' })
    expect((await browser.get('/acme')).status).toBe(401)
  })
})
