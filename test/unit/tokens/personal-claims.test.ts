import { personalClaims } from '../../../src/tokens/personal-claims'
import { userClaims } from '../../../src/users/user-claims'
import { parseClaimMapping } from '../../../src/claims/claim-mapping'
import { buildUser } from '../../integration/store/open-store'

const large = Object.fromEntries(
  Array.from({ length: 32 }, (_none, n) => [`claim${n}`, { value: `${n}${'é'.repeat(250)}` }]),
)

test('as many claims of the app as fit go into a token, and the picture makes way for them', () => {
  const user = buildUser({ picture: `https://example.com/${'p'.repeat(500)}` })
  const further = userClaims(user, parseClaimMapping(large)) ?? {}
  expect(Object.keys(further)).toHaveLength(32)
  const claims = personalClaims(user, '', further)
  expect(Buffer.byteLength(JSON.stringify(claims))).toBeLessThan(1_400)
  expect(claims).toMatchObject({ name: 'Ann', email: 'ann@example.com', claim0: expect.anything() })
  expect(claims).not.toHaveProperty('claim31')
  expect(claims).not.toHaveProperty('picture')
})

test('no claim of the app takes the place of one that every user has', () => {
  const mapping = parseClaimMapping({ name: { value: 'x' }, email: { value: 'x' }, other: 'name' })
  expect(userClaims(buildUser(), mapping)).toEqual({ other: 'Ann' })
})

test('what stands for a missing name or email is no source', () => {
  const user = buildUser({ id: '7', name: 'No Name', email: '7@amazon.com' })
  const mapping = parseClaimMapping({ a: 'name', b: 'email', c: ['name', 'user_id'] })
  expect(userClaims(user, mapping)).toEqual({ c: 'amzn1.account.A' })
})

test('a user whom the app’s own back end vouches for has no id of Amazon', () => {
  const mapping = parseClaimMapping({ a: 'user_id', b: { value: 1 } })
  expect(userClaims(buildUser({ identifier: 'ann@example.com' }), mapping)).toEqual({ b: 1 })
})
