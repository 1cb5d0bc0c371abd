import { parseClaimMapping } from '../../../src/claims/claim-mapping'
import { mapClaims } from '../../../src/claims/map-claims'

/** As people have it in Azure AD B2C. */
const B2C = {
  issuerUserId: 'user_id',
  displayName: 'name',
  identityProvider: { value: 'amazon.com' },
}
const ADA = { user_id: 'amzn1.account.A', name: 'Ada', email: 'ada@example.com' }

const all = (setting: unknown, fields = {}) =>
  mapClaims(parseClaimMapping(setting), fields, () => true)

test('claims come from fields, under the names of the next system, and from constants', () => {
  expect(all(B2C, ADA)).toEqual({
    issuerUserId: 'amzn1.account.A',
    displayName: 'Ada',
    identityProvider: 'amazon.com',
  })
})

test('of a list the first field that is there and not blank counts, at last a constant', () => {
  const setting = { displayName: ['name', 'email', { value: 'Somebody' }] }
  expect(all(setting, ADA)).toEqual({ displayName: 'Ada' })
  expect(all(setting, { ...ADA, name: ' ' })).toEqual({ displayName: 'ada@example.com' })
  expect(all(setting)).toEqual({ displayName: 'Somebody' })
})

test('a claim whose field is missing is left out', () => {
  expect(all({ zip: 'postal_code', id: 'user_id' }, ADA)).toEqual({ id: 'amzn1.account.A' })
})

test('numbers and flags stay what they are; zero and false are there', () => {
  const fields = { tier: 0, prime: false }
  expect(all({ t: ['tier', 'prime'], p: ['prime', 'tier'], n: { value: 7 } }, fields)).toEqual({
    t: 0,
    p: false,
    n: 7,
  })
})

test('no field is found by the name of a method', () => {
  expect(all({ a: 'constructor', b: 'toString', c: 'hasOwnProperty' }, ADA)).toEqual({})
})

test('a claim may be named by an address, as OpenID Connect recommends', () => {
  expect(all({ 'https://shop.example/zip': 'postal_code' }, { postal_code: '1' })).toEqual({
    'https://shop.example/zip': '1',
  })
})

test.each([
  ['iat'],
  ['exp'],
  ['nbf'],
  ['sub'],
  ['appid'],
  ['jti'],
  ['iss'],
  ['aud'],
  ['identifier'],
  ['idp'],
  ['refresh'],
  ['nonce'],
  ['getCredentials'],
])('the claim %s is the server’s own', (claim) => {
  expect(() => parseClaimMapping({ [claim]: 'name' })).toThrow(`must not set "${claim}"`)
})

test.each([
  'constructor',
  'toString',
  'toLocaleString',
  'valueOf',
  'hasOwnProperty',
  'isPrototypeOf',
  'propertyIsEnumerable',
])('no claim is named %s, as every object has it', (claim) => {
  expect(() => parseClaimMapping({ ok: 'name', [claim]: 'name' })).toThrow(
    `must not set "${claim}"`,
  )
})

test.each([
  ['no object', 'name'],
  ['a list', [B2C]],
  ['null', null],
  ['a constant written as a field', { identityProvider: 'amazon.com' }],
  ['the sign of another notation', { idp2: '=amazon.com' }],
  ['no source', { displayName: [] }],
  ['a blank source', { displayName: '' }],
  ['a number', { displayName: 7 }],
  ['null as a source', { displayName: null }],
  ['an object as a constant', { displayName: { value: {} } }],
  ['a constant that is too long', { displayName: { value: 'x'.repeat(257) } }],
  ['half a character', { displayName: { value: '\ud83d' } }],
  ['more than a constant', { displayName: { value: 'x', else: 'y' } }],
  ['too many sources', { displayName: Array(9).fill('name') }],
  ['a name that is none', { 'display name': 'name' }],
  ['another that a prototype has', { __defineGetter__: 'name' }],
  ['a name that a prototype has', JSON.parse('{"__proto__": "name"}')],
  ['a list in a list', { displayName: [['name']] }],
])('%s is refused, and no value told', (_what, setting) => {
  const parse = () => parseClaimMapping(setting)
  expect(parse).toThrow(/^(must|holds)/)
  expect(parse).not.toThrow(/=amazon\.com|xxxxx|display name/)
})

test('more than 32 claims are refused', () => {
  const claims = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_none, n) => [`claim${n}`, 'name']))
  expect(parseClaimMapping(claims(32)).size).toBe(32)
  expect(() => parseClaimMapping(claims(33))).toThrow('at most 32 claims')
})
