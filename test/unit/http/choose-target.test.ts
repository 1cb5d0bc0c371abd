import {
  checkReturnTo,
  chooseFailureTarget,
  chooseSuccessTarget,
  findOriginOn,
  namedOrigins,
  shortenHostUrl,
} from '../../../src/http/sign-in/choose-target'
import { placeCause, placeTokens } from '../../../src/http/target-places'
import { isUrl } from '../../../src/to-url'
import { appWith } from '../../support/app'

const OWN = 'https://auth.example.org'
const SUCCESS = 'https://app.example.com/in?a=1&jwt=id#top'
const ALIASES =
  'https://one.example.com,https://two.example.com:8443,ftp://no.example.com,myapp://x'
/** 253 characters (RFC 1035, section 2.3.4). */
const LONGEST_HOST = `${'a'.repeat(49)}.`.repeat(5) + 'com'
const app = appWith({ signin_success: SUCCESS, 'security.hosturl_aliases': ALIASES })

function success(hostUrl?: string, aliasIndex?: number, of = app) {
  return chooseSuccessTarget(of, { hostUrl, aliasIndex, ownOrigin: OWN }, undefined)
}

describe('chooseSuccessTarget', () => {
  test('gives signin_success as it is when no front end is named', () => {
    expect(success()).toEqual({ url: SUCCESS, means: 'id_token', isConfigured: true })
  })

  test.each([
    ['an alias', 'https://one.example.com', 'https://one.example.com/in?a=1&jwt=id#top'],
    [
      'an alias with its port',
      'https://two.example.com:8443',
      'https://two.example.com:8443/in?a=1&jwt=id#top',
    ],
    [
      'an alias with a path',
      'https://one.example.com/x?y',
      'https://one.example.com/in?a=1&jwt=id#top',
    ],
    [
      'an alias in upper case',
      'HTTPS://ONE.example.com',
      'https://one.example.com/in?a=1&jwt=id#top',
    ],
    ["the target's own origin", 'https://app.example.com/', SUCCESS],
  ])('host_url naming %s gets the path and the token', (_name, hostUrl, url) => {
    expect(success(hostUrl)).toEqual({ url, means: 'id_token', isConfigured: true })
  })

  test('the number in state picks the front end, counting http and https ones from 0', () => {
    expect(success(undefined, 0).url).toBe('https://one.example.com/in?a=1&jwt=id#top')
    expect(success(undefined, 1).url).toBe('https://two.example.com:8443/in?a=1&jwt=id#top')
    expect(success(undefined, 2).url).toBe(SUCCESS)
    expect(success(undefined, 99).url).toBe(SUCCESS)
  })

  test.each([
    ['/', { url: '/', means: 'session' }],
    ['', { url: '/', means: 'session' }],
    ['/in?jwt=id', { url: '/in?jwt=id', means: 'id_token' }],
    ['/in?jwt=?', { url: '/in?jwt=?', means: 'session_token' }],
    ['myapp://cb?jwt=id', { url: 'myapp://cb?jwt=id', means: 'id_token' }],
  ])('signin_success %j works, with and without host_url', (signinSuccess, expected) => {
    const relative = appWith({ signin_success: signinSuccess })
    expect(success(undefined, undefined, relative)).toMatchObject(expected)
    expect(success('https://evil.test', undefined, relative).url).not.toContain('null')
    expect(success('https://evil.test', undefined, relative).url).toBe('/')
  })

  test.each(['https://evil.test', 'javascript:alert(1)', 'https://one.example.com.evil.test'])(
    'host_url %j, which the app has not named, gets the bare origin, and no token',
    (hostUrl) => {
      const refused = { url: 'https://app.example.com', isConfigured: true }
      expect(success(hostUrl)).toEqual({ ...refused, means: 'nothing' })
      const withSession = appWith({ signin_success: 'https://app.example.com/in' })
      expect(success(hostUrl, 0, withSession)).toEqual({ ...refused, means: 'session' })
    },
  )

  test.each(['', ' '])('host_url %j counts as none', (hostUrl) => {
    expect(success(hostUrl, 0).url).toBe('https://one.example.com/in?a=1&jwt=id#top')
  })

  test('tells whether the app has a target of its own', () => {
    expect(success(undefined, undefined, appWith({})).isConfigured).toBe(false)
  })

  test.each([
    ['http://plain.example.com/in', 'https://one.example.com/in'],
    ['https://bücher.example/in?x=https://y.test/', 'https://one.example.com/in?x=https://y.test/'],
    ['myapp://in?from=https://y.test/', 'myapp://in?from=https://y.test/'],
  ])('of %s an alias gets %s', (signinSuccess, url) => {
    const aliased = appWith({ signin_success: signinSuccess, 'security.hosturl_aliases': ALIASES })
    expect(success('https://one.example.com', undefined, aliased).url).toBe(url)
  })

  test('aliases that are no web address have no number', () => {
    const aliases = 'ftp://no.example.com,,https://one.example.com'
    const aliased = appWith({ signin_success: '/in', 'security.hosturl_aliases': aliases })
    expect(success(undefined, 0, aliased).url).toBe('https://one.example.com/in')
  })

  test('a path moves to the alias that is asked for, and stays on our own origin', () => {
    const relative = appWith({
      signin_success: '/in?jwt=id',
      'security.hosturl_aliases': 'https://one.example.com',
    })
    expect(success('https://one.example.com', undefined, relative).url).toBe(
      'https://one.example.com/in?jwt=id',
    )
    expect(success(OWN, undefined, relative).url).toBe('/in?jwt=id')
  })

  test('a session token goes for the sign-in where both kinds are asked for', () => {
    const both = appWith({ signin_success: '/in?jwt=id&jwt=?' })
    expect(success(undefined, undefined, both).means).toBe('session_token')
  })

  test('returnTo wins over a target without a token, and yields to one with', () => {
    const frontEnd = { hostUrl: undefined, aliasIndex: undefined, ownOrigin: OWN }
    const plain = appWith({ signin_success: '/home' })
    expect(chooseSuccessTarget(plain, frontEnd, '/orders').url).toBe('/orders')
    expect(chooseSuccessTarget(appWith({}), frontEnd, '/orders').url).toBe('/orders')
    expect(chooseSuccessTarget(app, frontEnd, '/orders').url).toBe(SUCCESS)
  })

  test.each([
    'javascript:alert(1)',
    '//evil.test',
    '/\\evil.test',
    'data:x',
    '/a\r\nb',
    `/${'a'.repeat(2_048)}`,
  ])('S17 a stored signin_success %j is refused with return_url_refused', (signinSuccess) => {
    const unsafe = appWith({ signin_success: signinSuccess })
    expect(() => success(undefined, undefined, unsafe)).toThrow(
      expect.objectContaining({
        code: 'return_url_refused',
        facts: { app: 'acme', setting: 'signin_success' },
      }),
    )
  })
})

describe('chooseFailureTarget', () => {
  const frontEnd = { hostUrl: undefined, aliasIndex: undefined, ownOrigin: OWN }

  test("gives the app's target, else the fallback", () => {
    const own = appWith({ signin_failure: 'https://app.example.com/out' })
    expect(chooseFailureTarget(own, frontEnd, '/f')).toEqual({
      url: 'https://app.example.com/out',
      isOfApp: true,
    })
    expect(chooseFailureTarget(app, frontEnd, '/f')).toEqual({ url: '/f', isOfApp: false })
    const nobody = { url: '/f', isOfApp: false }
    expect(chooseFailureTarget(undefined, undefined, '/f')).toEqual(nobody)
    expect(chooseFailureTarget(undefined, frontEnd, '/f')).toEqual(nobody)
  })

  test('goes to the front end that was asked for, and never to one that is not named', () => {
    const own = appWith({
      signin_failure: 'https://app.example.com/out',
      'security.hosturl_aliases': 'https://one.example.com',
    })
    const at = (hostUrl: string) => chooseFailureTarget(own, { ...frontEnd, hostUrl }, '/f').url
    expect(at('https://one.example.com')).toBe('https://one.example.com/out')
    expect(at('https://evil.test')).toBe('https://app.example.com/out')
  })

  test('an unsafe stored target gives way to the fallback', () => {
    const unsafe = appWith({ signin_failure: 'javascript:alert(1)' })
    expect(chooseFailureTarget(unsafe, frontEnd, '/f').url).toBe('/f')
  })
})

describe('placeTokens', () => {
  test.each([
    ['/in?jwt=id', '/in?jwt=T'],
    ['/in?jwt=?', '/in?jwt=S'],
    ['/in?a=1&jwt=id&b=2', '/in?a=1&jwt=T&b=2'],
    ['/in?jwt=?&b=2', '/in?jwt=S&b=2'],
    ['/in?jwt=id#top', '/in?jwt=T#top'],
    ['/in#jwt=id', '/in#jwt=T'],
    ['/in#/route?jwt=id', '/in#/route?jwt=T'],
    ['/in#a=1&jwt=?', '/in#a=1&jwt=S'],
    ['/in#/in/jwt=id', '/in#/in/jwt=T'],
    ['/in?token=jwt=id', '/in?token=jwt=T'],
    ['/in?next=/in?jwt=id', '/in?next=/in?jwt=T'],
    ['/in?next=/in?jwt=?', '/in?next=/in?jwt=S'],
    ['/in/jwt=id/there', '/in/jwt=T/there'],
    ['/in?jwt=id&or=jwt=?', '/in?jwt=T&or=jwt=S'],
    ['https://[::1]:8443/in?jwt=id', 'https://[::1]:8443/in?jwt=T'],
    ['https://x.test:81/in?x=%20&jwt=id', 'https://x.test:81/in?x=%20&jwt=T'],
    ['myapp://cb?jwt=id', 'myapp://cb?jwt=T'],
    ['/in?jwt=identity', '/in?jwt=identity'],
    ['/in?jwt=ID', '/in?jwt=ID'],
    ['/in?jwt=idx&y=1', '/in?jwt=idx&y=1'],
    ['/in?jwt=id2', '/in?jwt=id2'],
    ['/in?jwt=idé', '/in?jwt=idé'],
    ['/in?jwt=?x', '/in?jwt=?x'],
    ['/in?jwt%3Did', '/in?jwt%3Did'],
    ['/in?xjwt=id', '/in?xjwt=T'],
    ['/in?my-jwt=id', '/in?my-jwt=T'],
    ['/jwt=id', '/jwt=T'],
    ['/in?jwt=', '/in?jwt='],
    ['/in?jwt=id.x', '/in?jwt=T.x'],
    ['/in?jwt=id_x', '/in?jwt=T_x'],
  ])('J11 %s becomes %s', (url, expected) => {
    expect(placeTokens(url, (means) => (means === 'id_token' ? 'T' : 'S'))).toBe(expected)
  })

  test('a token is placed as it is, whatever signs it holds', () => {
    expect(placeTokens('/in?jwt=id', () => "a$&b$'c")).toBe("/in?jwt=a$&b$'c")
  })

  test('each kind is issued once, however often it is asked for', () => {
    const issued: string[] = []
    const issue = (means: string): string => String(issued.push(means))
    expect(placeTokens('/in?jwt=id&jwt=?&jwt=id', issue)).toBe('/in?jwt=1&jwt=2&jwt=1')
    expect(issued).toEqual(['id_token', 'session_token'])
  })

  test('T20 where all would be too much for a header, the first place is filled', () => {
    const rest = '&jwt=id'.repeat(200)
    const token = 't'.repeat(600)
    expect(placeTokens(`/in?jwt=id${rest}`, () => token)).toBe(`/in?jwt=${token}${rest}`)
  })
})

test('placeCause fills cause=? with the message, percent-encoded, and leaves the rest alone', () => {
  expect(placeCause('/f?error&cause=?', 'Bad & "x"?')).toBe('/f?error&cause=Bad%20%26%20%22x%22%3F')
  expect(placeCause('/f?error', 'Bad')).toBe('/f?error')
  expect(placeCause('/f?because=?', 'Bad')).toBe('/f?because=Bad')
  expect(placeCause('/f#/out/cause=?', 'Bad')).toBe('/f#/out/cause=Bad')
  expect(placeCause('/f?next=/out?cause=?&a', 'Bad')).toBe('/f?next=/out?cause=Bad&a')
  expect(placeCause('/f?cause=?x', 'Bad')).toBe('/f?cause=?x')
})

test.each([
  [undefined, undefined],
  [' ', undefined],
  ['https://one.example.com/a?b', 'https://one.example.com'],
  ['http://one.example.com:8080#top', 'http://one.example.com:8080'],
  ['https://[::1]:8443/', 'https://[::1]:8443'],
  [`https://${LONGEST_HOST}:65535/a`, `https://${LONGEST_HOST}:65535`],
  ['javascript:alert(1)', 'null'],
  [' https://one.example.com', 'null'],
  ['https://one.example.com/a b', 'null'],
  ['https://one.example.com\\.evil.test', 'null'],
  ['https://one.example.com@evil.test/', 'null'],
  ['https://one.example.com:99999/', 'null'],
  ['https://[one]/', 'null'],
  [`https://${'a'.repeat(300)}.example/`, 'null'],
])('of host_url %j login remembers %j', (hostUrl, kept) => {
  expect(shortenHostUrl(hostUrl)).toBe(kept)
})

describe('checkReturnTo', () => {
  test.each([
    '/',
    '/orders',
    '/a/b?c=d#e',
    '/%2e%2e/x',
    '/ä',
    'https://app.example.com/x',
    'https://one.example.com',
    OWN,
  ])('lets %j through', (returnTo) => {
    expect(checkReturnTo(returnTo, app, OWN)).toBe(returnTo)
  })

  test.each([`/${'a'.repeat(1_024)}`, `/${'é'.repeat(200)}`, `${OWN}/${'a'.repeat(1_024)}`])(
    'T20 passes over what is too long: %j',
    (returnTo) => {
      expect(checkReturnTo(returnTo, app, OWN)).toBeUndefined()
    },
  )

  test.each([
    undefined,
    '',
    'orders',
    '//evil.test',
    '/\\evil.test',
    'https://evil.test/',
    'https://app.example.com.evil.test/',
    'javascript:alert(1)',
    'myapp://cb',
  ])('passes over %j, which is no place of the app', (returnTo) => {
    expect(checkReturnTo(returnTo, app, OWN)).toBeUndefined()
  })
})

describe('namedOrigins', () => {
  const aliases = ['https://one.example.com', 'https://two.example.com:8443']

  test('are those of signin_success and the aliases, as far as they are web addresses', () => {
    expect(namedOrigins(app)).toEqual(['https://app.example.com', ...aliases])
    expect(namedOrigins(appWith({ 'security.hosturl_aliases': ALIASES }))).toEqual(aliases)
    expect(namedOrigins(appWith({ signin_success: 'myapp://cb' }))).toEqual([])
  })

  test('one is found by its host and port', () => {
    expect(findOriginOn('two.example.com:8443', app)).toBe('https://two.example.com:8443')
    expect(findOriginOn('two.example.com', app)).toBeUndefined()
  })
})

test('an address with letters such as ü is one however often it is asked for', () => {
  const app = () => appWith({ signin_success: 'https://bücher.example/grüße' })
  for (let count = 0; count < 20_000; count += 1)
    expect(isUrl('https://bücher.example/')).toBe(true)
  expect(success(undefined, undefined, app()).url).toBe('https://bücher.example/grüße')
})
