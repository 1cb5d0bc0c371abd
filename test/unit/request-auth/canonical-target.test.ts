import { canonicalPaths } from '../../../src/request-auth/canonical-target'
import { GET, outcome, signWith } from './signers'

describe('S6 what a signature says of the path', () => {
  test('a name with an escape in it verifies when it is encoded twice, and not when it is encoded once', async () => {
    const plain = { ...GET, path: '/v1/_settings/app%253Ax' }
    expect(outcome(await signWith('aws4', plain))).toBe('verified')
    expect(outcome(await signWith('@smithy/signature-v4', plain))).toBe('verified')
    expect(outcome(await signWith('aws4 with doNotEncodePath', plain))).toBe('refused')
  })

  test('a plus that aws4 with doNotEncodePath signs as a space is refused as a plus', async () => {
    const signed = await signWith('aws4 with doNotEncodePath', { ...GET, path: '/v1/a+b' })
    expect(outcome(signed)).toBe('refused')
  })

  test.each([
    ['a path without escapes has one form', '/v1/_settings', ['/v1/_settings']],
    ['an escaped colon has two', '/app%3Ax', ['/app%3Ax', '/app%253Ax']],
    ['a bare colon has two', '/app:x', ['/app:x', '/app%3Ax']],
    ['lower-case digits have three', '/a%3ax', ['/a%3ax', '/a%3Ax', '/a%253ax']],
    ['an escaped slash stays escaped', '/a%2Fb', ['/a%2Fb', '/a%252Fb']],
    ['an escape of an escape counts as encoded twice only', '/a%253Ab', ['/a%25253Ab']],
    ['so does one whose digits are escaped', '/a%25%33Ab', ['/a%2525%2533Ab']],
    ['a lone escaped percent sign is no escape of an escape', '/5%25', ['/5%25', '/5%2525']],
    ['a plus is not a space', '/a+b', ['/a+b', '/a%2Bb']],
    ['dots and slashes stay', '/a//../b/./', ['/a//../b/./']],
  ])('%s', (_, path, forms) => {
    expect(canonicalPaths(path)).toEqual(forms)
  })
})
