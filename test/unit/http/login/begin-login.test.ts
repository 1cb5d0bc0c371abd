import { createHash } from 'node:crypto'

import { beginLogin } from '../../../../src/http/login/begin-login'
import type { TryLink } from '../../../../src/http/login/try/try-link'
import {
  answerOf,
  APPS,
  NOW_MS,
  PREFIX,
  refusal,
  stepsWorld,
  type Ask,
  type Jar,
  type StepsWorld,
} from './steps-world'

const SCRIPT = { accept: 'application/json' }

async function begin(world: StepsWorld, query = 'state=acme', ask?: Ask, link?: TryLink) {
  const leg = await world.leg(`/amazon_auth?${query}`, ask)
  const verdict = refusal(() => beginLogin(leg, link))
  return { verdict, ...answerOf(leg.attempt) }
}

/** What the cookie of a login holds. */
function keptBy(world: StepsWorld, jar: Jar): Record<string, unknown> {
  const [[name = '', sealed = ''] = []] = jar
  return JSON.parse(world.sealer.open(sealed, name) ?? '') as Record<string, unknown>
}

async function kept(world: StepsWorld, query: string, ask?: Ask) {
  const jar: Jar = new Map()
  await world.begin(jar, query, { jar, ...ask })
  return keptBy(world, jar)
}

describe('a browser that begins', () => {
  test('is sent to the consent page of Amazon, for the app and for this login alone', async () => {
    const world = stepsWorld()
    const jar: Jar = new Map()
    const { location, asked, nonce } = await world.begin(jar)
    const { codeVerifier, ...rest } = keptBy(world, jar)
    expect(location.origin + location.pathname).toBe('https://www.amazon.com/ap/oa')
    expect(Object.fromEntries(asked)).toEqual({
      client_id: 'client',
      scope: 'profile',
      response_type: 'code',
      redirect_uri: 'https://shop.example/amazon_auth',
      state: `acme~${nonce}`,
      code_challenge: createHash('sha256').update(String(codeVerifier)).digest('base64url'),
      code_challenge_method: 'S256',
    })
    expect(nonce).toMatch(/^[\w-]{22}$/)
    expect(codeVerifier).toMatch(/^[\w-]{43}$/)
    expect(location.href).not.toContain(codeVerifier)
    expect(rest).toMatchObject({ nonce, appId: 'acme', mountPath: '', createdAtMs: NOW_MS })
    expect(world.begins).toEqual([{ appId: 'acme', atMs: NOW_MS }])
    expect(world.log).toEqual([])
  })

  test('has a nonce and a verifier that no other login has', async () => {
    const world = stepsWorld()
    const seen = new Set<unknown>()
    for (let n = 0; n < 100; n += 1) {
      const jar: Jar = new Map()
      const { nonce, asked } = await world.begin(jar)
      seen.add(nonce).add(keptBy(world, jar).codeVerifier).add(asked.get('code_challenge'))
    }
    expect(seen.size).toBe(300)
  })

  test('finds the number and the origin of the front end that it came from again', async () => {
    const world = stepsWorld()
    expect(await kept(world, 'state=acme|3')).toMatchObject({ aliasIndex: 3 })
    const query = 'state=acme&host_url=https://one.example/some/page'
    expect(await kept(world, query)).toMatchObject({ hostUrl: 'https://one.example' })
    expect(await kept(world, 'state=acme&host_url=nonsense')).toMatchObject({ hostUrl: 'null' })
  })

  test.each([
    ['/orders?a=1', '/orders?a=1'],
    ['https://shop.example/x', 'https://shop.example/x'],
    ['//evil.test', undefined],
    ['/\\evil.test', undefined],
    ['https://evil.test/', undefined],
    ['javascript:alert(1)', undefined],
  ])('with returnto=%s returns to %s', async (returnTo, expected) => {
    const query = `state=acme&returnto=${encodeURIComponent(returnTo)}`
    expect((await kept(stepsWorld(), query)).returnTo).toBe(expected)
  })

  test.each(['a', '!~', 'n'.repeat(128)])(
    'finds the nonce %j for its token again',
    async (nonce) => {
      const query = `state=acme&nonce=${encodeURIComponent(nonce)}`
      expect(await kept(stepsWorld(), query)).toMatchObject({ tokenNonce: nonce })
    },
  )

  test('need not bring one', async () => {
    expect(await kept(stepsWorld(), 'state=acme&nonce=')).not.toHaveProperty('tokenNonce')
    expect(await kept(stepsWorld(), 'state=acme')).not.toHaveProperty('tokenNonce')
  })

  test.each(['a b', ' ', '\n', 'a\0', 'ä', 'a\x7f', 'ä1', '1ä'])(
    'with the nonce %j, which no token could hold, is refused',
    async (nonce) => {
      const world = stepsWorld()
      const leg = await world.leg(`/amazon_auth?state=acme&nonce=${encodeURIComponent(nonce)}`)
      expect(() => beginLogin(leg)).toThrow(
        expect.objectContaining({ code: 'callback_invalid', facts: { parameter: 'nonce' } }),
      )
      expect(answerOf(leg.attempt)).toMatchObject({ location: '', setCookies: [] })
      expect(world.begins).toEqual([])
    },
  )

  test('of an app without keys is refused', async () => {
    const world = stepsWorld({ apps: { acme: {} } })
    expect(await begin(world)).toMatchObject({ verdict: 'app_not_configured', setCookies: [] })
  })

  test.each([true, false])(
    'that only tries is not counted, and its cookie says until when, and whether the guide has led there (%s)',
    async (isOfGuide) => {
      const world = stepsWorld()
      const link = { appId: 'acme', madeAtMs: 0, expiresAtMs: 77, isOfGuide }
      const { setCookies } = await begin(world, undefined, undefined, link)
      const [name = '', sealed = ''] = setCookies[0]?.split(/[=;]/) ?? []
      expect(name).toMatch(PREFIX)
      const { tryUntilMs, isOfGuide: kept = false } = JSON.parse(
        world.sealer.open(sealed, name) ?? '',
      )
      expect({ tryUntilMs, kept }).toEqual({ tryUntilMs: 77, kept: isOfGuide })
      expect(world.begins).toEqual([])
    },
  )
})

describe('what is too long', () => {
  /** An address that is so long where it is sent. */
  const publicUrlOf = (length: number): string => {
    const rest = encodeURIComponent('https://shop.example/').length
    return `https://shop.example/${'a'.repeat(length - rest - encodeURIComponent('/amazon_auth').length)}`
  }

  test('a redirect_uri of 500 characters, as it is sent, is taken, and of one more refused', async () => {
    const longest = stepsWorld({ policy: { publicUrl: publicUrlOf(500) } })
    expect(await begin(longest)).toMatchObject({ status: 302, verdict: { value: undefined } })
    const longer = stepsWorld({ policy: { publicUrl: publicUrlOf(501) } })
    expect(await begin(longer)).toMatchObject({
      verdict: 'callback_invalid: redirect_uri too long',
      setCookies: [],
    })
  })

  test('a page to return to is left out where there is too much to remember', async () => {
    const world = stepsWorld()
    const long = `/${'a'.repeat(900)}`
    const rest = await kept(world, `state=acme&returnto=${long}&nonce=n`)
    expect(rest).not.toHaveProperty('returnTo')
    expect(rest).toMatchObject({ appId: 'acme', tokenNonce: 'n' })
  })

  test('what is too much without it is refused, and nothing is counted', async () => {
    const world = stepsWorld({ policy: { publicUrl: publicUrlOf(480) } })
    const host = `${'a'.repeat(49)}.`.repeat(5) + 'com'
    const query = `state=acme&nonce=${'n'.repeat(128)}&host_url=https://${host}/&returnto=/x`
    expect(await begin(world, query)).toMatchObject({
      verdict: 'callback_invalid: too much to remember',
      location: '',
      setCookies: [],
    })
    expect(world.begins).toEqual([])
  })
})

describe('a script that begins', () => {
  test('is told the address to open, and no login is begun; the log is told once per app', async () => {
    const world = stepsWorld()
    for (const app of ['acme', 'zenith', 'acme']) {
      const query = `state=${app}&returnto=%2Fx`
      const leg = await world.leg(`/amazon_auth?${query}`, { headers: SCRIPT })
      beginLogin(leg)
      expect(answerOf(leg.attempt)).toEqual({ status: 401, location: '', setCookies: [] })
    }
    expect(world.log).toEqual([
      { level: 'warn', message: expect.stringContaining('a script'), facts: { app: 'acme' } },
      { level: 'warn', message: expect.stringContaining('a script'), facts: { app: 'zenith' } },
    ])
    expect(world.begins).toEqual([])
  })
})

describe('a browser that begins at another host than the public one', () => {
  test('is sent there first, and no login is begun', async () => {
    const world = stepsWorld({ apps: APPS })
    expect(await begin(world, 'state=acme', { headers: { host: 'www.shop.example' } })).toEqual({
      verdict: { value: undefined },
      status: 302,
      location: 'https://shop.example/amazon_auth?state=acme&sent_on=1',
      setCookies: [],
    })
    expect(world.begins).toEqual([])
  })
})
