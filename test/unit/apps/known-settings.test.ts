import { isSecretSetting, KNOWN_SETTINGS } from '../../../src/apps/known-settings'
import { suggestSetting } from '../../../src/apps/suggest-setting'

describe('isSecretSetting', () => {
  test.each([
    'az_secret',
    'app_secret_key',
    'fb_secret',
    'secret',
    'smtp.password',
    'SMTP_PASSWORD',
    'my-api-token',
    'apple.private_key',
    'Token',
    'stripe.secret_key',
  ])('%s is a secret', (name) => {
    expect(isSecretSetting(name)).toBe(true)
  })

  test.each([
    'az_app_id',
    'signin_success',
    'security.strict',
    'tokens',
    'mytoken',
    'password_hint',
    '',
  ])('%j is no secret', (name) => {
    expect(isSecretSetting(name)).toBe(false)
  })
})

test('every known setting has a format that gives back what it has read', () => {
  const samples: Record<string, unknown> = {
    az_app_id: ' id ',
    az_secret: 'secret',
    az_client_ids: ['client.android', ' client.ios '],
    az_device_app_id: ' device ',
    az_device_secret: 'secret',
    signin_success: '/in?jwt=?',
    signin_failure: 'https://shop.example.com/in?cause=?',
    'security.app_schemes': ['MyApp://', 'com.example.app'],
    public_url: 'https://auth.example.com/',
    'security.hosturl_aliases': ['https://a.example', 'http://b.example:8080/'],
    'security.strict': 'yes',
    'security.link_by_email': false,
    session_timeout: '2 hours',
    one_session_per_user: 'off',
    'amazon.region': ' EU ',
    'amazon.scope': 'profile',
    'amazon.voluntary_scope': 'postal_code',
    'amazon.keep_tokens': 'on',
    'amazon.on_revoked': 'sign_out',
    claims: { displayName: ['name', { value: 'Somebody' }], issuerUserId: 'user_id' },
    app_secret_key: '0123456789abcdef0123456789abcdef',
  }
  expect(Object.keys(samples).sort()).toEqual([...KNOWN_SETTINGS.keys()].sort())
  for (const [name, { reads }] of KNOWN_SETTINGS) {
    const read = reads.parse(samples[name])
    expect(reads.parse(read)).toEqual(read)
  }
  expect(KNOWN_SETTINGS.get('session_timeout')?.reads.parse('2 hours')).toBe(7200)
  expect(KNOWN_SETTINGS.get('security.hosturl_aliases')?.reads.parse('https://a.example/, x')).toBe(
    'https://a.example',
  )
})

describe('az_client_ids', () => {
  const format = KNOWN_SETTINGS.get('az_client_ids')?.reads

  test('leaves out, and tells, what cannot be a client id', () => {
    const odd = ['one', 'two words', 'ä', 'x'.repeat(257), 'last']
    expect(format?.parse(odd)).toBe('one,last')
    expect(format?.warn?.(odd)).toHaveLength(3)
    expect(format?.warn?.(odd)[0]).toBe(
      'leaves out "two words": it is no client id, and several are separated by commas',
    )
  })

  test('is not what a name of Amazon’s own for the two keys means', () => {
    expect(suggestSetting('az_client_id')).toBe('az_app_id')
    expect(suggestSetting('az_client_secret')).toBe('az_secret')
    expect(suggestSetting('az_clients_ids')).toBe('az_client_ids')
  })
})
