import { beginAddress, findPublicBegin } from '../../../../src/http/login/begin-address'
import { APPS, linesOf, stepsWorld, type Ask, type Jar, type Setup } from './steps-world'

const KEYS = APPS.acme
const WWW = 'www.shop.example'

async function sentTo(query: string, ask: Ask = {}, setup: Setup = {}) {
  const world = stepsWorld(setup)
  const { app, request, attempt } = await world.leg(`${ask.mount ?? ''}/amazon_auth${query}`, ask)
  return { to: findPublicBegin(request, app, attempt), world, attempt }
}

async function addressOf(query: string, ask: Ask = {}, setup: Setup = {}): Promise<string> {
  const world = stepsWorld(setup)
  const { app, request, attempt } = await world.leg(`${ask.mount ?? ''}/amazon_auth${query}`, ask)
  return beginAddress(request, app, attempt)
}

const at = (host: string): Ask => ({ headers: { host } })
const publicUrl = (url: string | undefined): Setup => ({ policy: { publicUrl: url } })

describe('a login begins here', () => {
  test.each<readonly [string, string, string | undefined]>([
    ['where there is no public_url', WWW, undefined],
    ['at its host', 'shop.example', 'https://shop.example'],
    ['at its host in other letters', 'SHOP.Example', 'https://shop.EXAMPLE'],
    ['at another port', 'shop.example:8080', 'https://shop.example'],
    ['under another scheme', 'shop.example', 'http://shop.example:3000/base'],
    ['at its host as browsers write it', 'xn--bcher-kva.example', 'https://bücher.example'],
    ['at an address that is written otherwise', '127.1', 'http://127.0.0.1:3000'],
    ['at an address of version 6', '[0:0::1]:3000', 'http://[::1]:3000'],
    ['where the Host header is no host', 'a b', 'https://shop.example'],
    ['where it only looks like one', '1.2.3.4.5', 'https://shop.example'],
  ])('%s', async (_where, host, url) => {
    const { to, world } = await sentTo('?state=acme', at(host), publicUrl(url))
    expect(to).toBeUndefined()
    expect(world.log).toEqual([])
  })

  test('also under another host, once it was sent on before: the log is told how to mend it', async () => {
    const { to, world } = await sentTo('?state=acme&sent_on=1', at('node-1.internal:3000'))
    expect(to).toBeUndefined()
    const facts = { app: 'acme', host: 'node-1.internal:3000', publicUrl: 'https://shop.example' }
    const message = expect.stringContaining('rewrites the Host header')
    expect(world.log).toEqual([{ level: 'warn', message, facts }])
  })

  test('where a trusted proxy says that the browser is at the public host', async () => {
    const told = { host: 'node-1', 'x-forwarded-host': 'shop.example' }
    const trusted = await sentTo('?state=acme', { headers: told }, { trustProxy: true })
    expect(trusted.to).toBeUndefined()
    const { to } = await sentTo('?state=acme', { headers: told })
    expect(to).toBe('https://shop.example/amazon_auth?state=acme&sent_on=1')
  })
})

describe('a browser is sent on', () => {
  test.each([
    ['www.shop.example', 'https://shop.example'],
    ['shop.example', 'https://www.shop.example'],
    ['shop.example.evil.test', 'https://shop.example'],
    ['127.0.0.1:3000', 'http://localhost:3000'],
    ['xshop.example', 'https://shop.example'],
  ])('from %s to %s, and never to where it says', async (host, url) => {
    const { to } = await sentTo('?state=acme', at(host), publicUrl(url))
    expect(to).toBe(`${url}/amazon_auth?state=acme&sent_on=1`)
  })

  test("to the app's own public_url, below its path and the mount", async () => {
    const apps = { acme: { ...KEYS, public_url: 'https://acme.example/base/' } }
    const ask = { ...at('shop.example'), mount: '/auth' }
    const { to } = await sentTo('?state=acme', ask, { apps })
    expect(to).toBe('https://acme.example/base/auth/amazon_auth?state=acme&sent_on=1')
  })

  test('with all that it has brought, as it was brought', async () => {
    const query = '?state=acme|1&host_url=https%3A%2F%2Fx.test&nonce=a%2Bb&utm=1&utm=2&e='
    const { to } = await sentTo(query, at(WWW))
    expect(to).toBe(
      'https://shop.example/amazon_auth?state=acme%7C1&host_url=https%3A%2F%2Fx.test&nonce=a%2Bb&utm=1&utm=2&e=&sent_on=1',
    )
  })

  test('with the app that was found for this host, where it names none', async () => {
    const apps = { para: KEYS }
    const { to } = await sentTo('?x=1', at(WWW), { apps })
    expect(to).toBe('https://shop.example/amazon_auth?x=1&sent_on=1&appid=para')
  })

  test('with the link by which it only tries, however long the rest is', async () => {
    const query = `?state=acme&try=link&returnto=/a&x=${'x'.repeat(2_048)}`
    const { to } = await sentTo(query, at(WWW))
    expect(to).toBe('https://shop.example/amazon_auth?appid=acme&try=link&sent_on=1')
  })

  test('to an address of 2048 characters at most', async () => {
    const rest = 'https://shop.example/amazon_auth?state=acme&x=&sent_on=1'.length
    const longest = `?state=acme&x=${'x'.repeat(2_048 - rest)}`
    expect((await sentTo(longest, at(WWW))).to).toHaveLength(2_048)
    const { to } = await sentTo(`${longest}x`, at(WWW))
    expect(to).toBe('https://shop.example/amazon_auth?appid=acme&sent_on=1')
  })
})

describe('a page to return to, for a browser that is sent on', () => {
  const aliases = { acme: { ...KEYS, 'security.hosturl_aliases': `https://${WWW}` } }
  const cookie = (path: string): Jar =>
    new Map([['para-returnto', Buffer.from(path).toString('base64')]])

  async function returnTo(query: string, ask: Ask, setup?: Setup) {
    const { to, attempt } = await sentTo(query, ask, setup)
    const given = new URL(to ?? '').searchParams.getAll('returnto')
    return { given, isTaken: linesOf(attempt.res).length > 0 }
  }

  test('is a page of the host that it comes from, where the app has named that', async () => {
    const query = '?state=acme&returnto=/orders'
    const named = await returnTo(query, at(WWW), { apps: aliases })
    expect(named.given).toEqual([`https://${WWW}/orders`])
    expect((await returnTo(query, at(WWW))).given).toEqual(['/orders'])
    const port = await returnTo(query, at(`${WWW}:8443`), { apps: aliases })
    expect(port.given).toEqual(['/orders'])
  })

  test('that is a whole address stays it', async () => {
    const query = '?state=acme&returnto=https://x.example/y'
    const { given } = await returnTo(query, at(WWW), { apps: aliases })
    expect(given).toEqual(['https://x.example/y'])
  })

  test('is what a page has left in its cookie, where the app has no target', async () => {
    const ask = { ...at(WWW), jar: cookie('/cart') }
    expect(await returnTo('?state=acme', ask)).toEqual({ given: ['/cart'], isTaken: true })
    const asked = await returnTo('?state=acme&returnto=/orders', ask)
    expect(asked).toEqual({ given: ['/orders'], isTaken: false })
    expect(await returnTo('?state=zenith', ask)).toEqual({ given: [], isTaken: false })
  })

  test('is none where none is asked for', async () => {
    expect(await returnTo('?state=acme', at(WWW))).toEqual({ given: [], isTaken: false })
  })
})

describe('the address to begin at', () => {
  test('is the public one, whatever host is asked', async () => {
    expect(await addressOf('?state=acme', at('evil.test'))).toBe(
      'https://shop.example/amazon_auth?state=acme',
    )
    expect(await addressOf('', at('evil.test'), { apps: { para: KEYS } })).toBe(
      'https://shop.example/amazon_auth?appid=para',
    )
  })

  test('is that of the request where there is none', async () => {
    const own = publicUrl(undefined)
    const ask = { ...at('localhost:3000'), mount: '/auth' }
    expect(await addressOf('?appid=acme&x=1', ask, own)).toBe(
      'http://localhost:3000/auth/amazon_auth?appid=acme&x=1',
    )
    const setup = { ...own, apps: { para: KEYS } }
    expect(await addressOf('', at('localhost'), setup)).toBe('http://localhost/amazon_auth')
  })
})
