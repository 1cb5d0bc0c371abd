import {
  describeSettings,
  type DescribeDeps,
  type DescribedSetting,
} from '../../../src/apps/describe-settings'
import { KNOWN_SETTINGS } from '../../../src/apps/known-settings'
import { sealSettings } from '../../../src/apps/seal-settings'
import type { SettingValues } from '../../../src/apps/settings'
import { createSealer } from '../../../src/crypto/sealer'

const sealer = createSealer(() => ['the-master-key-of-this-test-0123456789'], 'secrets')
const otherSealer = createSealer(() => ['another-master-key-of-this-test-0123456'], 'secrets')

function describeThese(
  stored: SettingValues,
  deps: Partial<DescribeDeps> = {},
): (name: string) => DescribedSetting {
  const records = sealSettings('shop', stored, deps.sealer ?? sealer)
  const described = describeSettings('shop', records, {
    configured: {},
    originOf: (name) => `application.conf:${name.length}`,
    forAll: () => undefined,
    host: {},
    ...deps,
    sealer,
  })
  return (name) => {
    const found = described.find((setting) => setting.name === name)
    if (found === undefined) throw new Error(`${name} is not described`)
    return found
  }
}

test('every setting with a meaning is described once, in the order of the table, and others by name behind them', () => {
  const records = sealSettings('shop', { zeta: 1, alpha: { deep: true } }, sealer)
  const described = describeSettings('shop', records, {
    sealer,
    configured: {},
    originOf: () => undefined,
    forAll: () => undefined,
    host: {},
  })
  expect(described.map(({ name }) => name)).toEqual([...KNOWN_SETTINGS.keys(), 'alpha', 'zeta'])
  expect(described.at(-1)).toMatchObject({ known: undefined, stored: { value: 1 } })
})

test('what is in force is told with where it comes from: stored, this app, all apps, or a default', () => {
  const of = describeThese(
    { signin_success: '/stored', session_timeout: 'never' },
    {
      configured: { signin_success: '/file', signin_failure: '/oops' },
      forAll: (name) =>
        name === 'session_timeout'
          ? { value: 86_400, origin: undefined }
          : name === 'amazon.scope'
            ? { value: 'profile', origin: 'environment para_amazon_scope' }
            : undefined,
    },
  )
  expect(of('signin_success')).toMatchObject({
    stored: { value: '/stored', isUnreadable: false },
    inForce: { value: '/stored', source: { from: 'stored' } },
    beneath: { value: '/file', source: { from: 'app', origin: 'application.conf:14' } },
  })
  expect(of('signin_failure').inForce).toEqual({
    value: '/oops',
    source: { from: 'app', origin: 'application.conf:14' },
  })
  expect(of('session_timeout')).toMatchObject({
    stored: { value: 'never' },
    inForce: { value: 86_400, source: { from: 'default' } },
    remarks: [{ setting: 'session_timeout' }],
  })
  expect(of('amazon.scope').inForce?.source).toEqual({
    from: 'all',
    origin: 'environment para_amazon_scope',
  })
  expect(of('public_url')).toMatchObject({ stored: undefined, inForce: undefined })
})

test('strict for all apps is in force whatever the app has stored', () => {
  const forAll = (name: string) =>
    name === 'security.strict' ? { value: true, origin: 'application.conf:1' } : undefined
  const of = describeThese({ 'security.strict': false }, { forAll })
  expect(of('security.strict').inForce).toEqual({
    value: true,
    source: { from: 'all', origin: 'application.conf:1' },
  })
})

test('a secret is masked in every place, its version tells nothing, and one that no key opens is told', () => {
  const secrets = { az_secret: 'planted-secret', my_password: 'planted-secret' }
  const of = describeThese(secrets, { configured: { app_secret_key: 'planted-secret-long' } })
  const readable = of('az_secret')
  expect(readable).toMatchObject({ isSecret: true, stored: { value: '********' } })
  for (const name of ['az_secret', 'my_password', 'app_secret_key']) {
    expect(JSON.stringify(of(name))).not.toContain('planted')
  }
  expect(describeThese(secrets)('az_secret').stored?.version).not.toBe(readable.stored?.version)
  const broken = describeThese(secrets, { sealer: otherSealer })
  expect(broken('az_secret').stored).toMatchObject({ value: '********', isUnreadable: true })
})

test("what Para calls it stands under Para's name where it is stored so", () => {
  const of = describeThese({ 'security.one_session_per_user': false })
  expect(of('security.one_session_per_user')).toMatchObject({
    known: 'one_session_per_user',
    inForce: { value: false, source: { from: 'stored' } },
  })
  expect(() => of('one_session_per_user')).toThrow('not described')
})
