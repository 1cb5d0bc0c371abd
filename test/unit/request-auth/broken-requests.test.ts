import { createHash } from 'node:crypto'
import { inspect } from 'node:util'
import { sign } from 'aws4'
import { AmazonAuthError } from '../../../src/errors'
import { isSigned } from '../../../src/request-auth/signed-request'
import { parseSignature } from '../../../src/request-auth/parse-signature'
import type { SignedRequest } from '../../../src/request-auth/signed-request'
import {
  ACCESS_KEY,
  AMZ_DATE,
  GET,
  headerOf,
  HOST,
  NOW,
  outcome,
  SECRET,
  signWith,
  withHeader,
} from './signers'

const DAY = AMZ_DATE.slice(0, 8)
const SCOPE = `${DAY}/us-east-1/para/aws4_request`
const HEX = 'a'.repeat(64)
const CREDENTIAL = `Credential=app:x/${SCOPE}`
const SIGNED_HEADERS = 'SignedHeaders=host;x-amz-date'
const SIGNATURE = `Signature=${HEX}`

let signed: SignedRequest

beforeAll(async () => {
  signed = await signWith('aws4', GET)
})

const authorization = (...parts: string[]) => `AWS4-HMAC-SHA256 ${parts.join(', ')}`

/** Signed by aws4 with the right secret, for another scope or set of headers. */
function signedOtherwise(
  options: Parameters<typeof sign>[0] & object,
  headers: Readonly<Record<string, string>> = {},
): SignedRequest {
  const request = sign(
    {
      service: 'para',
      region: 'us-east-1',
      host: HOST,
      method: 'GET',
      path: '/v1/_settings',
      headers: { 'X-Amz-Date': AMZ_DATE, ...headers },
      ...options,
    },
    { accessKeyId: ACCESS_KEY, secretAccessKey: SECRET },
  )
  const pairs = Object.entries(request.headers ?? {}).map(
    ([name, value]) => [name, String(value)] as const,
  )
  return { method: 'GET', target: '/v1/_settings', headers: pairs, body: new Uint8Array() }
}

describe('S5 a broken Authorization header', () => {
  test('is refused for what it breaks: the one these are made from verifies with its own signature', () => {
    const whole = authorization(CREDENTIAL, SIGNED_HEADERS, SIGNATURE)
    expect(outcome(withHeader(signed, 'authorization', whole))).toBe('refused')
    const real = whole.replace(HEX, headerOf(signed, 'authorization').slice(-64))
    expect(outcome(withHeader(signed, 'authorization', real))).toBe('verified')
  })

  test.each([
    '',
    'AWS4-HMAC-SHA256',
    'AWS4-HMAC-SHA256 ',
    'AWS4-HMAC-SHA256 , , ',
    'Basic YXBwOng6c2VjcmV0',
    'Bearer abc.def.ghi',
    CREDENTIAL,
    authorization(CREDENTIAL),
    authorization(CREDENTIAL, SIGNED_HEADERS),
    authorization(CREDENTIAL, SIGNATURE),
    authorization(SIGNED_HEADERS, SIGNATURE),
    authorization(SIGNED_HEADERS, CREDENTIAL, SIGNATURE),
    authorization(CREDENTIAL, CREDENTIAL, SIGNED_HEADERS, SIGNATURE),
    authorization(CREDENTIAL, SIGNED_HEADERS, SIGNED_HEADERS, SIGNATURE),
    authorization(CREDENTIAL, SIGNED_HEADERS, SIGNATURE, SIGNATURE),
    `${authorization(CREDENTIAL, SIGNED_HEADERS, SIGNATURE)}, Extra=1`,
    `${authorization(CREDENTIAL, SIGNED_HEADERS, SIGNATURE)},`,
    `x${authorization(CREDENTIAL, SIGNED_HEADERS, SIGNATURE)}`,
    authorization(CREDENTIAL, SIGNED_HEADERS, SIGNATURE).toLowerCase(),
    authorization(CREDENTIAL, SIGNED_HEADERS, SIGNATURE).replaceAll(', ', '; '),
    authorization(CREDENTIAL, SIGNED_HEADERS, SIGNATURE).replaceAll('=', ':'),
    authorization(CREDENTIAL, SIGNED_HEADERS, SIGNATURE).replace('SHA256', 'SHA1'),
    authorization(CREDENTIAL, SIGNED_HEADERS, SIGNATURE).replace('HMAC', 'ECDSA-P256'),
    authorization('Credential=', SIGNED_HEADERS, SIGNATURE),
    authorization('Credential=app:x', SIGNED_HEADERS, SIGNATURE),
    authorization('Credential=app:x/', SIGNED_HEADERS, SIGNATURE),
    authorization(`Credential=/${SCOPE}`, SIGNED_HEADERS, SIGNATURE),
    authorization(`Credential=app x/${SCOPE}`, SIGNED_HEADERS, SIGNATURE),
    authorization(`Credential=a,b/${SCOPE}`, SIGNED_HEADERS, SIGNATURE),
    authorization(`Credential=a\u00a0b/${SCOPE}`, SIGNED_HEADERS, SIGNATURE),
    authorization(CREDENTIAL, 'SignedHeaders=', SIGNATURE),
    authorization(CREDENTIAL, 'SignedHeaders=;', SIGNATURE),
    authorization(CREDENTIAL, 'SignedHeaders=host;;x-amz-date', SIGNATURE),
    authorization(CREDENTIAL, 'SignedHeaders=host;x-amz-date;', SIGNATURE),
    authorization(CREDENTIAL, 'SignedHeaders=;host;x-amz-date', SIGNATURE),
    authorization(CREDENTIAL, 'SignedHeaders=x-amz-date;host', SIGNATURE),
    authorization(CREDENTIAL, 'SignedHeaders=host;host;x-amz-date', SIGNATURE),
    authorization(CREDENTIAL, 'SignedHeaders=Host;X-Amz-Date', SIGNATURE),
    authorization(CREDENTIAL, 'SignedHeaders=host x-amz-date', SIGNATURE),
    authorization(CREDENTIAL, 'SignedHeaders=host,x-amz-date', SIGNATURE),
    authorization(CREDENTIAL, 'SignedHeaders=host;x-amz-date;é', SIGNATURE),
    authorization(CREDENTIAL, 'SignedHeaders=a:b;host;x-amz-date', SIGNATURE),
    authorization(CREDENTIAL, SIGNED_HEADERS, 'Signature='),
    authorization(CREDENTIAL, SIGNED_HEADERS, `Signature=${HEX.slice(1)}`),
    authorization(CREDENTIAL, SIGNED_HEADERS, `Signature=${HEX}a`),
    authorization(CREDENTIAL, SIGNED_HEADERS, `Signature=${HEX.toUpperCase()}`),
    authorization(CREDENTIAL, SIGNED_HEADERS, `Signature=${'g'.repeat(64)}`),
    authorization(CREDENTIAL, SIGNED_HEADERS, `Signature=0x${HEX.slice(2)}`),
    authorization(CREDENTIAL, SIGNED_HEADERS, `Signature=${HEX} x`),
    authorization(`Credential=${'a'.repeat(5000)}/${SCOPE}`, SIGNED_HEADERS, SIGNATURE),
  ])('%s is signature_malformed', (value) => {
    expect(outcome(withHeader(signed, 'authorization', value))).toBe('signature_malformed')
  })

  test.each([
    'app:x',
    'app:x/20240229',
    'app:x/20240229/us-east-1/para',
    'app:x/20240229/us-east-1/para/',
    'app:x/20240229/us-east-1/para/aws4',
    'app:x/20240229/us-east-1/para/AWS4_REQUEST',
    'app:x/20240229/us-east-1/para/aws4_request/',
    'app:x//20240229/us-east-1/para/aws4_request',
    'app:x/y/20240229/us-east-1/para/aws4_request',
    'app:x/20240229/us-east-1/s3/aws4_request',
    'app:x/20240229/eu-west-1/para/aws4_request',
    'app:x/20240229/US-EAST-1/para/aws4_request',
    'app:x/20240228/us-east-1/para/aws4_request',
    'app:x/20240301/us-east-1/para/aws4_request',
    'app:x/2024-02-29/us-east-1/para/aws4_request',
    'app:x/20240229T235930Z/us-east-1/para/aws4_request',
    'app%3Ax%2F20240229%2Fus-east-1%2Fpara%2Faws4_request',
  ])('Credential=%s is refused before its signature is looked at', (credential) => {
    const value = authorization(`Credential=${credential}`, SIGNED_HEADERS, SIGNATURE)
    expect(outcome(withHeader(signed, 'authorization', value))).toMatch(
      /^signature_(invalid|malformed)$/,
    )
  })

  test('two of them, or two of host or x-amz-date, are signature_malformed even when they are alike', () => {
    for (const name of ['authorization', 'host', 'x-amz-date']) {
      const copy = [name.toUpperCase(), headerOf(signed, name)] as const
      expect(outcome({ ...signed, headers: [...signed.headers, copy] })).toBe('signature_malformed')
    }
  })

  test('none at all is signature_malformed', () => {
    expect(outcome(withHeader(signed, 'authorization', undefined))).toBe('signature_malformed')
  })
})

describe('S3, S4, S5 a broken date', () => {
  test('none at all is signature_expired', () => {
    expect(outcome(withHeader(signed, 'x-amz-date', undefined))).toBe('signature_expired')
  })

  test.each([
    '',
    '0',
    '20240229',
    '20240229T235930',
    '20240229T2359Z',
    '20240229T235930z',
    '20240229t235930Z',
    '20240229 235930Z',
    '20240229T235930.000Z',
    '20240229T235930+0000',
    '2024-02-29T23:59:30Z',
    '2024-02-29T23:59:30.000Z',
    'Thu, 29 Feb 2024 23:59:30 GMT',
    '1709251170',
    '20240230T235930Z',
    '20230229T235930Z',
    '20240229T240000Z',
    '20240229T236030Z',
    '20240229T235960Z',
    '20241329T235930Z',
    '20240029T235930Z',
    '20240200T235930Z',
    '+0240229T235930Z',
    '２０２４０２２９T235930Z',
    '20240229T235930Z, 20240229T235930Z',
    '20240229T235930Zx',
    'x20240229T235930Z',
    'NaN',
    'null',
  ])('x-amz-date: %s is signature_malformed', (date) => {
    expect(outcome(withHeader(signed, 'x-amz-date', date))).toBe('signature_malformed')
  })

  test.each(['20240229T234429Z', '20240229T000000Z', '19700101T000000Z', '00000101T000000Z'])(
    'a request signed at %s is too old',
    (date) => {
      const request = signedOtherwise({}, { 'X-Amz-Date': date })
      expect(outcome(request)).toBe('signature_expired')
    },
  )

  test.each(['20240301T000431Z', '20240301T235930Z', '20990101T000000Z', '99991231T235959Z'])(
    'a request signed at %s is too far ahead',
    (date) => {
      const request = signedOtherwise({}, { 'X-Amz-Date': date })
      expect(outcome(request)).toBe('signature_expired')
    },
  )

  test('a Date header does not stand in for x-amz-date', () => {
    const request = withHeader(signed, 'x-amz-date', undefined)
    const dated = withHeader(request, 'date', new Date(NOW).toUTCString())
    expect(outcome(dated)).toBe('signature_expired')
  })

  test('the signature of one day verifies just after midnight', () => {
    const nowMs = Date.parse('2024-03-01T00:05:00Z')
    expect(outcome(signed, { nowMs })).toBe('verified')
  })
})

describe('S8 a signature that covers too little or is for something else', () => {
  test.each([
    ['another service', { service: 's3' }],
    ['another region', { region: 'eu-west-1' }],
    ['no x-amz-date', { extraHeadersToIgnore: { 'x-amz-date': true } }],
    ['no host', { extraHeadersToIgnore: { host: true } }],
  ])('signed with the right secret for %s it is signature_invalid', (_, options) => {
    expect(outcome(signedOtherwise(options))).toBe('signature_invalid')
  })

  test('a signed header that is not there is signature_invalid', () => {
    const request = signedOtherwise({}, { 'X-Note': '' })
    expect(outcome(request)).toBe('verified')
    expect(outcome(withHeader(request, 'x-note', undefined))).toBe('signature_invalid')
    expect(outcome(withHeader(request, 'host', undefined))).toBe('signature_invalid')
  })

  test.each([
    'http://auth.example.com/v1/_settings',
    'v1/_settings',
    '*',
    '',
    '/v1/_settings#x',
    '/v1/_settings\\x',
    '/v1/_settings x',
    '/v1/_settings\n',
    '/v1/_settings\u00e9',
    '/v1/_settings%',
    '/v1/_settings%zz',
    '/v1/_settings?a=%',
    '/v1/_settings?a=%E0%A4%A',
  ])('the request target %j is signature_malformed', (target) => {
    expect(outcome({ ...signed, target })).toBe('signature_malformed')
  })

  test.each(['', 'get', 'GET ', 'GET\n', 'GET\n/v1', 'GÉT'])(
    'the method %j is signature_malformed',
    (method) => {
      expect(outcome({ ...signed, method })).toBe('signature_malformed')
    },
  )
})

describe('S9 x-amz-content-sha256', () => {
  const body = Buffer.from('{"value":1}')
  const hash = createHash('sha256').update(body).digest('hex')

  test('the hash of the body verifies', async () => {
    const request = await signWith('aws4', {
      ...GET,
      body,
      headers: { 'X-Amz-Content-Sha256': hash },
    })
    expect(outcome(request)).toBe('verified')
  })

  test.each([
    'UNSIGNED-PAYLOAD',
    'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    '',
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    hash.toUpperCase(),
    hash.slice(1),
    `${hash},${hash}`,
  ])('%j, signed as it is, is signature_invalid', async (value) => {
    for (const signer of ['aws4', '@smithy/signature-v4']) {
      const headers = { 'X-Amz-Content-Sha256': value }
      const request = await signWith(signer, { ...GET, body, headers })
      expect(outcome(request)).toBe('signature_invalid')
    }
  })
})

describe('S1, S10 whose secret', () => {
  test('without a secret nothing verifies, not even what is signed with an empty one', () => {
    const request = sign(
      {
        service: 'para',
        host: HOST,
        method: 'GET',
        path: '/v1/_settings',
        headers: { 'X-Amz-Date': AMZ_DATE },
      },
      { accessKeyId: ACCESS_KEY, secretAccessKey: '' },
    )
    const value = String(request.headers?.Authorization)
    const parsed = parseSignature(withHeader(signed, 'authorization', value), NOW)
    expect(parsed.verify('')).toBe(false)
    expect(parsed.verify(undefined)).toBe(false)
  })

  test('the access key is given as sent, before anything is proven', () => {
    for (const key of ['app:x', 'x', 'app:app:x', '%61pp:x', '__proto__']) {
      const value = headerOf(signed, 'authorization').replace('app:x', key)
      expect(parseSignature(withHeader(signed, 'authorization', value), NOW).accessKey).toBe(key)
    }
  })

  test('no refusal holds the signature, the access key or the body', () => {
    const request = { ...signed, body: Buffer.from('planted-body') }
    const refusals = [
      () => parseSignature(request, NOW + 1e9),
      () => parseSignature(withHeader(request, 'host', undefined), NOW),
      () => parseSignature(withHeader(request, 'authorization', 'AWS4-planted'), NOW),
    ]
    for (const refuse of refusals) {
      expect(refuse).toThrow(AmazonAuthError)
      try {
        refuse()
      } catch (error) {
        expect(inspect(error, { depth: null })).not.toMatch(/planted|app:x|[0-9a-f]{64}/)
      }
    }
  })
})

describe('what a refusal says', () => {
  const factsOf = (request: SignedRequest, nowMs = NOW): unknown => {
    try {
      return parseSignature(request, nowMs)
    } catch (error) {
      return (error as AmazonAuthError).facts
    }
  }

  test('is the part that is wrong, and how old a request is', () => {
    const elsewhere = headerOf(signed, 'authorization').replace('/para/', '/s3/')
    expect(factsOf({ ...signed, method: 'get' })).toEqual({ part: 'request line' })
    expect(factsOf(withHeader(signed, 'authorization', ''))).toEqual({ part: 'authorization' })
    expect(factsOf(withHeader(signed, 'authorization', elsewhere))).toEqual({ part: 'scope' })
    expect(factsOf(withHeader(signed, 'host', undefined))).toEqual({ part: 'headers' })
    expect(factsOf(withHeader(signed, 'x-amz-content-sha256', 'x'))).toEqual({ part: 'body' })
    expect(factsOf(withHeader(signed, 'x-amz-date', undefined))).toEqual({ part: 'x-amz-date' })
    expect(factsOf(withHeader(signed, 'x-amz-date', 'x'))).toEqual({ part: 'x-amz-date' })
    expect(factsOf(signed, NOW + 901_000)).toEqual({ ageSeconds: 901 })
    const twice = [...signed.headers, ['Host', HOST] as const]
    expect(factsOf({ ...signed, headers: twice })).toEqual({ repeated: 'host' })
  })

  test('is nothing for 900 seconds, nor up to 300 before', () => {
    expect(outcome(signed, { nowMs: NOW + 900_000 })).toBe('verified')
    expect(outcome(signed, { nowMs: NOW + 900_001 })).toBe('signature_expired')
    expect(outcome(signed, { nowMs: NOW - 300_000 })).toBe('verified')
    expect(outcome(signed, { nowMs: NOW - 300_001 })).toBe('signature_expired')
  })

  test('is nothing of commas without a space behind them', () => {
    const tight = headerOf(signed, 'authorization').replaceAll(', ', ',')
    expect(outcome(withHeader(signed, 'authorization', tight))).toBe('verified')
  })
})

describe('isSigned', () => {
  test.each([
    [[['Authorization', 'AWS4-HMAC-SHA256 Credential=x']], true],
    [[['authorization', 'aws4-hmac-sha256']], true],
    [[['AUTHORIZATION', 'AWS4-ECDSA-P256-SHA256 x']], true],
    [
      [
        ['Authorization', 'Bearer x'],
        ['Authorization', 'AWS4-HMAC-SHA256 x'],
      ],
      true,
    ],
    [[['Authorization', 'Bearer AWS4-HMAC-SHA256']], false],
    [[['X-Authorization', 'AWS4-HMAC-SHA256 x']], false],
    [[['Authorization', '']], false],
    [[], false],
  ] as const)('%j: %s', (headers, expected) => {
    expect(isSigned(headers)).toBe(expected)
  })
})
