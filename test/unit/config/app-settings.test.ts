import { explainHostSetting } from '../../../src/apps/host-settings'
import { ConfigError } from '../../../src/config/config-error'
import { PLACED_KEYS } from '../../../src/config/key-names'
import { loadConfig, type ConfigSources } from '../../../src/config/load-config'
import { overridesFromOptions, type ConfigOptions } from '../../../src/config/options'
import type { LoadedConfig } from '../../../src/config/resolve-config'

function load(text: string, more: ConfigSources = {}): Promise<LoadedConfig> {
  return loadConfig({ file: 'application.conf', text, environment: {}, ...more })
}

async function problemsOf(text: string, more?: ConfigSources): Promise<readonly string[]> {
  const error: unknown = await load(text, more).catch((reason: unknown) => reason)
  if (!(error instanceof ConfigError)) throw new Error(`no ConfigError but ${String(error)}`)
  return error.message.split('\n')
}

async function inCode(options: ConfigOptions, text = '', environment = {}): Promise<LoadedConfig> {
  return load(text, { environment, overrides: overridesFromOptions(options) })
}

describe("Para's own names", () => {
  const ON_BOTH = 'security.one_session_per_user = false, one_session_per_user = true'

  test.each<[string, string, object]>([
    ['alone', 'para.security.one_session_per_user = false', {}],
    ['beside ours, over which it wins', `para { ${ON_BOTH} }`, {}],
    ['in the environment', '', { para_security_one_session_per_user: 'false' }],
    [
      'in the environment, over ours in the file',
      'para.one_session_per_user = true',
      { para_security_one_session_per_user: 'no' },
    ],
    [
      'in the file, under ours in the environment',
      'para.security.one_session_per_user = true',
      { para_one_session_per_user: 'no' },
    ],
  ])('security.one_session_per_user counts %s', async (_where, text, environment) => {
    const { config, warnings } = await load(text, { environment: environment as never })
    expect(config.oneSessionPerUser).toBe(false)
    expect(warnings.filter((warning) => warning.includes('not known'))).toEqual([])
  })

  test('security.oneSessionPerUser counts in code, over oneSessionPerUser', async () => {
    const security = { oneSessionPerUser: false }
    expect((await inCode({ security, oneSessionPerUser: true })).config.oneSessionPerUser).toBe(
      false,
    )
    const apps = { shop: { security, oneSessionPerUser: true } }
    const { config } = await inCode({ apps })
    expect(config.apps.shop).toMatchObject({ 'security.one_session_per_user': false })
  })

  test('an app of the file and of the environment may use it, too', async () => {
    const { config, warnings } = await load(`para.apps { a { ${ON_BOTH} }, b { colour = red } }`, {
      environment: { para_apps_b_security_one_session_per_user: 'off' },
    })
    expect(config.apps.a).toMatchObject({ 'security.one_session_per_user': false })
    expect(config.apps.b).toMatchObject({ 'security.one_session_per_user': false })
    expect(warnings).toEqual([])
  })

  test('signin_success, signin_failure and session_timeout count as Para reads them', async () => {
    const { config, origins, warnings } = await load(
      'para { signin_success = "/in", signin_failure = "/out", session_timeout = 3600 }',
    )
    expect(config.security).toMatchObject({ signinSuccess: '/in', signinFailure: '/out' })
    expect(config.session.absoluteTimeout).toBe(3600)
    expect(origins.get('para.security.signin_success')).toBe('application.conf:1')
    expect(warnings).toEqual([])
  })

  test('a bad value is told under the name that was written', async () => {
    expect(await problemsOf('para.security.one_session_per_user = maybe')).toEqual([
      'para.security.one_session_per_user (application.conf:1) must be true or false',
    ])
  })
})

describe('where people are sent', () => {
  test.each([
    ['para.security.signin_success = "ftp://a.example/in"', /not to FTP/],
    ['para.apps.shop.signin_failure = "mailto://a@a.example"', /not to FTP/],
    ['para.security.signin_success = "myapp://in"', /security\.app_schemes/],
    ['para.security.signin_failure = "http://a.example/in"', /plain http/],
    ['para.apps.shop.signin_success = "http://a.example/in"', /plain http/],
    [`para.apps.shop.signin_success = "/${'x'.repeat(2048)}"`, /at most 2048 characters/],
  ])('%j stops the start', async (text, problem) => {
    const [first, ...more] = await problemsOf(text)
    expect(first).toMatch(problem)
    expect(first).toContain(text.slice(0, text.indexOf(' =')))
    expect(more).toEqual([])
  })

  test.each([
    'para.security { signin_success = "myapp://in", app_schemes = "other, myapp" }',
    'para.security.signin_success = "com.example.app:/in"',
    'para.security.signin_success = "http://localhost:3000/in"',
    'para.apps.shop { signin_success = "http://a.example/in", security.app_schemes = http }',
  ])('%j is taken', async (text) => {
    expect((await load(text)).warnings).toEqual([])
  })
})

describe('keys of Amazon', () => {
  const APP_ID = 'amzn1.application.5e0a'

  test('a mistake is warned of where it was written, under its name there', async () => {
    const text = `para { az_app_id = "${APP_ID}", az_secret = "s;" }`
    expect((await load(text)).warnings).toEqual([
      expect.stringMatching(/^para\.az_app_id \(application\.conf:1\) is the App ID: take/),
      expect.stringMatching(/^para\.az_secret \(application\.conf:1\) ends with a semicolon/),
    ])
    const environment = { para_az_app_id: APP_ID, para_az_secret: 's' }
    expect((await load('', { environment })).warnings).toEqual([
      expect.stringMatching(/^para\.az_app_id \(environment para_az_app_id\) is the App ID/),
    ])
  })

  test('advice to makers names the options that they wrote', async () => {
    const keys = { azAppId: APP_ID, azSecret: 's' }
    const { warnings } = await inCode({ ...keys, apps: { shop: keys } })
    expect(warnings).toEqual([
      expect.stringMatching(/^option azAppId is the App ID/),
      expect.stringMatching(/^option apps\.shop\.azAppId is the App ID/),
    ])
    const swapped = {
      azAppId: 'amzn1.oa2-cs.v1.5e0a',
      azSecret: 'amzn1.application-oa2-client.5e0a',
    }
    expect((await inCode(swapped)).warnings).toEqual([
      'option azAppId and option azSecret are swapped: put each in the place of the other.',
    ])
  })

  test('no warning holds a key', async () => {
    const { warnings } = await load('para { az_app_id = "“planted”", az_secret = "planted;" }')
    expect(warnings).toHaveLength(2)
    expect(warnings.join()).not.toContain('planted')
  })

  test.each([
    `para { az_app_id = "${'x'.repeat(257)}", az_secret = s }`,
    'para.apps.shop { az_app_id = "clé", az_secret = s }',
  ])('%j stops the start', async (text) => {
    expect(await problemsOf(text)).toEqual([expect.stringMatching(/az_app_id .*printable ASCII/)])
  })
})

describe('a character that is no printable ASCII', () => {
  test.each([
    ['amzn1.\u200bx', 'an invisible character, U+200B, at place 7'],
    ['x\u00ady', 'an invisible character, U+00AD, at place 2'],
    ['x\u00a0y', 'an invisible character, U+00A0, at place 2'],
    ['“x\u202e”', 'an invisible character, U+202E, at place 3'],
    ['clé', 'a character that is not ASCII at place 3'],
  ])('in a key is told by its place: %j', async (key, told) => {
    const sentence = `printable ASCII, at most 256 characters; this one holds ${told}`
    const overrides = { az_app_id: 'x', az_secret: key }
    const text = Object.entries(overrides).map(([name, value]) => `para.${name} = "${value}"`)
    expect(await problemsOf(text.join('\n'))).toEqual([expect.stringContaining(sentence)])
  })

  test('in one of several client ids is told, too', async () => {
    const { warnings } = await load('para.apps.shop.az_client_ids = "a, b\u200b"')
    expect(warnings).toEqual([
      expect.stringMatching(
        /no client id, for it holds an invisible character, U\+200B, at place 2$/,
      ),
    ])
  })
})

test.each([
  ['az_client_ids', 'amzn1.a amzn1.b'],
  ['az_client_ids', 'amzn1.a; amzn1.b'],
  ['security.hosturl_aliases', 'https://a.example https://b.example'],
])('several %s that are not separated by commas are told so', async (name, written) => {
  const { warnings } = await load(`para.apps.shop { ${name} = "${written}" }`)
  expect(warnings).toEqual([expect.stringMatching(/, and several are separated by commas$/)])
})

describe('a host of Amazon’s', () => {
  const NO_EFFECT =
    'has no effect for an app: hosts of Amazon are set for all apps, by para.amazon.'

  test('that an app names in the file has no effect, which is told', async () => {
    const { warnings } = await load(
      'para.apps.tokyo.amazon { token_url = "https://a.example", codepair_url = "" }',
    )
    expect(warnings).toEqual([
      `para.apps.tokyo.amazon.token_url (application.conf:1) ${NO_EFFECT}token_url`,
    ])
  })

  test('that an app names in code has none either', async () => {
    const amazon = { authorizeUrl: 'https://a.example' } as object
    const { warnings } = await inCode({ apps: { tokyo: { amazon } } })
    expect(warnings).toEqual([expect.stringContaining(`${NO_EFFECT}authorize_url`)])
  })

  test('is every key that reads one', () => {
    const keys = Array.from(PLACED_KEYS.keys()).filter((key) => /^amazon\..*_url$/.test(key))
    expect(keys).toHaveLength(6)
    for (const key of keys)
      expect(explainHostSetting(key)).toBe(NO_EFFECT.replace('para.amazon.', `para.${key}`))
  })

  test.each([
    ['region = eu, authorize_url = "https://a.example"', ['authorize_url']],
    ['region = eu, api_url = "https://a.example", token_url = "https://b.example"', ['api_url']],
    ['region = eu, token_url = "https://api.amazon.com/auth/o2/token"', []],
    ['authorize_url = "https://a.example"', []],
  ])(
    'beside a region of the configuration is told where it is more than one address: %s',
    async (text, keys) => {
      const { warnings } = await load(`para.amazon { ${text} }`)
      expect(warnings).toEqual(
        keys.map(
          (key) =>
            `para.amazon.region (application.conf:1) has no effect on what para.amazon.${key} names: only the rest is that of the region`,
        ),
      )
    },
  )
})

test('regions of apps are told at start where a host is named for all', async () => {
  const apps = 'para.apps { a.amazon.region = na, b.amazon.region = eu, c.amazon.region = fe }'
  expect((await load(apps)).warnings).toEqual([])
  const { warnings } = await load(`para.amazon.authorize_url = "https://a.example"\n${apps}`)
  expect(warnings).toEqual([
    'para.apps.b.amazon.region (application.conf:2) has no effect on what is named for all apps, nor has that of 1 more: para.amazon.authorize_url',
  ])
})

test.each(['audit.retention', 'shutdown.delay'])(
  '%s may be 0, and its refusal says so',
  async (key) => {
    await load(`para.${key} = 0`)
    expect(await problemsOf(`para.${key} = -1`)).toEqual([
      expect.stringMatching(
        / must be 0, a whole number of (milli)?seconds from 1 to \d+, or a duration/,
      ),
    ])
  },
)

describe('bounds of an app in the file', () => {
  const lines = (count: number, value: string): string =>
    Array.from({ length: count }, (_, n) => `k${n} = "${value}"`).join('\n')

  const TOO_MANY = /^para\.apps\.shop .*at most 1000 settings, of 256 KB in all/

  test('1,001 settings stop the start', async () => {
    const text = `para.apps.shop {\n${lines(1001, 'x')}\n}`
    expect(await problemsOf(text)).toEqual([expect.stringMatching(TOO_MANY)])
  })

  test('300 KB of settings in code stop the start', async () => {
    const big = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [n, 'x'.repeat(10_000)]))
    const overrides = overridesFromOptions({ apps: { shop: big } })
    expect(await problemsOf('', { overrides })).toEqual([expect.stringMatching(TOO_MANY)])
  })

  test('text that is no well-formed Unicode is refused', async () => {
    const overrides = overridesFromOptions({ apps: { shop: { colour: 'r\ud800' } } } as object)
    await expect(load('', { overrides })).rejects.toThrow(/well-formed Unicode/)
  })

  test.each(['sl_app_id', 'fb_secret', 'security.allow_unverified_emails', 'gh_app_id'])(
    'a setting of Para that is near to one of ours is not warned of: %s',
    async (name) => {
      expect((await load(`para.apps.shop.${name} = x`)).warnings).toEqual([])
    },
  )
})

describe('claims', () => {
  const READ = '{"displayName":["name"],"identityProvider":[{"value":"amazon.com"}]}'
  const HOCON = 'claims { displayName = name, identityProvider { value = "amazon.com" } }'

  test('are an object in the file, of an app and of all', async () => {
    const { config } = await load(`para { ${HOCON} }\npara.apps.shop { ${HOCON} }`)
    expect(config.claims).toBe(READ)
    expect(config.apps.shop).toEqual({ claims: READ })
  })

  test('are JSON in the environment', async () => {
    const claims = '{"displayName": "name", "identityProvider": {"value": "amazon.com"}}'
    const environment = { para_claims: claims, para_apps_shop_claims: claims }
    const { config } = await load('para.apps.shop {}', { environment })
    expect(config.claims).toBe(READ)
    expect(config.apps.shop).toEqual({ claims: READ })
  })

  test('are an object in code', async () => {
    const claims = { displayName: 'name', identityProvider: { value: 'amazon.com' } }
    const { config } = await inCode({ claims, apps: { shop: { claims } } })
    expect(config.claims).toBe(READ)
    expect(config.apps.shop).toEqual({ claims: READ })
  })

  test('that set what the server sets itself stop the start, by place', async () => {
    expect(await problemsOf('para.apps.shop {\n  claims { sub = user_id }\n}')).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/para\.apps\.shop\.claims.*application\.conf:2.*must not set "sub"/),
      ]),
    )
    const claims = { iat: 'name' }
    expect(() => overridesFromOptions({ apps: { shop: { claims } } })).toThrow(
      'option "apps.shop.claims" must not set "iat"',
    )
    const environment = { para_claims: '{"toString": "name"}' }
    expect(await problemsOf('', { environment })).toEqual([
      expect.stringMatching(/^para\.claims .* must not set "toString"/),
    ])
  })

  test.each(['{bad', '"name"', '{"a": "b.c"}'])(
    'that are no mapping stop the start: %s',
    async (written) => {
      const text = `para.claims = ${JSON.stringify(written)}\npara.apps.shop.claims = ${JSON.stringify(written)}`
      expect(await problemsOf(text)).toEqual([
        expect.stringMatching(/^para\.claims \(application\.conf:1\) must /),
        expect.stringMatching(/^para\.apps\.shop\.claims \(application\.conf:2\) must /),
      ])
      const environment = { para_claims: written }
      expect(await problemsOf('', { environment })).toEqual([
        expect.stringMatching(/^para\.claims \(environment para_claims\) must /),
      ])
    },
  )

  test('from a field that is not known are taken, with a warning', async () => {
    const { warnings } = await load('para.apps.shop.claims { tier = tier, zip = postal_code }')
    expect(warnings.filter((warning) => warning.includes('claims'))).toEqual([
      expect.stringMatching(/^para\.apps\.shop\.claims .* takes "tier" from "tier"/),
    ])
  })
})
