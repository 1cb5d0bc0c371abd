import type { Config } from '../../../src/config/config'
import { ConfigError } from '../../../src/config/config-error'
import { loadConfig, type ConfigSources } from '../../../src/config/load-config'
import { overridesFromOptions } from '../../../src/config/options'
import type { LoadedConfig } from '../../../src/config/resolve-config'
import {
  environmentVariable,
  PLACED_KEYS,
  WRITTEN_NAMES,
  findKey,
} from '../../../src/config/key-names'
import { parseStoreUrl } from '../../../src/store/store-url'

const SECRET = 'kP3v9Qx7Lm2Wz8Rt5Yb1Nc6Hd4Jf0Gs-'

function load(text: string, more: ConfigSources = {}): Promise<LoadedConfig> {
  return loadConfig({ file: 'application.conf', text, environment: {}, ...more })
}

async function configOf(text: string, more?: ConfigSources): Promise<Config> {
  return (await load(text, more)).config
}

async function errorOf(text: string, more?: ConfigSources): Promise<ConfigError> {
  const error: unknown = await load(text, more).catch((reason: unknown) => reason)
  if (!(error instanceof ConfigError)) throw new Error(`no ConfigError but ${String(error)}`)
  return error
}

async function warningsOf(text: string, more?: ConfigSources): Promise<readonly string[]> {
  return (await load(text, more)).warnings
}

describe('layers', () => {
  test('nothing configured gives the defaults, each with the origin default', async () => {
    const { config, origins, warnings } = await loadConfig({ environment: {} })
    expect(config).toEqual({
      appName: 'para',
      port: 8080,
      host: undefined,
      trustProxy: ['loopback', 'linklocal', 'uniquelocal'],
      shutdown: { delay: 0 },
      env: 'development',
      publicUrl: undefined,
      azAppId: undefined,
      azSecret: undefined,
      security: {
        signinSuccess: '/',
        signinFailure: '/signin?error',
        hosturlAliases: [],
        strict: false,
        linkByEmail: false,
        corsOrigins: [],
      },
      returntoCookie: 'para-returnto',
      jwtExpiresAfter: 86_400,
      idTokenExpiresAfter: 60,
      oneSessionPerUser: true,
      rootSecretKey: undefined,
      secretKey: [],
      amazon: {
        region: 'na',
        scope: 'profile',
        keepTokens: false,
        onRevoked: 'keep',
        timeout: 5000,
      },
      store: {
        url: 'sqlite:data/amazon-auth.db',
        poolSize: 10,
        connectTimeout: 1500,
        timeout: 2000,
      },
      session: {
        storeUrl: undefined,
        secret: undefined,
        cookieName: 'amazon-auth',
        loginCookieName: 'amazon-login',
        keep: false,
        idleTimeout: 86_400,
        absoluteTimeout: 2_592_000,
      },
      limits: {
        failuresPerMinute: 1000,
        badSignaturesPerMinute: 20,
        loginsPerMinute: 0,
        openDevicesPerApp: 10_000,
        openDevicesPerAddress: 100,
      },
      admin: { path: '/admin', identifiers: [], idleTimeout: 1800 },
      audit: { retention: 7_776_000 },
      stats: { retention: 94_608_000 },
      webhooks: { allowPrivate: [], retention: 259_200, maxWaiting: 100_000 },
      apps: {},
    })
    expect(new Set(origins.values())).toEqual(new Set(['default']))
    expect(warnings).toEqual([])
  })

  test('code wins over the environment, the environment over the file', async () => {
    const text = 'para { app_name = file, port = 1, env = test }'
    const environment = { para_app_name: 'environment', para_port: '2' }
    const overrides = overridesFromOptions({ appName: 'code' })
    const { config, origins } = await load(text, { environment, overrides })
    expect(config).toMatchObject({ appName: 'code', port: 2, env: 'test' })
    expect(origins.get('para.app_name')).toBe('option appName')
    expect(origins.get('para.port')).toBe('environment para_port')
    expect(origins.get('para.env')).toBe('application.conf:1')
    expect(origins.get('para.host')).toBe('default')
  })

  describe('of keys that speak of one thing', () => {
    const KEY = 'secret_key = "kP3v9Qx7Lm2Wz8Rt5Yb1Nc6Hd4Jf0Gs-1"'
    const WHOLE = 'host = old, port = 1, user = u, password = planted, database = d, ssl = require'
    type Case = [what: string, text: string, environment: object, code: object, result: object]
    const inStore = (url: string): object => ({ store: { url } })

    test.each<Case>([
      [
        'the store address of the environment takes no part of it from the file',
        `para { ${KEY}, store { ${WHOLE} } }`,
        { para_store_url: 'sqlite:new.db' },
        {},
        inStore('sqlite:new.db'),
      ],
      [
        'a PostgreSQL of the environment takes no password from the file',
        `para { ${KEY}, store { ${WHOLE} } }`,
        { para_store_url: 'postgres://me@new/auth' },
        {},
        inStore('postgres://me@new/auth'),
      ],
      [
        'a host of the environment takes nothing from the address in the file',
        `para { ${KEY}, store.url = "postgres://u:planted@old:1/d?sslmode=require" }`,
        { para_store_host: 'new', para_store_user: 'me', para_store_database: 'auth' },
        {},
        inStore('postgres://me@new/auth'),
      ],
      [
        'a password of the environment completes the address in the file',
        `para { ${KEY}, store.url = "postgres://u@old/d" }`,
        { para_store_password: 'pw' },
        {},
        inStore('postgres://u:pw@old/d'),
      ],
      [
        'a store in code takes nothing from environment and file',
        `para { ${KEY}, store { ${WHOLE} } }`,
        { para_store_user: 'planted', para_store_port: '7' },
        { store: { url: 'postgres://me@new/auth' } },
        inStore('postgres://me@new/auth'),
      ],
      [
        'keys of Amazon in code take none from the environment',
        'para.az_secret = planted',
        { para_az_app_id: 'planted', para_az_secret: 'planted' },
        { azAppId: 'new', azSecret: 'own' },
        { azAppId: 'new', azSecret: 'own' },
      ],
      [
        "an app's keys of Amazon in the environment replace those of the file",
        'para.apps.shop { az_app_id = planted, az_secret = planted }',
        { para_apps_shop_az_app_id: 'new', para_apps_shop_az_secret: 'own' },
        {},
        { apps: { shop: { az_app_id: 'new', az_secret: 'own' } } },
      ],
      [
        "an app's secret of the environment completes the client id of the file",
        'para.apps.shop.az_app_id = old',
        { para_apps_shop_az_secret: 'own' },
        {},
        { apps: { shop: { az_app_id: 'old', az_secret: 'own' } } },
      ],
      [
        'an empty option names nothing',
        'para { az_app_id = old, az_secret = own }',
        {},
        { azAppId: '', store: { host: '' } },
        { azAppId: 'old', azSecret: 'own' },
      ],
      [
        'where sessions are kept is said by the strongest layer alone',
        'para.session.store_url = "redis://planted:planted@old:1/2"',
        { para_session_store_url: 'redis://new' },
        {},
        { session: { storeUrl: 'redis://new' } },
      ],
    ])('%s', async (_what, text, environment, code, result) => {
      const overrides = overridesFromOptions(code)
      const { config } = await load(text, { environment: { ...environment }, overrides })
      expect(config).toMatchObject(result)
    })

    test.each([
      [
        'para { az_app_id = old, az_secret = planted }',
        { para_az_app_id: 'new' },
        'para.az_app_id',
      ],
      [
        'para.apps.shop { az_app_id = old, az_secret = planted }',
        { para_apps_shop_az_app_id: 'new' },
        'para.apps.shop.az_app_id',
      ],
    ])('%s is not completed by the secret of another client id', async (text, environment, key) => {
      const { problems } = await errorOf(text, { environment: { ...environment } })
      expect(problems).toEqual([
        expect.objectContaining({ key, problem: expect.stringMatching(/^needs .*az_secret too/) }),
      ])
    })

    test('a value that is lost in this way is warned of, by its place and what has replaced it', async () => {
      const environment = { para_store_url: 'sqlite:new.db' }
      expect(await warningsOf(`para.store.host = planted`, { environment })).toEqual([
        'para.store.host (application.conf:1) has no effect, since para.store.url (environment para_store_url) replaces what it belongs to',
      ])
      expect(await warningsOf(`para.store.url = "sqlite:old.db"`, { environment })).toEqual([])
    })
  })

  test('dots of a key are underscores in its variable', async () => {
    const environment = { para_security_signin_success: '/in', para_amazon_timeout: '2s' }
    const config = await configOf('', { environment })
    expect(config.security.signinSuccess).toBe('/in')
    expect(config.amazon.timeout).toBe(2000)
  })

  test('an empty variable, null and an empty secret mean: not set', async () => {
    const text = 'para { port = 1, az_app_id = "", az_secret = "", host = null, secret_key = "" }'
    const config = await configOf(text, { environment: { para_port: '' } })
    expect(config).toMatchObject({ port: 1, azAppId: undefined, host: undefined, secretKey: [] })
  })

  test('blank text means: not set, for every key and in every place', async () => {
    const names = Array.from(PLACED_KEYS.keys())
    const blank = names.map((name) => `para.${name} = " "`)
    const environment = Object.fromEntries(names.map((name) => [environmentVariable(name), '']))
    const ofApp = 'para.apps.shop { az_app_id = "", session_timeout = " ", signin_success = "" }'
    const loaded = await load([ofApp, ...blank].join('\n'), { environment })
    const defaults = await load('para.apps.shop {}')
    expect(loaded.config).toEqual(defaults.config)
    expect(loaded.origins).toEqual(defaults.origins)
    expect(loaded.warnings).toEqual([])
  })

  test('blank text in code leaves what weaker places say', async () => {
    const overrides = overridesFromOptions({
      amazon: { scope: '', timeout: ' ' },
      security: { corsOrigins: '' },
      apps: { shop: { azAppId: '', azSecret: '', signinSuccess: '' } },
    })
    const text = [
      'para.amazon.timeout = 7',
      'para.security.cors_origins = "https://a.example"',
      'para.apps.shop { az_app_id = id, az_secret = own, signin_success = "/in" }',
    ].join('\n')
    const environment = { para_amazon_scope: 'profile:user_id' }
    expect(await configOf(text, { environment, overrides })).toMatchObject({
      amazon: { scope: 'profile:user_id', timeout: 7 },
      security: { corsOrigins: ['https://a.example'] },
      apps: { shop: { az_app_id: 'id', az_secret: 'own', signin_success: '/in' } },
    })
  })

  test('the result cannot be changed, at any depth', async () => {
    const config = await configOf('para.apps.a.custom { list = [{ x = 1 }] }')
    const parts = [config, config.security, config.apps, config.apps.a, config.secretKey]
    expect(parts.every(Object.isFrozen)).toBe(true)
    expect(() => Object.assign(config.amazon, { apiUrl: 'x' })).toThrow(TypeError)
    const custom = config.apps.a?.custom as { list: unknown[] }
    expect(Object.isFrozen(custom.list[0])).toBe(true)
  })

  test('keys outside para are ignored', async () => {
    expect(await warningsOf('server.port = x\nport = y')).toEqual([])
  })

  test('every name that a key may be written by is that of a key', () => {
    for (const name of WRITTEN_NAMES)
      expect([name, findKey(name)?.path]).toEqual([name, expect.any(String)])
  })
})

describe('values', () => {
  test.each<[string, Partial<Config> | object]>([
    ['para.port = "0"', { port: 0 }],
    ['para.app_name = "app:My Shop"', { appName: 'My-Shop' }],
    ['para.app_name = 42', { appName: '42' }],
    ['para.security.strict = yes', { security: { strict: true } }],
    ['para.one_session_per_user = off', { oneSessionPerUser: false }],
    ['para.jwt_expires_after = 12 hours', { jwtExpiresAfter: 43_200 }],
    ['para.jwt_expires_after = "90"', { jwtExpiresAfter: 90 }],
    ['para.id_token_expires_after = 2 minutes', { idTokenExpiresAfter: 120 }],
    ['para.session.idle_timeout = 8h', { session: { idleTimeout: 28_800 } }],
    ['para.session.absolute_timeout = 7d', { session: { absoluteTimeout: 604_800 } }],
    ['para.amazon.timeout = 500 ms', { amazon: { timeout: 500 } }],
    ['para.amazon.timeout = 5s', { amazon: { timeout: 5000 } }],
    ['para.amazon.timeout = 1500', { amazon: { timeout: 1500 } }],
    [
      'para.amazon.api_url = "http://127.0.0.1:4010/"',
      { amazon: { apiUrl: 'http://127.0.0.1:4010' } },
    ],
    ['para.amazon.api_url = "http://[::1]:4010"', { amazon: { apiUrl: 'http://[::1]:4010' } }],
    [
      'para.amazon.authorize_url = "http://localhost:1/ap/oa"',
      { amazon: { authorizeUrl: 'http://localhost:1/ap/oa' } },
    ],
    [
      'para.public_url = "https://Auth.example.com/base/"',
      { publicUrl: 'https://auth.example.com/base' },
    ],
    [
      'para.security { signin_success = "myapp://in?jwt=?", app_schemes = "MyApp://" }',
      { security: { signinSuccess: 'myapp://in?jwt=?', appSchemes: 'myapp' } },
    ],
    ['para."security.strict" = true', { security: { strict: true } }],
    ['para.env = embedded', { env: 'development' }],
    [`para.secret_key = "${SECRET}, ${SECRET}x"`, { secretKey: [SECRET, `${SECRET}x`] }],
    [`para.secret_key = ["${SECRET}"]`, { secretKey: [SECRET] }],
    [
      'para.session.store_url = "rediss://u:p%40@cache:6380/2"',
      { session: { storeUrl: 'rediss://u:p%40@cache:6380/2' } },
    ],
    [
      'para.security.hosturl_aliases = "https://a.example, HTTP://B.example:80/"',
      { security: { hosturlAliases: ['https://a.example', 'http://b.example'] } },
    ],
    [
      'para.security.hosturl_aliases = ["https://a.example"]',
      { security: { hosturlAliases: ['https://a.example'] } },
    ],
  ])('%s', async (text, expected) => {
    expect(await configOf(text)).toMatchObject(expected)
  })

  test.each([
    ['port', '65536'],
    ['port', '-1'],
    ['port', '80.5'],
    ['port', 'http'],
    ['port', '{ a = 1 }'],
    ['env', 'prod'],
    ['app_name', '"?!"'],
    ['app_name', '1.5'],
    ['az_app_id', '[x]'],
    ['az_secret', '123456789.5'],
    ['security.strict', 'maybe'],
    ['security.strict', '1'],
    ['security.hosturl_aliases', '5'],
    ['security.hosturl_aliases', '[5]'],
    ['jwt_expires_after', '0'],
    ['jwt_expires_after', '-5'],
    ['jwt_expires_after', '1500 ms'],
    ['jwt_expires_after', '"5 fortnights"'],
    ['jwt_expires_after', 'true'],
    ['amazon.timeout', '1e12'],
    ['amazon.api_url', '"http://api.amazon.com"'],
    ['amazon.api_url', '"http://127.0.0.1.evil.example"'],
    ['amazon.api_url', '"https://user:pw@api.amazon.com"'],
    ['amazon.authorize_url', '"ftp://x"'],
    ['public_url', '"auth.example.com"'],
    ['public_url', '"https://auth.example.com/?x"'],
    ['store.url', '"mysql://x"'],
    ['store.url', '"sqlite:"'],
    ['store.url', '"postgres:/db"'],
    ['session.store_url', '"http://cache:6379"'],
    ['session.store_url', '"redis:cache"'],
    ['session.store_url', '"redis://cache/sessions"'],
    ['session.store_url', '"redis://:broken%ff@cache"'],
    ['store.ssl', 'prefer'],
    ['store.port', '70000'],
    ['store.pool_size', '0'],
    ['store.timeout', '0'],
    ['security.signin_success', '"javascript:alert(1)"'],
    ['security.signin_failure', '"//evil.example"'],
    ['returnto_cookie', '"a b"'],
    ['root_secret_key', '"too short"'],
    ['session.secret', 'short'],
    ['secret_key', '[short]'],
  ])('para.%s = %s is refused with key, file and line', async (name, value) => {
    const { problems, message } = await errorOf(`# first line\npara.${name} = ${value}`)
    expect(problems).toEqual([
      {
        key: `para.${name}`,
        origin: 'application.conf:2',
        problem: expect.stringMatching(/^must /),
      },
    ])
    expect(message).toMatch(
      new RegExp(`^para\\.${name.replace('.', '\\.')} \\(application\\.conf:2\\) must`),
    )
  })

  test.each([
    'change-me-change-me-change-me-change-me',
    'your-secret-your-secret-your-secret',
    'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    '12121212121212121212121212121212121212',
  ])('the placeholder %s is refused as a secret', async (placeholder) => {
    const { message } = await errorOf(`para.root_secret_key = "${placeholder}"`)
    expect(message).toContain('must not be a placeholder')
  })

  test('a secret of 31 characters is refused, one of 32 is taken', async () => {
    await errorOf(`para.root_secret_key = "${SECRET.slice(0, 31)}"`)
    expect((await configOf(`para.root_secret_key = "${SECRET}"`)).rootSecretKey).toHaveLength(32)
  })
})

describe('errors', () => {
  test('all problems are told at once, one a line', async () => {
    const { message } = await errorOf('para.port = x\npara.env = y', {
      environment: { para_amazon_timeout: 'soon' },
      overrides: overridesFromOptions({ apps: { para: {} } }),
    })
    expect(message.split('\n')).toEqual([
      'para.port (application.conf:1) must be a whole number from 0 to 65535',
      'para.env (application.conf:2) must be one of production, development, test',
      expect.stringMatching(
        /^para\.amazon\.timeout \(environment para_amazon_timeout\) must be a whole/,
      ),
      expect.stringMatching(/^para\.apps\.para \(option apps\.para\) has the name of the root app/),
    ])
  })

  test('no message or warning holds a value of a sensitive key', async () => {
    const planted = 'planted-value'
    const text = `para {
      az_secret = "${planted}", root_secret_key = "${planted}", secret_key = "${planted}"
      session.secret = "${planted}", store.url = "${planted}", session.store_url = "${planted}"
      apps.a { az_secret = "${planted}", app_secret_key = "${planted}" }
    }`
    const { problems, message } = await errorOf(text)
    expect(problems).toHaveLength(8)
    expect(message).not.toContain(planted)
  })

  test.each([
    ['para.az_app_id = id', 'para.az_app_id (application.conf:1) needs para.az_secret too'],
    ['para.az_secret = s', 'para.az_secret (application.conf:1) needs para.az_app_id too'],
    [
      'para.apps.a.az_app_id = id',
      'para.apps.a.az_app_id (application.conf:1) needs para.apps.a.az_secret too',
    ],
    [
      'para.apps.a { az_secret = s }',
      'para.apps.a.az_secret (application.conf:1) needs para.apps.a.az_app_id too',
    ],
    ['para = 5', 'para (application.conf:1) must be an object: { … }'],
    ['para.apps = [a]', 'para.apps (application.conf:1) must be an object: { … }'],
    ['para.apps.a = 5', 'para.apps.a (application.conf:1) must be an object: { … }'],
  ])('%j: %s', async (text, expected) => {
    expect((await errorOf(text)).message).toBe(expected)
  })

  test("Amazon's two keys may come from different layers", async () => {
    const config = await configOf('para.az_app_id = id', { environment: { para_az_secret: 's' } })
    expect(config).toMatchObject({ azAppId: 'id', azSecret: 's' })
  })
})

describe('apps', () => {
  test('settings are flat by wire name, typed, with others kept as JSON', async () => {
    const config = await configOf(`para.apps.shop {
      az_app_id = id, az_secret = "s"
      signin_success = "https://shop.example.com/?jwt=?"
      "security.hosturl_aliases" = ["https://a.example", "https://b.example"]
      security { strict = yes, link_by_email = false }
      session_timeout = 2 hours
      one_session_per_user = "no"
      theme { color = red, sizes = [1, 2] }
      app_secret_key = ""
    }`)
    expect({ ...config.apps.shop }).toEqual({
      az_app_id: 'id',
      az_secret: 's',
      signin_success: 'https://shop.example.com/?jwt=?',
      'security.hosturl_aliases': 'https://a.example,https://b.example',
      'security.strict': true,
      'security.link_by_email': false,
      session_timeout: 7200,
      one_session_per_user: false,
      theme: { color: 'red', sizes: [1, 2] },
    })
  })

  test('names are normalised', async () => {
    const config = await configOf('para.apps { "app:My Shop" {}, other.x = 1 }')
    expect(Object.keys(config.apps)).toEqual(['My-Shop', 'other'])
  })

  test('a name that every object has finds no app', async () => {
    const { apps } = await configOf('')
    expect('constructor' in apps).toBe(false)
    expect(Object.getPrototypeOf(apps)).toBeNull()
  })

  test.each([
    [
      'para.apps { shop {}, "app:shop" {} }',
      /^para\.apps\.app:shop .* is the same app as another one/,
    ],
    ['para.apps { "" {} }', /^para\.apps\. .* must not be empty/],
    ['para.apps { "?!" {} }', /must hold a letter/],
    ['para.apps { para {} }', /has the name of the root app/],
    ['para.app_name = main\npara.apps { "app:main" {} }', /has the name of the root app/],
    [`para.apps { ${'x'.repeat(129)} {} }`, /at most 128/],
  ])('%.50j is refused', async (text, expected) => {
    expect((await errorOf(text)).message).toMatch(expected)
  })

  test.each([
    ['session_timeout', 'soon'],
    ['signin_success', '"javascript:alert(1)"'],
    ['security.strict', 'maybe'],
    ['public_url', 'x'],
    ['app_secret_key', 'short'],
  ])('%s = %s is refused with key and line', async (name, value) => {
    const { problems } = await errorOf(`para.apps.a {\n  ${name} = ${value}\n}`)
    expect(problems).toMatchObject([{ key: `para.apps.a.${name}`, origin: 'application.conf:2' }])
  })

  test('variables set known settings of apps that are in the file or in code', async () => {
    const { config, origins } = await load('para.apps { my-shop.az_app_id = id, b {} }', {
      environment: {
        para_apps_my_shop_az_secret: 's',
        para_apps_b_security_strict: 'true',
        para_apps_c_session_timeout: '5',
        para_apps_d_session_timeout: '5',
        para_apps_b_theme: 'red',
      },
      overrides: overridesFromOptions({ apps: { c: {} } }),
    })
    expect({ ...config.apps['my-shop'] }).toEqual({ az_app_id: 'id', az_secret: 's' })
    expect({ ...config.apps.b }).toEqual({ 'security.strict': true })
    expect({ ...config.apps.c }).toEqual({ session_timeout: 5 })
    expect(config.apps.d).toBeUndefined()
    expect(origins.get('para.apps.my-shop.az_secret')).toBe(
      'environment para_apps_my_shop_az_secret',
    )
    expect(origins.get('para.apps.my-shop.az_app_id')).toBe('application.conf:1')
  })

  test.each([
    ['para_apps_shpo_az_secret', 'is not known. Did you mean para_apps_shop_az_secret?'],
    ['PARA_APPS_SHOP_AZ_SECRET', 'is not known. Did you mean para_apps_shop_az_secret?'],
    ['para.apps.shop.az_secrt', 'is not known. Did you mean para_apps_shop_az_secret?'],
    ['para_apps_of_the_store_az_secret', 'has no effect: it has to name an app'],
    ['para_apps_shop_theme', 'has no effect: it has to name an app'],
  ])('a variable that sets nothing is warned of, and not its value: %s', async (variable, told) => {
    const environment = { [variable]: 'planted', para_apps_blank_az_secret: '' }
    const { warnings } = await load('para.apps.shop {}', { environment })
    expect(warnings).toEqual([
      expect.stringContaining(`The environment variable ${variable} ${told}`),
    ])
    expect(warnings.join()).not.toContain('planted')
  })

  test('a variable that could mean two apps is refused', async () => {
    const environment = { para_apps_a_b_session_timeout: '5' }
    const { message } = await errorOf('para.apps { a-b {}, a.b {}, a_b {} }', { environment })
    expect(message).toContain('could mean app a-b as well')
  })

  test('code adds to and wins over the settings of the same app in the file', async () => {
    const overrides = overridesFromOptions({ apps: { 'app:a': { signinSuccess: '/code' } } })
    const config = await configOf('para.apps.a { signin_success = "/file", session_timeout = 5 }', {
      overrides,
    })
    expect({ ...config.apps.a }).toEqual({ signin_success: '/code', session_timeout: 5 })
  })
})

describe('warnings', () => {
  test.each([
    [
      'para.az_secert = x',
      'para.az_secert (application.conf:1) is not known. Did you mean para.az_secret?',
    ],
    [
      'para.secuirty.strict = true',
      'para.secuirty.strict (application.conf:1) is not known. Did you mean para.security.strict?',
    ],
    [
      'para.cors_origins = ""',
      'para.cors_origins (application.conf:1) is not known. Did you mean para.security.cors_origins?',
    ],
    [
      'para.azAppId = x',
      'para.azAppId (application.conf:1) is not known. Did you mean para.az_app_id?',
    ],
    [
      'para.SECURITY.SIGNIN-SUCCESS = "/"',
      'para.SECURITY.SIGNIN-SUCCESS (application.conf:1) is not known. Did you mean para.security.signin_success?',
    ],
    ...[
      ['prot', 'port'],
      ['hots', 'host'],
      ['prrtt', 'port'],
      ['amazon.scop', 'amazon.scope'],
      ['store.pasword', 'store.password'],
    ].map(([written, meant]): [string, string] => [
      `para.${String(written)} = planted`,
      `para.${String(written)} (application.conf:1) is not known. Did you mean para.${String(meant)}?`,
    ]),
    ['para.something.else = 1', 'para.something.else (application.conf:1) is not known.'],
    [
      'para.apps.a.az_secrt = x',
      'para.apps.a.az_secrt (application.conf:1) has no meaning here. Did you mean az_secret?',
    ],
    [
      'para.apps.a.security.strct = true',
      'para.apps.a.security.strct (application.conf:1) has no meaning here. Did you mean security.strict?',
    ],
    [
      'para.security.hosturl_aliases = "ftp://x, https://a.example/path"',
      'para.security.hosturl_aliases (application.conf:1) leaves out "ftp://x": it is not an http or https origin',
    ],
    [
      'para { env = production, public_url = "http://auth.example.com" }',
      'para.public_url (application.conf:1) is http: in production, tokens and cookies need https',
    ],
  ])('%j: %s', async (text, expected) => {
    expect((await warningsOf(text))[0]).toBe(expected)
  })

  test.each([
    ['para.apps."Café Łódź" { x = 1 }', 'para.apps.Café Łódź', 'makes "Café Łódź" the app "Caf-d"'],
    ['para.app_name = "Läden"', 'para.app_name', 'makes "Läden" the app "Lden"'],
  ])('an app name that loses characters is warned of with both: %s', async (line, key, told) => {
    const warnings = await warningsOf(line)
    expect(warnings).toEqual([expect.stringContaining(`${key} (application.conf:1) ${told}`)])
  })

  test('an app name in code that loses characters is warned of, one that is only written otherwise is not', async () => {
    const warnings = await warningsOf('', {
      overrides: overridesFromOptions({ apps: { 'shop/eu': {}, ' app:my shop': {} } }),
    })
    expect(warnings).toEqual([
      expect.stringContaining('(option apps.shop/eu) makes "shop/eu" the app "shopeu"'),
    ])
  })

  test('a key that is written twice is warned of once', async () => {
    expect(await warningsOf('para.prt = 1\npara.prt = 2')).toHaveLength(1)
  })

  test.each([
    'para { env = production, public_url = "http://127.0.0.1:8080" }',
    'para { env = production, public_url = "https://auth.example.com" }',
    'para.public_url = "http://auth.example.com"',
    'para.apps.a.theme = red',
  ])('%j needs no warning', async (text) => {
    expect(await warningsOf(text)).toEqual([])
  })

  test('keys of a whole Para file are told in one line', async () => {
    const warnings = await warningsOf(`para {
      app_name = "scoold", cluster_name = "prod", fb_app_id = "", fb_secret = "", ms_tenant_id = x
      plugin_folder = "plugins/", es.restclient_host = "localhost", security.csrf_protection = true
      security { protected { api = ["/api", ["GET"]] }, ignored = ["/"] }, dao = "SqlDAO", worker_id = 1
    }`)
    expect(warnings).toEqual([
      'Keys of Para without a meaning here are ignored: para.cluster_name, para.fb_app_id, para.fb_secret, ' +
        'para.ms_tenant_id, para.plugin_folder, para.es.restclient_host, para.security.csrf_protection, ' +
        'para.security.protected.api, para.security.ignored, para.dao, para.worker_id',
    ])
  })

  test.each([
    ['PARA_AZ_APP_ID', 'para_az_app_id'],
    ['para.az_app_id', 'para_az_app_id'],
    ['para_az_secert', 'para_az_secret'],
  ])('the variable %s is pointed out, without its value', async (variable, meant) => {
    expect(await warningsOf('', { environment: { [variable]: 'planted', PATH: 'x' } })).toEqual([
      `The environment variable ${variable} is not known. Did you mean ${meant}?`,
    ])
  })
})

describe('a PostgreSQL store', () => {
  const KEY = 'para.secret_key = "kP3v9Qx7Lm2Wz8Rt5Yb1Nc6Hd4Jf0Gs-1"'

  test.each([
    ['para.store.url = "postgresql://u:p%40@db/auth"', 'postgresql://u:p%40@db/auth'],
    [
      'para.store { url = "postgres://db:5433/auth?sslmode=require", user = "me@x", password = "p/%41:@" }',
      'postgres://me%40x:p%2F%2541%3A%40@db:5433/auth?sslmode=require',
    ],
    [
      'para.store { host = "10.0.0.7", port = 6432, user = u, database = "a b", ssl = verify-full, ssl_ca = "/etc/ca.pem" }',
      'postgres://u@10.0.0.7:6432/a%20b?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem',
    ],
    [
      'para.store { host = "/run/postgresql", user = u, database = d, ssl = off }',
      'postgres://u@localhost/d?host=%2Frun%2Fpostgresql&sslmode=disable',
    ],
    [
      'para.store { url = "postgres://u:p@old/d?host=/run/x", host = "::1" }',
      'postgres://u:p@[::1]/d',
    ],
  ])('%s is one address', async (text, url) => {
    const { store } = await configOf(`${KEY}\n${text}`)
    expect(store.url).toBe(url)
  })

  test.each([
    ['para.store.url = "postgres://db/auth"', 'must name a user, a host and a database'],
    ['para.store.url = "postgres://u:%zz@db/auth"', 'must have % only before'],
    ['para.store.url = "postgres://u@db/auth?sslmode=planted"', 'takes sslmode disable, prefer'],
    ['para.store.url = "postgres://u@db/auth?planted=1"', 'takes only the parameters sslmode'],
    ['para.store.password = "planted"', 'is no PostgreSQL, which para.store.password is for'],
  ])('%s is refused, and its values are not repeated', async (text, problem) => {
    const { problems, message } = await errorOf(`${KEY}\n${text}`)
    expect(problems).toEqual([
      expect.objectContaining({ key: 'para.store.url', problem: expect.stringContaining(problem) }),
    ])
    expect(message).not.toContain('planted')
  })

  const NOTHING_WARNED: string[] = []
  const HOSTED: [of: string, url: string, server: object, warnings: string[]][] = [
    [
      'Neon',
      'postgresql://neondb_owner:npg_x@ep-cool-name-a1b2-pooler.us-east-2.aws.neon.tech/neondb?sslmode=require&channel_binding=require',
      { user: 'neondb_owner', database: 'neondb', ssl: 'require', channelBinding: true },
      ['channel_binding=require'],
    ],
    [
      'Supabase, its pooler',
      'postgresql://postgres.abcdefgh:pw@aws-0-eu-central-1.pooler.supabase.com:6543/postgres?pgbouncer=true&connection_limit=1',
      { user: 'postgres.abcdefgh', port: 6543, database: 'postgres' },
      ['pgbouncer, connection_limit'],
    ],
    [
      'Supabase by way of Vercel',
      'postgres://postgres.abcdefgh:pw@aws-0-us-east-1.pooler.supabase.com:6543/postgres?sslmode=require&supa=base-pooler.x',
      { ssl: 'require' },
      ['supa'],
    ],
    [
      'Vercel',
      'postgres://default:pw@ep-x-1-pooler.us-east-1.postgres.vercel-storage.com/verceldb?pgbouncer=true&connect_timeout=15&sslmode=require',
      { user: 'default', ssl: 'require' },
      ['connect_timeout, pgbouncer'],
    ],
    [
      'Heroku, as node-postgres wants it',
      'postgres://u123:p1@ec2-1-2-3-4.compute-1.amazonaws.com:5432/d123?sslmode=no-verify',
      { host: 'ec2-1-2-3-4.compute-1.amazonaws.com', ssl: 'require' },
      NOTHING_WARNED,
    ],
    [
      'Render',
      'postgresql://shop:pw@dpg-c1-a.oregon-postgres.render.com/shop_db?ssl=true',
      { database: 'shop_db', ssl: 'require' },
      NOTHING_WARNED,
    ],
    [
      'Railway',
      'postgresql://postgres:pw@viaduct.proxy.rlwy.net:41234/railway?sslmode=prefer',
      { port: 41_234, ssl: 'require' },
      ['sslmode=prefer, which is taken as require'],
    ],
    [
      'a cluster, with what libpq takes',
      'postgres://u:pw@db/auth?target_session_attrs=read-write&application_name=shop@1&options=-c%20search_path%3Dauth&uselibpqcompat=true&sslrootcert=system&sslmode=verify-full',
      {
        applicationName: 'shop@1',
        options: '-c search_path=auth',
        ssl: 'verify-full',
        caFile: undefined,
      },
      ['target_session_attrs'],
    ],
  ]
  test.each(HOSTED)('an address of %s is taken', async (_of, url, server, told) => {
    const { config, warnings } = await load(`${KEY}\npara.store.url = "${url}"`)
    expect(parseStoreUrl(config.store.url)).toMatchObject({ kind: 'postgres', server })
    expect(warnings).toEqual(
      told.map((text) => expect.stringMatching(new RegExp(`^para\\.store\\.url .*${text}`))),
    )
  })

  test.each([
    'a/b',
    'a#b',
    'a?b',
    '12/b',
    '12#b',
    '12?b',
    'a@1/b',
    'a@b#c',
    'a@b?c',
    'a%zb',
    '?',
    '#',
  ])(
    'a password %s that is not encoded is refused with what to do, and no piece of the address',
    async (password) => {
      const address = `postgres://plantedu:planted${password}planted@plantedh/plantedd`
      const numeric = `postgres://plantedu:${password}planted@plantedh/plantedd`
      for (const url of [address, numeric]) {
        const { problems, message } = await errorOf(`${KEY}\npara.store.url = "${url}"`)
        expect(problems.map(({ key }) => key)).toEqual(['para.store.url'])
        expect(message).toContain('percent-encode')
        expect(message).toContain('store.password')
        expect(message).not.toContain('planted')
      }
    },
  )

  test('a password with @ and : in it needs no encoding, and any does in a key of its own', async () => {
    const { config } = await load(`${KEY}\npara.store.url = "postgres://u:p@s:s@db/auth"`)
    expect(parseStoreUrl(config.store.url)).toMatchObject({
      server: { password: 'p@s:s', host: 'db' },
    })
    const apart = `${KEY}\npara.store { url = "postgres://u@db/auth", password = "@/#?%:" }`
    expect(parseStoreUrl((await load(apart)).config.store.url)).toMatchObject({
      server: { password: '@/#?%:', host: 'db' },
    })
  })

  test('needs secret_key, since its nodes must share one', async () => {
    const { problems } = await errorOf('para.store.url = "postgres://u@db/auth"')
    expect(problems).toEqual([
      {
        key: 'para.secret_key',
        origin: 'default',
        problem: expect.stringMatching(/^is needed with PostgreSQL, the same on every node/),
      },
    ])
  })
})

describe('the address of Redis', () => {
  test.each(['a/b', 'a#b', 'a?b', '12/b', '12#b', '12?b', 'a@1/b', 'a@h#c', 'a@h?c', 'a%zb'])(
    'with a password %s that is not encoded is refused with what to do, and no piece of it is told',
    async (password) => {
      const url = `redis://plantedu:${password}planted@plantedh:6379/0`
      const { problems, message } = await errorOf(`para.session.store_url = "${url}"`)
      expect(problems.map(({ key }) => key)).toEqual(['para.session.store_url'])
      expect(message).toContain('percent-encode')
      expect(message).not.toContain('planted')
    },
  )

  test.each([
    ['rediss://default:pw@eu1-x-1.upstash.io:6379', []],
    ['redis://:p@ss@ec2-1.compute-1.amazonaws.com:14589', []],
    [
      'redis://default:pw@redis.railway.internal:6379?family=0',
      ['para.session.store_url (application.conf:1) has parameters behind a ?, which are ignored'],
    ],
  ])('%s is taken', async (url, warnings) => {
    const loaded = await load(`para.session.store_url = "${url}"`)
    expect(loaded.warnings).toEqual(warnings)
    expect(loaded.config.session.storeUrl).toBe(new URL(url).href)
  })
})
