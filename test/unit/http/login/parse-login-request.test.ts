import { parseLoginRequest } from '../../../../src/http/login/parse-login-request'
import { requireSound } from '../../../../src/http/read-parameters'
import { refusal, stepsWorld, type Ask } from './steps-world'

const world = stepsWorld()
const parse = async (query: string, ask?: Ask) =>
  parseLoginRequest(await world.open(`/amazon_auth?${query}`, ask))
const encode = encodeURIComponent

describe('state', () => {
  const none = { nonce: undefined, aliasIndex: undefined }

  test.each([
    ['acme', { appId: 'acme', ...none }],
    ['acme|0', { appId: 'acme', nonce: undefined, aliasIndex: 0 }],
    ['acme|12', { appId: 'acme', nonce: undefined, aliasIndex: 12 }],
    ['acme|9999', { appId: 'acme', nonce: undefined, aliasIndex: 9999 }],
    ['acme&#124;1', { appId: 'acme', nonce: undefined, aliasIndex: 1 }],
    ['acme%7C1', { appId: 'acme', nonce: undefined, aliasIndex: 1 }],
    ['acme%7c1', { appId: 'acme', nonce: undefined, aliasIndex: 1 }],
    ['acme~n0nce', { appId: 'acme', nonce: 'n0nce', aliasIndex: undefined }],
    ['acme~a~b', { appId: 'acme', nonce: 'a~b', aliasIndex: undefined }],
    ['acme~a|1', { appId: 'acme', nonce: 'a|1', aliasIndex: undefined }],
    ['acme~', { appId: 'acme', nonce: '', aliasIndex: undefined }],
    ['app:acme~n', { appId: 'acme', nonce: 'n', aliasIndex: undefined }],
    ['~n', { appId: undefined, nonce: 'n', aliasIndex: undefined }],
    ['|1', { appId: undefined, nonce: undefined, aliasIndex: 1 }],
    ['', { appId: undefined, ...none }],
    [' ', { appId: undefined, ...none }],
    [' app:acme ', { appId: 'acme', ...none }],
    ['äöü', { appId: '', ...none }],
    ['ac\0me', { appId: 'acme', ...none }],
    ['__proto__', { appId: '__proto__', ...none }],
  ])('%j is %j', async (state, expected) => {
    const request = await parse(`state=${encode(state)}`)
    expect(request).toMatchObject({ ...expected, stateAppId: expected.appId, spoilt: undefined })
  })

  test.each(['-1', '+1', '1e1', '1.0', '0x1', '١', '', ' 1', '1 ', '0|1', '1~n', '12345', '１'])(
    'a front end %j has no number, and no nonce',
    async (number) => {
      const request = await parse(`state=${encode(`acme|${number}`)}`)
      expect(request).toMatchObject({ appId: 'acme', ...none })
    },
  )

  test('names the app only where appid does not', async () => {
    const both = await parse('appid=zenith&state=acme~n')
    expect(both).toMatchObject({ appId: 'zenith', stateAppId: 'acme', nonce: 'n' })
    expect(await parse('appid=%20&state=acme')).toMatchObject({ appId: 'acme' })
    expect(await parse('appid=acme')).toMatchObject({ appId: 'acme', stateAppId: undefined })
    expect(await parse('appid=%C3%A4&state=acme')).toMatchObject({ appId: '' })
  })
})

test('each parameter is read by its own name', async () => {
  const query =
    'host_url=h&returnto=r&nonce=t&try=l&sent_on=1&code=c&scope=s&error=e&error_description=d&x=y'
  expect(await parse(`state=acme&${query}`)).toEqual({
    appId: 'acme',
    stateAppId: 'acme',
    nonce: undefined,
    aliasIndex: undefined,
    hostUrl: 'h',
    returnTo: 'r',
    tokenNonce: 't',
    tryLink: 'l',
    isSentOn: true,
    code: 'c',
    scope: 's',
    error: 'e',
    isReturn: true,
    wantsJson: false,
    spoilt: undefined,
  })
})

describe('a parameter that cannot be used', () => {
  const NAMES = [
    'code',
    'state',
    'appid',
    'host_url',
    'error',
    'error_description',
    'returnto',
    'nonce',
    'sent_on',
    'try',
  ]

  test.each(NAMES)('%s there twice, or as an array or object, is spoilt', async (name) => {
    for (const query of [
      `${name}=a&${name}=b`,
      `${name}=a&${name}=a`,
      `${name}=&${name}=a`,
      `${name}[]=a`,
      `${name}[0]=a`,
      `${name}[a]=b`,
      `${name}%5B%5D=a`,
      `${name}=a&${name}[]=b`,
      `${name}[]=b&${name}=a`,
    ]) {
      const request = await parse(query)
      expect(request.spoilt).toBe(name)
      expect(Object.values(request)).not.toContain('a')
      expect(Object.values(request)).not.toContain('b')
    }
  })

  test.each(NAMES)(
    '%s in a form is spoilt alike, and beside the same in the query',
    async (name) => {
      for (const form of [{ [name]: ['a'] }, { [name]: { a: 'b' } }, { [`${name}[]`]: 'a' }]) {
        expect(await parse('', { method: 'POST', form })).toMatchObject({ spoilt: name })
      }
      const beside = await parse(`${name}=a`, { method: 'POST', form: { [name]: 'a' } })
      expect(beside.spoilt).toBe(name)
    },
  )

  test.each([
    ['code', 2048],
    ['state', 1024],
    ['appid', 1024],
    ['host_url', 2048],
    ['error', 1024],
    ['error_description', 4096],
    ['nonce', 128],
    ['sent_on', 16],
    ['try', 1024],
  ])('%s of more than %i characters is spoilt', async (name, most) => {
    expect(await parse(`${name}=${'a'.repeat(most)}`)).toMatchObject({ spoilt: undefined })
    const { spoilt, ...request } = await parse(`${name}=${'a'.repeat(most + 1)}`)
    expect(spoilt).toBe(name)
    expect(Object.values(request).join()).not.toContain('aa')
  })

  test('the first of several is told, and refused before anything else is looked at', async () => {
    const request = await parse('state=acme&nonce[]=1&code=1&code=2')
    expect(request.spoilt).toBe('nonce')
    expect(refusal(() => requireSound(request))).toBe('callback_invalid')
    expect(() => requireSound(request)).toThrow(
      expect.objectContaining({ facts: { parameter: 'nonce' } }),
    )
    expect(refusal(() => requireSound({ spoilt: undefined }))).toEqual({ value: undefined })
  })

  test('a page to return to may be of any length, and scopes that are spoilt are passed over', async () => {
    const long = `/${'a'.repeat(9_000)}`
    expect(await parse(`returnto=${long}`)).toMatchObject({ returnTo: long, spoilt: undefined })
    const none = { scope: undefined, spoilt: undefined }
    expect(await parse('scope=a&scope=b')).toMatchObject(none)
    expect(await parse(`scope=${'a'.repeat(1025)}`)).toMatchObject(none)
    expect(await parse(`scope=${'a'.repeat(1024)}`)).toMatchObject({ scope: 'a'.repeat(1024) })
  })

  test('others may be there as often as they like, and names that only look alike', async () => {
    const query = 'x=1&x=2&x[]=3&codes[]=1&xcode=1&xcode=2&x[code]=1&Code=1&Code=2'
    expect(await parse(query)).toMatchObject({ code: undefined, spoilt: undefined })
  })
})

describe('where parameters are read', () => {
  test('a form is read beside the query, and only of a POST', async () => {
    const form = { code: 'c', state: 'acme' }
    expect(await parse('host_url=h', { method: 'POST', form })).toMatchObject({
      code: 'c',
      appId: 'acme',
      hostUrl: 'h',
    })
    expect(await parse('host_url=h', { method: 'GET', form })).toMatchObject({
      code: undefined,
      appId: undefined,
      isReturn: false,
    })
  })

  test.each([undefined, null, 'code=c', 7])('a body that is %j holds none', async (form) => {
    expect(await parse('state=acme', { method: 'POST', form })).toMatchObject({
      appId: 'acme',
      code: undefined,
      spoilt: undefined,
    })
  })

  test('the query ends with the address, and a second question mark is part of a value', async () => {
    expect(await parse('state=acme?code=1')).toMatchObject({ appId: 'acmecode1', code: undefined })
    const attempt = await world.open('/amazon_auth')
    expect(parseLoginRequest(attempt)).toMatchObject({ appId: undefined, isReturn: false })
  })
})

test.each([
  ['', 'GET', false],
  ['state=acme', 'GET', false],
  ['error_description=x', 'GET', false],
  ['code=c', 'GET', true],
  ['code=', 'GET', true],
  ['error=access_denied', 'GET', true],
  ['error=', 'GET', true],
  ['state=acme', 'POST', true],
])('%j by %s comes back from Amazon: %s', async (query, method, isReturn) => {
  expect(await parse(query, { method })).toMatchObject({ isReturn })
})

test('a browser was sent on where it says so, a script takes JSON', async () => {
  expect(await parse('sent_on=1')).toMatchObject({ isSentOn: true, wantsJson: false })
  expect(await parse('sent_on=')).toMatchObject({ isSentOn: true })
  const headers = { accept: 'application/json' }
  expect(await parse('state=acme', { headers })).toMatchObject({ isSentOn: false, wantsJson: true })
})

test('the record of the attempt has what was asked for, and the step behind it', async () => {
  const attempt = await world.open('/amazon_auth?state=acme~n&host_url=h')
  const request = parseLoginRequest(attempt)
  expect(attempt.appId).toBe('acme')
  expect(attempt.asked).toBe(request)
  expect(attempt.steps).toEqual([{ step: 'parse_request', durationMs: expect.any(Number) }])
})
