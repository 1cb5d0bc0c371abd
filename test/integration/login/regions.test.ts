import axios, { type AxiosInstance } from 'axios'

import { startEmulator, type Emulator } from '../../../src/emulator'
import { ACME, startHost, ZENITH, type Host } from '../../support/host'

/** Amazon's own hosts, by region, and who answers for them here. */
const HOSTS = {
  na: { authorize: 'https://www.amazon.com/ap/oa', api: 'https://api.amazon.com' },
  eu: { authorize: 'https://eu.account.amazon.com/ap/oa', api: 'https://api.amazon.co.uk' },
  fe: { authorize: 'https://apac.account.amazon.com/ap/oa', api: 'https://api.amazon.co.jp' },
} as const
type Region = keyof typeof HOSTS
const REGIONS = Object.keys(HOSTS) as Region[]
const FAR = { clientId: 'amzn1.application-oa2-client.far', clientSecret: 'far-secret' }
const ISSUERS = { na: 'https://www.amazon.com', eu: 'https://www.amazon.de' } as const

const emulators = new Map<Region, Emulator>()
let host: Host

/** A client of the host's own, which sends what is meant for Amazon to the emulator of that region. */
function rerouted(): AxiosInstance {
  const client = axios.create()
  client.interceptors.request.use((config) => {
    const region = REGIONS.find((each) => HOSTS[each].api === config.baseURL)
    const emulator = region && emulators.get(region)
    if (emulator === undefined) throw new Error(`nobody is at ${String(config.baseURL)}`)
    return { ...config, baseURL: emulator.origin }
  })
  return client
}

beforeAll(async () => {
  for (const region of REGIONS) {
    const clients = [ACME, ZENITH, FAR].map((client) => ({
      ...client,
      allowedReturnUrls: [],
      allowAnyReturnUrl: true,
    }))
    const issuer = region === 'eu' ? ISSUERS.eu : ISSUERS.na
    emulators.set(region, await startEmulator({ clients, issuer }))
  }
  host = await startHost({
    options: {
      axios: rerouted(),
      amazon: { authorizeUrl: undefined, apiUrl: undefined },
      apps: {
        acme: { azAppId: ACME.clientId, azSecret: ACME.clientSecret },
        zenith: {
          azAppId: ZENITH.clientId,
          azSecret: ZENITH.clientSecret,
          amazon: { region: 'eu' },
        },
        far: {
          azAppId: FAR.clientId,
          azSecret: FAR.clientSecret,
          azDeviceAppId: FAR.clientId,
          amazon: { region: 'FE' },
        },
      },
    },
  })
})

afterAll(async () => {
  await host.close()
  for (const emulator of emulators.values()) await emulator.close()
})

function emulatorOf(region: Region): Emulator {
  const emulator = emulators.get(region)
  if (emulator === undefined) throw new Error(region)
  return emulator
}

test.each([
  ['acme', 'na'],
  ['zenith', 'eu'],
  ['far', 'fe'],
] as const)('people of %s sign in at %s, and nothing is asked elsewhere', async (app, region) => {
  for (const { journal } of emulators.values()) journal.clear()
  const browser = host.browser()
  const begun = await browser.get(`/amazon_auth?appid=${app}`)
  const { authorize } = HOSTS[region]
  expect(begun.location.startsWith(`${authorize}?`)).toBe(true)
  const emulator = emulatorOf(region)
  const back = await emulator.allow(begun.location.replace(authorize, emulator.authorizeUrl))
  expect((await browser.get(back)).location).toBe('/')
  expect((await browser.get('/whoami')).body).toContain('Ada Lindqvist')
  for (const [each, { journal }] of emulators) {
    const asked = journal.entries({}).filter(({ path }) => path !== '/ap/oa')
    expect(asked.map(({ path }) => path)).toEqual(
      each === region ? ['/auth/o2/token', '/user/profile'] : [],
    )
  }
})

test('a token handed in from outside is checked at the region of its app', async () => {
  const signIn = (region: Region, appid: string, { clientId }: typeof ACME) =>
    fetch(`${host.origin}/jwt_auth`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        provider: 'amazon',
        appid,
        token: emulatorOf(region).issueAccessToken({ clientId }),
      }),
    })
  expect((await signIn('eu', 'zenith', ZENITH)).status).toBe(200)
  expect((await signIn('na', 'acme', ACME)).status).toBe(200)
  expect((await signIn('na', 'zenith', ZENITH)).status).toBe(400)
  expect((await signIn('eu', 'acme', ACME)).status).toBe(400)
})

test('a device gets its codes in the region of its app, by an address that the log calls inferred', async () => {
  for (const { journal } of emulators.values()) journal.clear()
  const begin = () =>
    fetch(`${host.origin}/amazon_auth/device`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ appid: 'far' }),
    })
  expect([(await begin()).status, (await begin()).status]).toEqual([200, 200])
  const asked = REGIONS.map(
    (region) => emulatorOf(region).journal.entries({ path: '/auth/o2/create/codepair' }).length,
  )
  expect(asked).toEqual([0, 0, 2])
  const told = host.log.filter(({ message }) => message.includes('set amazon.codepair_url'))
  expect(told.map(({ facts }) => facts)).toEqual([
    { region: 'fe', address: 'https://api.amazon.co.jp/auth/o2/create/codepair' },
  ])
})

test('hosts that the configuration names win over the region of an app, which is told once', async () => {
  const other = await startHost({
    options: {
      apps: {
        acme: {
          azAppId: ACME.clientId,
          azSecret: ACME.clientSecret,
          amazon: { region: 'eu' },
        },
      },
    },
  })
  const browser = other.browser()
  expect((await other.signIn(browser, '/amazon_auth?appid=acme')).location).toBe('/')
  await other.signIn(other.browser(), '/amazon_auth?appid=acme')
  const told = other.log.filter(({ message }) => message.startsWith('amazon.region of an app'))
  expect(told).toMatchObject([{ level: 'warn', facts: { app: 'acme' } }])
  await other.close()
})

test('one host that the configuration names wins over the region of an app, which is told once', async () => {
  const [{ clientId, clientSecret }, authorizeUrl] = [ACME, 'https://gateway.example/ap/oa']
  const keys = { azAppId: clientId, azSecret: clientSecret }
  const other = await startHost({
    options: {
      amazon: { authorizeUrl, apiUrl: '' },
      apps: {
        a: { ...keys, amazon: { region: 'eu' } },
        b: { ...keys, amazon: { region: 'eu' } },
        c: keys,
      },
    },
  })
  for (const app of ['c', 'a', 'b', 'a']) {
    const begun = await other.browser().get(`/amazon_auth?state=${app}`)
    expect(begun.location.startsWith(authorizeUrl)).toBe(true)
  }
  const told = other.log.filter(({ message }) => message.startsWith('amazon.region of an app'))
  expect(told).toMatchObject([{ level: 'warn', facts: { app: 'a', keys: 'amazon.authorize_url' } }])
  await other.close()
})
