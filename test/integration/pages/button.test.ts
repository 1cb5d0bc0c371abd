import { startServer, type TestServer } from '../../support/api'
import { send, type Answer } from '../../support/browser'
import { ACME, startHost, ZENITH, type Host, type HostOptions } from '../../support/host'

const acme = { azAppId: ACME.clientId, azSecret: ACME.clientSecret }
const zenith = { azAppId: ZENITH.clientId, azSecret: ZENITH.clientSecret }
const BUTTON = '/amazon_auth/button'
const FRONT = 'https://front.example'

const running: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of running.splice(0)) await each.close()
})

async function start(options: HostOptions['options'] = {}, mount?: string): Promise<Host> {
  const apps = {
    acme: { ...acme, signinSuccess: '/whoami', security: { hosturlAliases: FRONT } },
    zenith,
    keyless: {},
  }
  const host = await startHost({
    options: { apps, ...options },
    ...(mount !== undefined && { mount }),
  })
  running.push(host)
  return host
}

const linkOf = ({ body }: Answer): string | undefined =>
  /<a[^>]* href="([^"]*)"/.exec(body)?.[1]?.replaceAll('&#38;', '&')

test('the button leads through a whole sign-in, and then is gone', async () => {
  const host = await start()
  const browser = host.browser()
  const shown = await browser.get(`${BUTTON}?appid=acme`)
  expect(shown).toMatchObject({
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-language': 'en',
    },
  })
  expect(shown.body).toContain('alt="Login with Amazon"')
  expect(shown.headers['access-control-allow-origin']).toBeUndefined()
  const begin = linkOf(shown)
  expect(begin).toBe('/amazon_auth?state=acme')
  await host.signIn(browser, begin ?? '')
  expect((await browser.get('/acme')).status).toBe(200)
  const after = await browser.get(`${BUTTON}?appid=acme`)
  expect(after).toMatchObject({ status: 200, body: '' })
})

test('for who is signed in to the app it is a form that signs out, and for all others the button', async () => {
  const host = await start()
  const [inAcme, inZenith] = [host.browser(), host.browser()]
  await host.signIn(inAcme, '/amazon_auth?state=acme')
  await host.signIn(inZenith, '/amazon_auth?state=zenith')
  const path = `${BUTTON}?appid=acme&when_signed_in=sign_out&returnto=/orders&signed_out_to=/bye&lang=pl`
  const shown = await inAcme.get(path)
  expect(shown.body).toContain('Wyloguj się')
  const action = /action="([^"]*)"/.exec(shown.body)?.[1]?.replaceAll('&#38;', '&') ?? ''
  expect(action).toBe('/amazon_auth/logout?appid=acme&returnto=%2Fbye')
  expect(linkOf(await inZenith.get(path))).toMatch(/^\/amazon_auth\?state=acme/)
  const out = await inAcme.send(action, { method: 'POST', headers: { origin: host.origin } })
  expect(out).toMatchObject({ status: 303, location: '/bye' })
  expect(linkOf(await inAcme.get(path))).toMatch(/^\/amazon_auth\?state=acme/)
})

test('a sign-out ends at / unless it is told, however the sign-in ends', async () => {
  const host = await start()
  const browser = host.browser()
  await host.signIn(browser, '/amazon_auth?state=acme')
  const shown = await browser.get(`${BUTTON}?appid=acme&when_signed_in=sign_out&returnto=/orders`)
  expect(shown.body).toContain('action="/amazon_auth/logout?appid=acme"')
  const out = await browser.send('/amazon_auth/logout?appid=acme', { method: 'POST' })
  expect(out.location).toBe('/')
})

test('the text is in the language that is asked for, else in that of the visitor', async () => {
  const host = await start()
  const ask = (query: string, accepted: string) =>
    host.browser().get(`${BUTTON}?appid=acme&style=plain${query}`, { 'accept-language': accepted })
  const byVisitor = await ask('', 'ja-JP,ja;q=0.9')
  expect(byVisitor.body).toContain('Amazonでログイン')
  expect(byVisitor.headers).toMatchObject({ 'content-language': 'ja' })
  expect(byVisitor.headers.vary).toMatch(/Accept-Language/)
  expect((await ask('&lang=es-419', 'ja')).body).toContain('Iniciar sesión con Amazon')
})

test.each([
  ['size=64x64', 'The parameter size must be one of 156x32, 32x32'],
  ['color=gold%22', 'The parameter color'],
  ['theme=', 'The parameter theme'],
  ['style=--%3E%3Cscript%3E', 'The parameter style'],
  ['lang=tlh', 'The parameter lang'],
  ['when_signed_in=no', 'The parameter when_signed_in'],
  ['size=32x32&size=76x32', 'The parameter size is there twice'],
  [`lang=${'x'.repeat(65)}`, 'The parameter lang is there twice, or too long'],
  ['returnto=https://evil.test/', 'The parameter returnto'],
  ['returnto=//evil.test', 'The parameter returnto'],
  ['signed_out_to=https://evil.test/', 'The parameter signed_out_to must be a path'],
  ['signed_out_to=//evil.test', 'The parameter signed_out_to must be a path'],
  ['colour=gold', 'The parameter colour is not known. There are: appid, returnto, signed_out_to,'],
  ['--%3E%3Cscript%3E=1', 'A parameter is not known.'],
  ['toString=1', 'The parameter toString is not known.'],
  ['size[]=1', 'The parameter size is there twice'],
])('%s is 400, which a comment explains without repeating it', async (query, problem) => {
  const host = await start()
  const answer = await host.browser().get(`${BUTTON}?appid=acme&${query}`)
  expect(answer.status).toBe(400)
  expect(answer.body).toMatch(/^<!-- amazon_auth\/button: [^<>]* -->$/)
  expect(answer.body).toContain(problem)
  expect(answer.body).not.toMatch(/evil|script|tlh/)
})

test('what a library adds, so that no answer of a cache is taken, is passed over', async () => {
  const host = await start()
  const answer = await host.browser().get(`${BUTTON}?appid=acme&_=1795913545000`)
  expect(answer.status).toBe(200)
})

test.each([
  ['missing', 'app_not_found'],
  ['keyless', 'app_not_configured'],
])(
  'the app %s has a comment for a button, the same for all such apps, and the log says %s',
  async (app, code) => {
    const host = await start()
    const answers = [
      await host.browser().get(`${BUTTON}?appid=${app}`),
      await host.browser().get(`${BUTTON}?appid=${app}`),
    ]
    for (const answer of answers) {
      expect(answer.status).toBe(404)
      expect(answer.body).toMatch(
        /^<!-- amazon_auth\/button: There is no button: the app is unknown/,
      )
    }
    const told = host.log.filter(({ message }) => message === `no sign-in button: ${code}`)
    expect(told).toEqual([
      expect.objectContaining({ level: 'warn', facts: expect.objectContaining({ app }) }),
    ])
  },
)

test('it works under a mount path, and with a public address', async () => {
  const mounted = await start({}, '/auth')
  const shown = await mounted.browser().get(`/auth${BUTTON}?appid=acme&returnto=/x`)
  expect(linkOf(shown)).toBe('/auth/amazon_auth?state=acme&returnto=%2Fx')
  const known = await start({ publicUrl: 'https://shop.example/auth' }, '/auth')
  const there = await known.browser().get(`/auth${BUTTON}?appid=acme`)
  expect(linkOf(there)).toBe('https://shop.example/auth/amazon_auth?state=acme')
})

test('without an app it is for the one that the host names, else for the root app', async () => {
  const named = await start({ hooks: { resolveApp: () => 'zenith' } })
  expect(linkOf(await named.browser().get(BUTTON))).toBe('/amazon_auth?state=zenith')
  const root = await start()
  expect(linkOf(await root.browser().get(BUTTON))).toBe('/amazon_auth?state=para')
})

describe('a page of another origin', () => {
  const from = (origin: string) => ({
    origin,
    'sec-fetch-site': 'same-site',
    'sec-fetch-mode': 'cors',
    'sec-fetch-dest': 'empty',
  })

  test('that the app has named may read it, with cookies, and its links are whole', async () => {
    const host = await start()
    const browser = host.browser()
    const path = `${BUTTON}?appid=acme&when_signed_in=sign_out`
    const shown = await browser.get(path, from(FRONT))
    expect(shown.headers).toMatchObject({
      'access-control-allow-origin': FRONT,
      'access-control-allow-credentials': 'true',
    })
    expect(shown.headers.vary).toMatch(/Origin/)
    const begin = new URL(linkOf(shown) ?? '')
    expect(begin.origin).toBe(host.origin)
    expect(Object.fromEntries(begin.searchParams)).toEqual({ state: 'acme', host_url: FRONT })
    const end = await host.signIn(browser, begin.pathname + begin.search)
    expect(end.location).toBe(`${FRONT}/whoami`)
    const out = await browser.get(path, from(FRONT))
    expect(out.body).not.toContain('<form')
    expect(linkOf(out)).toBe(`${host.origin}/amazon_auth/logout?appid=acme`)
  })

  test('that the app has not named may not read it, and the log says once what to do', async () => {
    const host = await start()
    for (const origin of ['https://evil.test', 'null', `${FRONT}.evil.test`]) {
      const shown = await host.browser().get(`${BUTTON}?appid=acme`, from(origin))
      expect(Object.keys(shown.headers).filter((name) => name.startsWith('access-'))).toEqual([])
      expect(linkOf(shown)).toBe('/amazon_auth?state=acme')
    }
    const told = host.log.filter(({ message }) => message.includes('security.hosturl_aliases'))
    expect(told).toHaveLength(1)
  })

  test('is told what is amiss, too, and nothing of one app by having another', async () => {
    const host = await start()
    const bad = await host.browser().get(`${BUTTON}?appid=acme&size=1x1`, from(FRONT))
    expect([bad.status, bad.headers['access-control-allow-origin']]).toEqual([400, FRONT])
    const other = await host.browser().get(`${BUTTON}?appid=zenith`, from(FRONT))
    expect(other.headers['access-control-allow-origin']).toBeUndefined()
  })
})

test('only GET shows it; a page that is fetched ahead has it, too', async () => {
  const host = await start()
  for (const method of ['HEAD', 'POST', 'PUT', 'OPTIONS']) {
    const answer = await host.browser().send(`${BUTTON}?appid=acme`, { method })
    expect([method, answer.status, answer.headers.allow]).toEqual([method, 405, 'GET'])
  }
  const ahead = await host
    .browser()
    .get(`${BUTTON}?appid=acme`, { 'sec-purpose': 'prefetch;prerender' })
  expect(ahead.status).toBe(200)
})

test('a strict server without a public address says what is amiss, and shows no button', async () => {
  const host = await start({ security: { strict: true } })
  const shown = await send(new URL(`${host.origin}${BUTTON}?appid=acme`), {
    headers: { host: 'shop.example' },
  })
  expect(shown.status).toBe(400)
  expect(shown.body).toMatch(/^<!-- amazon_auth\/button: [^<>]* -->$/)
})

describe('the stand-alone server', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer()
    await server.createApp('shop')
  })
  afterAll(() => server.close())

  test('shows the button, which may load its image where it is opened by itself', async () => {
    const shown = await server.browser().get(`${BUTTON}?appid=shop`)
    expect(shown.status).toBe(200)
    expect(shown.headers['content-security-policy']).toContain(
      'img-src https://images-na.ssl-images-amazon.com;',
    )
  })

  test('shows none of an app that is not there', async () => {
    expect((await server.browser().get(`${BUTTON}?appid=closed`)).status).toBe(404)
  })
})
