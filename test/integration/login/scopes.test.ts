import { ACME, startHost, ZENITH, type Host } from '../../support/host'

let host: Host

beforeAll(async () => {
  host = await startHost({
    options: {
      amazon: { scope: 'profile:user_id', voluntaryScope: 'profile' },
      apps: {
        acme: { azAppId: ACME.clientId, azSecret: ACME.clientSecret },
        zenith: {
          azAppId: ZENITH.clientId,
          azSecret: ZENITH.clientSecret,
          amazon: { scope: 'profile', voluntaryScope: 'postal_code' },
        },
        plain: {
          azAppId: ZENITH.clientId,
          azSecret: ZENITH.clientSecret,
          amazon: { scope: 'profile' },
        },
      },
    },
  })
})

afterAll(() => host.close())

async function asked(app: string) {
  const { location } = await host.browser().get(`/amazon_auth?appid=${app}`)
  const query = new URL(location).searchParams
  return [query.get('scope'), query.get('scope_data')]
}

test('an app asks for its own scopes, and marks those that people may leave out', async () => {
  const marks = '{"profile":{"essential":true},"postal_code":{"essential":false}}'
  expect(await asked('zenith')).toEqual(['profile postal_code', marks])
})

test('an app without scopes of its own asks for the configured ones', async () => {
  const marks = '{"profile:user_id":{"essential":true},"profile":{"essential":false}}'
  expect(await asked('acme')).toEqual(['profile:user_id profile', marks])
})

test('an app with a scope of its own takes over nothing that is voluntary', async () => {
  expect(await asked('plain')).toEqual(['profile', null])
})
