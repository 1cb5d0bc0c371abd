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

test('a name is cut between characters, at 800 bytes as they stand in JSON', () => {
  const nameOf = (name: string) => personalClaims(buildUser({ name })).name
  expect(nameOf('n'.repeat(798))).toBe('n'.repeat(798))
  expect(nameOf('n'.repeat(799))).toBe('n'.repeat(798))
  expect(nameOf('😀'.repeat(200))).toBe('😀'.repeat(199))
  expect(nameOf('"'.repeat(400))).toBe('"'.repeat(399))
})

test('what does not fit is left out whole, down to the byte, and a nonce takes of the room', () => {
  const bare = { name: 'N', picture: '', identifier: 'i' }
  const emailOf = (length: number, nonce?: string) =>
    personalClaims(buildUser({ ...bare, email: 'e'.repeat(length) }), nonce)
  // Of 1,330: 2 for no nonce, 13 for the identifier, 5 and 2 for the email's name and quotes.
  expect(emailOf(1_308)).toHaveProperty('email')
  expect(emailOf(1_309)).toEqual({ identifier: 'i', name: 'N', picture: '' })
  expect(emailOf(1_298, '0123456789')).toHaveProperty('email')
  expect(emailOf(1_299, '0123456789')).not.toHaveProperty('email')
})
