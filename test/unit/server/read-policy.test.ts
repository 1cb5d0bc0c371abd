import { parseXml } from '../../../src/server/b2c/parse-xml'
import { readPolicy } from '../../../src/server/b2c/read-policy'

/** As Microsoft's starter pack and its page for Amazon have it. */
function policy(profile: string, more = ''): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<TrustFrameworkPolicy xmlns="http://schemas.microsoft.com/online/cpim/schemas/2013/06" TenantId="shop.onmicrosoft.com"
  PolicyId="B2C_1A_TrustFrameworkExtensions"><!-- ours -->
  <ClaimsProviders>
    <ClaimsProvider><DisplayName>Facebook</DisplayName><TechnicalProfiles>
      <TechnicalProfile Id="Facebook-OAUTH"><Metadata><Item Key="client_id">123</Item></Metadata></TechnicalProfile>
    </TechnicalProfiles></ClaimsProvider>
    <ClaimsProvider>
      <Domain>amazon.com</Domain><DisplayName>Amazon</DisplayName>
      <TechnicalProfiles>
        <TechnicalProfile Id="Amazon-OAuth2">
          <DisplayName>Amazon</DisplayName>
          <Protocol Name="OAuth2" />
          ${profile}
        </TechnicalProfile>${more}
      </TechnicalProfiles>
    </ClaimsProvider>
  </ClaimsProviders>
</TrustFrameworkPolicy>`
}

const METADATA = `<Metadata>
  <Item Key="ProviderName">amazon</Item>
  <Item Key="authorization_endpoint">https://www.amazon.com/ap/oa</Item>
  <Item Key="AccessTokenEndpoint">https://api.amazon.com/auth/o2/token</Item>
  <Item Key="ClaimsEndpoint">https://api.amazon.com/user/profile</Item>
  <Item Key="scope">profile postal_code</Item>
  <Item Key="HttpBinding">POST</Item>
  <Item Key="UsePolicyInRedirectUri">false</Item>
  <Item Key="client_id">amzn1.application-oa2-client.shop</Item>
</Metadata>
<CryptographicKeys><Key Id="client_secret" StorageReferenceId="B2C_1A_AmazonSecret" /></CryptographicKeys>`

const CLAIMS = `<OutputClaims>
  <OutputClaim ClaimTypeReferenceId="issuerUserId" PartnerClaimType="user_id" />
  <OutputClaim ClaimTypeReferenceId="email" PartnerClaimType="email" />
  <OutputClaim ClaimTypeReferenceId="displayName" PartnerClaimType="name" />
  <OutputClaim ClaimTypeReferenceId="identityProvider" DefaultValue="amazon.com" />
  <OutputClaim ClaimTypeReferenceId="zip" PartnerClaimType="postal_code" DefaultValue="00000" />
  <OutputClaim ClaimTypeReferenceId="source" PartnerClaimType="x" DefaultValue="a &amp; b" AlwaysUseDefaultValue="true" />
  <OutputClaim ClaimTypeReferenceId="accessToken" DefaultValue="{oauth2:access_token}" />
  <OutputClaim ClaimTypeReferenceId="sub" PartnerClaimType="user_id" />
</OutputClaims>
<OutputClaimsTransformations><OutputClaimsTransformation ReferenceId="CreateRandomUPNUserName" /></OutputClaimsTransformations>`

test('the profile for Amazon becomes settings, with what cannot come told by name', () => {
  const [read, ...more] = readPolicy(policy(METADATA + CLAIMS))
  expect(more).toEqual([])
  expect(read).toMatchObject({
    id: 'Amazon-OAuth2',
    settings: {
      az_app_id: 'amzn1.application-oa2-client.shop',
      'amazon.scope': 'profile postal_code',
      claims: {
        issuerUserId: 'user_id',
        displayName: 'name',
        identityProvider: { value: 'amazon.com' },
        zip: ['postal_code', { value: '00000' }],
        source: { value: 'a & b' },
      },
    },
  })
  expect(read?.left).toEqual([
    "claim email: needs no mapping; it is Amazon's email here by itself",
    'claim accessToken: "{oauth2:access_token}" is filled in by B2C at each sign-in',
    'claim sub: the setting claims must not set "sub", which this server sets itself',
    expect.stringMatching(/^client_secret: the client secret lies in a policy key/),
    expect.stringMatching(/^OutputClaimsTransformation CreateRandomUPNUserName: /),
  ])
})

test('the same profile in a second place adds to the first', () => {
  const more = `<TechnicalProfile Id="Amazon-OAuth2"><Metadata><Item Key="client_id">other</Item></Metadata></TechnicalProfile>`
  const [read] = readPolicy(policy(METADATA + CLAIMS, more))
  expect(read?.settings).toMatchObject({
    az_app_id: 'other',
    'amazon.scope': 'profile postal_code',
  })
})

test('what is to be filled in is no client id', () => {
  const [read] = readPolicy(
    policy(METADATA.replace('amzn1.application-oa2-client.shop', '{Settings:AmazonId}')),
  )
  expect(read?.settings).not.toHaveProperty('az_app_id')
  expect(read?.left[0]).toContain('client_id: "{Settings:AmazonId}" is filled in elsewhere')
})

test('a policy made to take long does not', () => {
  const braces = '{'.repeat(1_000_000)
  const profiles = '<TechnicalProfile Id="A"/>'.repeat(100_000)
  const document = policy(METADATA.replace('amzn1.application-oa2-client.shop', braces), profiles)
  const begin = performance.now()
  const [read] = readPolicy(document)
  expect(read?.settings).toMatchObject({ az_app_id: braces })
  expect(performance.now() - begin).toBeLessThan(10_000)
})

test('addresses of Amazon in Europe make the region', () => {
  const [read] = readPolicy(policy(METADATA.replaceAll('api.amazon.com', 'api.amazon.co.uk')))
  expect(read?.settings).toMatchObject({ 'amazon.region': 'eu' })
})

test('entities of a document itself are not known, so none can grow or lead anywhere', () => {
  const bomb = '<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c SYSTEM "file:///etc/passwd">]><a>&c;</a>'
  expect(() => parseXml(bomb)).toThrow(/^line 1: /)
  expect(() => parseXml('<a><b></a>')).toThrow(/^line 1: /)
  expect(() => parseXml('<a>'.repeat(70))).toThrow('too deeply')
  expect(() => parseXml('not xml')).toThrow(/^line 1: /)
})

test('a policy without Amazon has none', () => {
  expect(readPolicy(policy('').replaceAll(/amazon/gi, 'google'))).toEqual([])
})
