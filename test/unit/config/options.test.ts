import { loadConfig } from '../../../src/config/load-config'
import { overridesFromOptions, type ConfigOptions } from '../../../src/config/options'

function configure(options: ConfigOptions) {
  return loadConfig({ environment: {}, overrides: overridesFromOptions(options) })
}

/** As a program in JavaScript calls it. */
function refuse(options: unknown, others?: readonly string[]): () => unknown {
  return () => overridesFromOptions(options as ConfigOptions, others)
}

test('options reach the configuration by their camel-cased names', async () => {
  const { config, origins } = await configure({
    config: 'application.conf',
    appName: 'main',
    port: 0,
    azAppId: 'id',
    azSecret: 's',
    publicUrl: 'https://auth.example.com',
    jwtExpiresAfter: '2 hours',
    secretKey: ['kP3v9Qx7Lm2Wz8Rt5Yb1Nc6Hd4Jf0Gs-1'],
    security: { signinSuccess: '/in', hosturlAliases: ['https://a.example'], strict: true },
    amazon: { apiUrl: 'http://127.0.0.1:4010', timeout: '1s' },
    store: { url: 'sqlite::memory:' },
    session: { idleTimeout: 60 },
    apps: {
      shop: {
        azAppId: 'shop-id',
        azSecret: 'shop-s',
        security: { hosturlAliases: ['https://b.example'], linkByEmail: true },
        sessionTimeout: '1 hour',
        shop_theme: { color: 'red' },
        shop_limit: undefined,
      },
    },
  })
  expect(config).toMatchObject({
    appName: 'main',
    port: 0,
    azAppId: 'id',
    publicUrl: 'https://auth.example.com',
    jwtExpiresAfter: 7200,
    secretKey: ['kP3v9Qx7Lm2Wz8Rt5Yb1Nc6Hd4Jf0Gs-1'],
    security: { signinSuccess: '/in', hosturlAliases: ['https://a.example'], strict: true },
    amazon: { apiUrl: 'http://127.0.0.1:4010', timeout: 1000 },
    store: { url: 'sqlite::memory:' },
    session: { idleTimeout: 60 },
  })
  expect({ ...config.apps.shop }).toEqual({
    az_app_id: 'shop-id',
    az_secret: 'shop-s',
    'security.hosturl_aliases': 'https://b.example',
    'security.link_by_email': true,
    session_timeout: 3600,
    shop_theme: { color: 'red' },
  })
  expect(origins.get('para.security.signin_success')).toBe('option security.signinSuccess')
  expect(origins.get('para.apps.shop.session_timeout')).toBe('option apps.shop.sessionTimeout')
})

test('no options, and options that are undefined, change nothing', () => {
  const { values, apps } = overridesFromOptions({
    port: undefined,
    security: { strict: undefined },
  })
  expect(values.size + apps.size).toBe(0)
})

test.each<[unknown, string]>([
  [{ azSecert: 'x' }, 'amazonAuth: option "azSecert" is not known. Did you mean "azSecret"?'],
  [{ az_secret: 'x' }, 'amazonAuth: option "az_secret" is not known. Did you mean "azSecret"?'],
  [
    { signinSuccess: '/' },
    'amazonAuth: option "signinSuccess" is not known. Did you mean "security.signinSuccess"?',
  ],
  [
    { security: { strct: true } },
    'amazonAuth: option "security.strct" is not known. Did you mean "security.strict"?',
  ],
  [{ colour: 'red' }, 'amazonAuth: option "colour" is not known.'],
  [{ onLogn: 1 }, 'amazonAuth: option "onLogn" is not known. Did you mean "onLogin"?'],
  [{ port: 'http' }, 'amazonAuth: option "port" must be a whole number from 0 to 65535'],
  [{ security: 'strict' }, 'amazonAuth: option "security" must be an object'],
  [
    { store: 'postgres://me:planted@h/d' },
    `amazonAuth: option "store" must be an object, such as { url: 'sqlite::memory:' }`,
  ],
  [{ security: 7 }, 'amazonAuth: option "security" must be an object'],
  [{ azAppId: 5.5 }, 'amazonAuth: option "azAppId" must be text (in quotes)'],
  [{ config: 5 }, 'amazonAuth: option "config" must be a path'],
  ['application.conf', 'amazonAuth: option "options" must be an object'],
  [{ apps: ['shop'] }, 'amazonAuth: option "apps" must be an object'],
  [{ apps: { shop: 5 } }, 'amazonAuth: option "apps.shop" must be an object'],
  [{ apps: { '?': {} } }, 'amazonAuth: option "apps.?" must hold a letter, digit, "-", "_" or "."'],
  [
    { apps: { a: { azSecert: 'x' } } },
    'amazonAuth: option "apps.a.azSecert" is not known. Did you mean "apps.a.azSecret"?',
  ],
  [
    { apps: { a: { security: { strict: 'maybe' } } } },
    'amazonAuth: option "apps.a.security.strict" must be true or false',
  ],
])('%j is a TypeError: %s', (options, message) => {
  expect(refuse(options, ['onLogin'])).toThrow(new TypeError(message))
})

test('an option that others read is passed over', () => {
  expect(
    overridesFromOptions({ onLogin: () => undefined } as ConfigOptions, ['onLogin']).values.size,
  ).toBe(0)
})

test('a message never holds the value', () => {
  expect(refuse({ rootSecretKey: 'planted' })).toThrow(
    new TypeError('amazonAuth: option "rootSecretKey" must have at least 32 characters'),
  )
})
