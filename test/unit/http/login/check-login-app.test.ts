import { checkLoginApp } from '../../../../src/http/login/check-login-app'
import { APPS, refusal, stepsWorld, type Setup } from './steps-world'

async function check(query: string, setup?: Setup) {
  const world = stepsWorld(setup)
  const { app, request, attempt } = await world.leg(`/amazon_auth?${query}`)
  return { verdict: refusal(() => checkLoginApp(app, request, attempt)), log: world.log }
}

const PASSES = { verdict: { value: undefined }, log: [] }

test.each(['state=acme', 'appid=acme', 'appid=acme&state=acme~n', 'appid=acme&state=|1'])(
  '%s means one app, and says nothing',
  async (query) => {
    expect(await check(query)).toEqual(PASSES)
    expect(await check(query, { policy: { strict: true } })).toEqual(PASSES)
  },
)

test('where appid and state name two, appid wins and the log is told', async () => {
  const { verdict, log } = await check('appid=acme&state=zenith~n')
  expect(verdict).toEqual({ value: undefined })
  expect(log).toEqual([
    {
      level: 'warn',
      message: 'appid and state name different apps: appid wins',
      facts: { app: 'acme', stateApp: 'zenith' },
    },
  ])
})

test('a name of any length is told shortly', async () => {
  const { log } = await check(`appid=acme&state=${'z'.repeat(900)}`)
  expect(log).toMatchObject([{ facts: { stateApp: 'z'.repeat(64) } }])
})

test('two apps are refused where the app or the configuration is strict', async () => {
  const strict = { ...APPS, acme: { ...APPS.acme, 'security.strict': true } }
  for (const setup of [{ apps: strict }, { policy: { strict: true } }]) {
    expect(await check('appid=acme&state=zenith', setup)).toEqual({
      verdict: 'state_mismatch',
      log: [],
    })
  }
})

test.each([{}, { az_app_id: 'a' }, { az_secret: 's' }, { az_app_id: '', az_secret: 's' }])(
  'an app whose keys are %j signs nobody in',
  async (settings) => {
    const { verdict } = await check('state=acme', { apps: { acme: settings } })
    expect(verdict).toBe('app_not_configured')
  },
)
