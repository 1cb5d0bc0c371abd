import type { SignedRequest } from '../../../src/request-auth/signed-request'
import { AMZ_DATE, GET, headerOf, outcome, signWith, withHeader } from './signers'

const CREDENTIAL = `Credential=app:x/${AMZ_DATE.slice(0, 8)}/us-east-1/para/aws4_request`
const SIGNED_HEADERS = 'SignedHeaders=host;x-amz-date'
const SIGNATURE = `Signature=${'a'.repeat(64)}`
const authorization = (...parts: string[]) => `AWS4-HMAC-SHA256 ${parts.join(', ')}`

let signed: SignedRequest
beforeAll(async () => {
  signed = await signWith('aws4', GET)
})

describe('100 kB of one thing', () => {
  const long = (text: string) => text.repeat(Math.ceil(100_000 / text.length))

  test.each([' ', ',', ';', '/', '=', 'a', 'app:', ', ', 'Credential=', 'a;', '\t', 'é', '0'])(
    'of %j in each header is refused',
    (text) => {
      const headers = headerOf(signed, 'authorization').replace('host;', 'host;x-a;')
      const values = [
        long(text),
        `AWS4-HMAC-SHA256 ${long(text)}`,
        authorization(`Credential=${long(text)}`, SIGNED_HEADERS, SIGNATURE),
        authorization(CREDENTIAL, `SignedHeaders=${long(text)}`, SIGNATURE),
        authorization(CREDENTIAL, SIGNED_HEADERS, `Signature=${long(text)}`),
      ]
      for (const value of values) {
        expect(outcome(withHeader(signed, 'authorization', value))).toBe('signature_malformed')
      }
      expect(outcome(withHeader(signed, 'x-amz-date', long(text)))).toBe('signature_malformed')
      const covered = withHeader(signed, 'authorization', headers)
      expect(outcome(withHeader(covered, 'x-a', `${long(text)}x${long(text)}`))).not.toBe(
        'verified',
      )
    },
  )

  test.each(['/', '%25', '=', '+', 'a=&', '%2F', '../', '?', '&a'])(
    'of %j in the request target is refused',
    (text) => {
      for (const target of [`/${long(text)}`, `/v1/_settings?${long(text)}`]) {
        expect(outcome({ ...signed, target })).toBe('refused')
      }
    },
  )
})
