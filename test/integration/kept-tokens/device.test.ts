import { setTimeout } from 'node:timers/promises'

import { ACME } from '../../support/host'
import { StoreFile } from '../../support/store-file'
import { startDeviceWorld, TV, type DeviceWorld } from '../device/device-world'

let world: DeviceWorld
const store = new StoreFile()

beforeAll(async () => {
  world = await startDeviceWorld({
    amazon: { accessTokenLifeSeconds: 1 },
    options: {
      store: { url: store.url },
      apps: {
        acme: {
          azAppId: ACME.clientId,
          azSecret: ACME.clientSecret,
          azDeviceAppId: TV.clientId,
          amazon: { keepTokens: true },
        },
        bakery: { azAppId: ACME.clientId, azSecret: ACME.clientSecret, azDeviceAppId: TV.clientId },
      },
    },
  })
})
afterAll(async () => {
  await world.close()
  store.remove()
})

async function signDeviceIn(app: string): Promise<string> {
  const codes = await world.begin(app)
  world.emulator.allowDevice(codes.user_code)
  const { status, json } = await world.wait(codes)
  expect(status).toBe(200)
  return json.user.id
}
const refreshes = () =>
  world.emulator.journal
    .entries({ path: '/auth/o2/token' })
    .filter(({ body }) => body.grant_type === 'refresh_token')
    .map(({ body, status }) => ({ client: body.client_id, secret: body.client_secret, status }))

test('the tokens of a device are kept, and refreshed by the device’s own client; after a login, by the app’s', async () => {
  const userId = await signDeviceIn('acme')
  const owner = { app: 'acme', userId }
  await setTimeout(1_100)
  expect(await world.auth.accessToken(owner)).toMatch(/^Atza\|/)
  expect(refreshes()).toEqual([{ client: TV.clientId, secret: undefined, status: 200 }])

  const browser = world.browser()
  await world.signIn(browser, '/amazon_auth?state=acme')
  await setTimeout(1_100)
  await world.auth.accessToken(owner)
  expect(refreshes().at(-1)).toEqual({
    client: ACME.clientId,
    secret: ACME.clientSecret,
    status: 200,
  })
})

test('of an app that keeps none, nothing is left of a device', async () => {
  const userId = await signDeviceIn('bakery')
  await expect(world.auth.accessToken({ app: 'bakery', userId })).rejects.toMatchObject({
    code: 'amazon_token_missing',
  })
  expect(store.rows("SELECT * FROM amazon_tokens WHERE app_id = 'bakery'")).toEqual([])
})
