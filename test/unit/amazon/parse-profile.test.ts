import { parseProfile } from '../../../src/amazon/parse-profile'
import { grantedScopes, joinScopes } from '../../../src/amazon/scopes'

const ADA = { user_id: 'amzn1.account.A', name: 'Ada', email: 'ada@example.com' }

test('further fields are kept by their names, as text, numbers, true and false', () => {
  const sent = { ...ADA, locale: 'de_DE', prime: true, age: 36, postal_code: 98101 }
  expect(parseProfile(sent)).toEqual({
    userId: ADA.user_id,
    name: 'Ada',
    email: ADA.email,
    postalCode: '98101',
    further: { locale: 'de_DE', prime: true, age: 36 },
  })
})

test('the older, nested form has further fields too', () => {
  const Profile = { CustomerId: ADA.user_id, Name: 'Ada', PostalCode: 10115, Locale: 'de' }
  expect(parseProfile({ Profile, request_id: 'x' })).toEqual({
    userId: ADA.user_id,
    name: 'Ada',
    postalCode: '10115',
    further: { Locale: 'de' },
  })
})

test.each([
  ['an object', { address: { city: 'x' } }],
  ['a list', { roles: ['x'] }],
  ['null', { nothing: null }],
  ['blank text', { blank: ' ' }],
  ['long text', { long: 'x'.repeat(257) }],
  ['half a character', { half: '\ud83d' }],
  ['NUL', { nul: 'a\0b' }],
  ['what is named like a secret', { access_token: 'x' }],
  ['a token of Amazon’s', { note: 'Atza|x' }],
  ['a name with a dot', { 'a.b': 'x' }],
  ['the name of a prototype', JSON.parse('{"__proto__": "x"}')],
])('%s is no field that is kept', (_what, more) => {
  expect(parseProfile({ ...ADA, ...(more as object) })).not.toHaveProperty('further')
})

test('no more than 16 further fields are kept, of 2,048 characters in all', () => {
  const many = Object.fromEntries(Array.from({ length: 40 }, (_none, n) => [`field${n}`, n]))
  expect(Object.keys(parseProfile({ ...ADA, ...many }).further ?? {})).toHaveLength(16)
  const large = Object.fromEntries(
    Array.from({ length: 16 }, (_none, n) => [`field${n}`, 'x'.repeat(256)]),
  )
  const { further } = parseProfile({ ...ADA, ...large })
  expect(JSON.stringify(further).length).toBeLessThan(2_200)
})

const asked = joinScopes('profile', 'postal_code')
const whole = parseProfile({ ...ADA, postal_code: '98101' })
const bare = parseProfile({ user_id: ADA.user_id })

test.each([
  ['what shows is granted, whatever the return says', whole, '', ['profile', 'postal_code']],
  [
    'what shows is all that is known without a return',
    whole,
    undefined,
    ['profile', 'postal_code'],
  ],
  [
    'what the return names is taken, as far as it was asked for',
    bare,
    'profile alexa:all',
    ['profile'],
  ],
  ['nothing but the id', bare, undefined, ['profile:user_id']],
  ['nothing that was asked for', bare, 'alexa:all', ['profile:user_id']],
] as const)('granted scopes: %s', (_fact, profile, returned, scopes) => {
  expect(grantedScopes(profile, asked, returned)).toEqual(scopes)
})

test('a scope that shows without being asked for is told', () => {
  expect(grantedScopes(whole, joinScopes('profile:user_id', undefined), 'x')).toEqual([
    'profile',
    'postal_code',
  ])
})
