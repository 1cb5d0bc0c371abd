import { buildScopeData, findScopeProblem, joinScopes } from '../../../src/amazon/scopes'
import { startHost } from '../../support/host'

test.each([
  'profile',
  'profile postal_code',
  ' profile:user_id  postal_code ',
  'profile alexa:all',
  'advertising::campaign_management',
  'sellingpartnerapi::notifications',
])('there is nothing to say of the scopes %j', (scope) => {
  expect(findScopeProblem(scope)).toBeUndefined()
})

test.each([
  ['openid profile', 'OpenID'],
  ['profile,postal_code', 'spaces'],
  ['profile, postal_code', 'spaces'],
  ['profil', '"profil", which is not known'],
  ['email', '"email", which is not known'],
  ['profil email', 'asks for the scopes "profil", "email", which are not known. '],
  ['profil openid email', 'asks for the scopes "profil", "openid", "email", which are not known ('],
  ['a b c d e f g h i j', '"h" and 2 more, which are not known. '],
])('the scopes %j are warned of, with those that are known', (scope, said) => {
  expect(findScopeProblem(scope)).toContain(said)
  expect(findScopeProblem(scope)).toContain('profile, profile:user_id, postal_code')
})

test('what is voluntary is asked for too, and told in scope_data', () => {
  const scopes = joinScopes('profile', ' postal_code  profile ')
  expect(scopes).toEqual({ scope: 'profile postal_code', voluntary: ['postal_code'] })
  expect(buildScopeData(scopes)).toBe(
    '{"profile":{"essential":true},"postal_code":{"essential":false}}',
  )
})

test('without a voluntary scope the list goes out as it was written, and alone', () => {
  const scopes = joinScopes('profile  postal_code', undefined)
  expect(scopes).toEqual({ scope: 'profile  postal_code', voluntary: [] })
  expect(buildScopeData(scopes)).toBeUndefined()
})

test('a scope that Amazon refuses is warned of at the start, and never stops it', async () => {
  const host = await startHost({ options: { amazon: { scope: 'openid profile' } } })
  const warned = host.log.filter(({ message }) => message.startsWith('amazon.scope '))
  expect(warned).toMatchObject([{ level: 'warn', message: expect.stringContaining('OpenID') }])
  const begun = await host.browser().get('/amazon_auth')
  expect(new URL(begun.location).searchParams.get('scope')).toBe('openid profile')
  await host.close()
})
