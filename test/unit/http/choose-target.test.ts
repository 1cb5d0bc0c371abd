import {
  checkReturnTo,
  chooseFailureTarget,
  chooseSuccessTarget,
  placeCause,
  placeToken,
} from '../../../src/http/login/choose-target'
import { appWith } from '../../support/app'

const OWN = 'https://auth.example.org'
const SUCCESS = 'https://app.example.com/in?a=1&jwt=id#top'
const ALIASES =
  'https://one.example.com, https://two.example.com:8443,ftp://no.example.com,myapp://x'
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

  test('returnTo wins over a target without a token, and yields to one with', () => {
    const frontEnd = { hostUrl: undefined, aliasIndex: undefined, ownOrigin: OWN }
    const plain = appWith({ signin_success: '/home' })
    expect(chooseSuccessTarget(plain, frontEnd, '/orders').url).toBe('/orders')
    expect(chooseSuccessTarget(appWith({}), frontEnd, '/orders').url).toBe('/orders')
    expect(chooseSuccessTarget(app, frontEnd, '/orders').url).toBe(SUCCESS)
  })

  test.each(['javascript:alert(1)', '//evil.test', '/\\evil.test', 'data:x', '/a\r\nb'])(
    'S17 a stored signin_success %j is refused with return_url_refused',
    (signinSuccess) => {
      const unsafe = appWith({ signin_success: signinSuccess })
      expect(() => success(undefined, undefined, unsafe)).toThrow(
        expect.objectContaining({ code: 'return_url_refused' }),
      )
    },
  )
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
    expect(chooseFailureTarget(undefined, undefined, '/f')).toEqual({ url: '/f', isOfApp: false })
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

describe('placeToken', () => {
  test.each([
    ['/in?jwt=id', '/in?jwt=T'],
    ['/in?jwt=?', '/in?jwt=T'],
    ['/in?a=1&jwt=id&b=2', '/in?a=1&jwt=T&b=2'],
    ['/in?jwt=?&b=2', '/in?jwt=T&b=2'],
    ['/in?jwt=id#top', '/in?jwt=T#top'],
    ['/in#jwt=id', '/in#jwt=T'],
    ['/in#/route?jwt=id', '/in#/route?jwt=T'],
    ['/in#a=1&jwt=?', '/in#a=1&jwt=T'],
    ['https://[::1]:8443/in?jwt=id', 'https://[::1]:8443/in?jwt=T'],
    ['https://x.test:81/in?x=%20&jwt=id', 'https://x.test:81/in?x=%20&jwt=T'],
    ['myapp://cb?jwt=id', 'myapp://cb?jwt=T'],
    ['/in?jwt=identity', '/in?jwt=identity'],
    ['/in?jwt=ID', '/in?jwt=ID'],
    ['/in?jwt=idx&y=1', '/in?jwt=idx&y=1'],
    ['/in?xjwt=id', '/in?xjwt=id'],
    ['/in?my-jwt=id', '/in?my-jwt=id'],
    ['/jwt=id', '/jwt=id'],
    ['/in?jwt=', '/in?jwt='],
    ['/in?jwt=id.x', '/in?jwt=id.x'],
    ['/in?a=jwt=id', '/in?a=jwt=id'],
  ])('J11 %s becomes %s', (url, expected) => {
    expect(placeToken(url, 'T')).toBe(expected)
  })

  test('a token is placed as it is, whatever signs it holds', () => {
    expect(placeToken('/in?jwt=id', "a$&b$'c")).toBe("/in?jwt=a$&b$'c")
  })
})

test('placeCause fills cause=? with the message, percent-encoded, and leaves the rest alone', () => {
  expect(placeCause('/f?error&cause=?', 'Bad & "x"?')).toBe('/f?error&cause=Bad%20%26%20%22x%22%3F')
  expect(placeCause('/f?error', 'Bad')).toBe('/f?error')
  expect(placeCause('/f?because=?', 'Bad')).toBe('/f?because=?')
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
})
