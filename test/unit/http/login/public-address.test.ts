import {
  isSecure,
  ownOrigin,
  publicAddress,
  publicRedirectUri,
  redirectUri,
} from '../../../../src/http/public-address'
import { APPS, refusal, stepsWorld, type Ask, type Setup } from './steps-world'

const UNKNOWN = { policy: { publicUrl: undefined } }
const at = (host: string, more: Readonly<Record<string, string>> = {}): Ask => ({
  headers: { host, ...more },
})

async function asked(query: string, ask?: Ask, setup?: Setup) {
  const world = stepsWorld(setup)
  const { app, attempt } = await world.leg(`${ask?.mount ?? ''}/amazon_auth${query}`, ask)
  return { app, attempt, log: world.log, services: world.services }
}

describe('the redirect_uri of a public address', () => {
  test.each([
    ['https://a.example', '', 'https://a.example/amazon_auth'],
    ['https://a.example//', '', 'https://a.example/amazon_auth'],
    ['https://a.example', '/auth', 'https://a.example/auth/amazon_auth'],
    ['https://a.example/auth/', '/auth', 'https://a.example/auth/amazon_auth'],
    ['https://a.example/Auth', '/aUTH', 'https://a.example/Auth/amazon_auth'],
    ['https://a.example/auth/x', '/auth', 'https://a.example/auth/x/auth/amazon_auth'],
  ])('%s mounted at %j is %s', (url, mount, expected) => {
    expect(publicRedirectUri(url, mount)).toBe(expected)
  })

  test('at the root needs no mount', () => {
    expect(publicRedirectUri('https://a.example')).toBe('https://a.example/amazon_auth')
  })

  test('is the same whatever host, path or query a request has', async () => {
    const { app, attempt } = await asked('?appid=acme&host_url=https://x.test', at('evil.test'))
    expect(redirectUri(app, attempt)).toBe('https://shop.example/amazon_auth')
  })
})

describe('where no public address is known, the redirect_uri', () => {
  const uri = async (query: string, ask: Ask = at('localhost:3000')) => {
    const { app, attempt, log } = await asked(query, ask, UNKNOWN)
    return { uri: redirectUri(app, attempt), log }
  }

  test.each([
    ['?state=acme&code=c&x=1', 'http://localhost:3000/amazon_auth'],
    ['?appid=acme&code=c', 'http://localhost:3000/amazon_auth?appid=acme'],
    [
      '?host_url=https://x.test/&state=acme&appid=acme',
      'http://localhost:3000/amazon_auth?host_url=https%3A%2F%2Fx.test%2F&appid=acme',
    ],
    ['?appid=&host_url=&state=acme', 'http://localhost:3000/amazon_auth'],
  ])('of %s is %s', async (query, expected) => {
    expect(await uri(query)).toEqual({ uri: expected, log: [] })
  })

  test('follows any other host with a warning, once per app', async () => {
    const { app, attempt, log } = await asked('?state=acme', at('shop.example'), UNKNOWN)
    for (let again = 0; again < 2; again += 1) {
      expect(redirectUri(app, attempt)).toBe('http://shop.example/amazon_auth')
    }
    const message = expect.stringContaining('public_url is not set')
    expect(log).toEqual([{ level: 'warn', message, facts: { app: 'acme' } }])
  })

  test('is none of another host where the app is strict', async () => {
    const strict = { policy: { publicUrl: undefined, strict: true } }
    const other = await asked('?state=acme', at('shop.example'), strict)
    expect(() => redirectUri(other.app, other.attempt)).toThrow(
      expect.objectContaining({
        code: 'callback_invalid',
        facts: { header: 'host', missing: 'public_url' },
      }),
    )
    const own = await asked('?state=acme', at('127.0.0.1:3000'), strict)
    expect(redirectUri(own.app, own.attempt)).toBe('http://127.0.0.1:3000/amazon_auth')
  })

  test('is none where the Host header is none', async () => {
    const { app, attempt } = await asked('?state=acme', at('a b'), UNKNOWN)
    expect(refusal(() => redirectUri(app, attempt))).toBe('callback_invalid')
  })
})

describe('the origin under which a browser reaches this host', () => {
  test("is that of the app's public address, or of all apps", async () => {
    const apps = { acme: { ...APPS.acme, public_url: 'https://acme.example:8443/base//' } }
    const { app, attempt, services } = await asked('?state=acme', at('evil.test'), { apps })
    expect(ownOrigin(app, attempt)).toBe('https://acme.example:8443')
    expect(ownOrigin(undefined, attempt)).toBe('https://shop.example')
    const path = { hostname: 'acme.example', path: '/base' }
    expect(publicAddress(app, services)).toMatchObject(path)
    expect(publicAddress(undefined, services)).toMatchObject({ path: '' })
    const deep = { ...services, policy: { ...services.policy, publicUrl: 'https://a.example/a/b' } }
    expect(publicAddress(undefined, deep)).toMatchObject({ path: '/a/b' })
  })

  test('is what the request says where none is known; for no app in particular without a word', async () => {
    const { app, attempt, log } = await asked('?state=acme', at('shop.example:81'), UNKNOWN)
    expect(ownOrigin(undefined, attempt)).toBe('http://shop.example:81')
    expect(log).toEqual([])
    expect(ownOrigin(app, attempt)).toBe('http://shop.example:81')
    expect(log).toHaveLength(1)
  })
})

test('a browser speaks https where the public address says so, else where a trusted proxy does', async () => {
  const secure = async (setup: Setup, headers = {}) => {
    const { attempt, app } = await asked('?state=acme', at('shop.example', headers), setup)
    return isSecure(attempt.req, attempt.services, app)
  }
  const told = { 'x-forwarded-proto': 'https' }
  expect(await secure({ policy: { publicUrl: 'https://shop.example' } })).toBe(true)
  const plain = { policy: { publicUrl: 'http://shop.example' }, trustProxy: true }
  expect(await secure(plain, told)).toBe(false)
  expect(await secure(UNKNOWN)).toBe(false)
  expect(await secure(UNKNOWN, told)).toBe(false)
  expect(await secure({ ...UNKNOWN, trustProxy: true }, told)).toBe(true)
})
