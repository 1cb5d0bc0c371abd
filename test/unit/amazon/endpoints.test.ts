import { areAllOverridden, buildEndpoints } from '../../../src/amazon/endpoints'

test.each([
  ['na', 'https://www.amazon.com/ap/oa', 'https://api.amazon.com'],
  ['eu', 'https://eu.account.amazon.com/ap/oa', 'https://api.amazon.co.uk'],
  ['fe', 'https://apac.account.amazon.com/ap/oa', 'https://api.amazon.co.jp'],
] as const)('the region %s has hosts of its own', (region, authorize, origin) => {
  expect(buildEndpoints(region)).toMatchObject({
    region,
    authorize,
    token: { origin, path: '/auth/o2/token' },
    profile: { origin, path: '/user/profile' },
    tokenInfo: { origin, path: '/auth/o2/tokeninfo' },
    codePair: { origin, path: '/auth/o2/create/codepair' },
  })
})

test('an address of the operator wins over the region, and each over the base', () => {
  const own = { apiUrl: 'https://gateway.example/lwa/', profileUrl: 'https://profile.example/me' }
  expect(buildEndpoints('eu', own)).toMatchObject({
    authorize: 'https://eu.account.amazon.com/ap/oa',
    token: { origin: 'https://gateway.example', path: '/lwa/auth/o2/token' },
    profile: { origin: 'https://profile.example', path: '/me' },
    codePair: { origin: 'https://gateway.example', path: '/lwa/auth/o2/create/codepair' },
  })
})

test('the token host of another region may be named alone', () => {
  const own = { tokenUrl: 'https://api.amazon.com/auth/o2/token' }
  const { authorize, token, profile } = buildEndpoints('eu', own)
  expect(authorize).toBe('https://eu.account.amazon.com/ap/oa')
  expect(token.origin).toBe('https://api.amazon.com')
  expect(profile.origin).toBe('https://api.amazon.co.uk')
})

test('an issuer counts in its own region, and anywhere once the operator names the host', () => {
  expect(buildEndpoints('eu').issuers).toContain('https://www.amazon.de')
  expect(buildEndpoints('fe').issuers).not.toContain('https://www.amazon.de')
  for (const region of ['na', 'eu', 'fe'] as const) {
    expect(buildEndpoints(region).issuers).toContain('https://www.amazon.com')
  }
  const own = buildEndpoints('na', { apiUrl: 'https://api.amazon.co.uk' })
  expect(own.issuers).toContain('https://www.amazon.co.uk')
})

test('a region makes no difference where every address is named', () => {
  const each = { tokenUrl: 'x', profileUrl: 'x', tokeninfoUrl: 'x', codepairUrl: 'x' }
  expect(areAllOverridden({ authorizeUrl: 'x', apiUrl: 'x' })).toBe(true)
  expect(areAllOverridden({ authorizeUrl: 'x', ...each })).toBe(true)
  expect(areAllOverridden({ authorizeUrl: 'x', ...each, codepairUrl: undefined })).toBe(false)
  expect(areAllOverridden({ apiUrl: 'x' })).toBe(false)
})
