import { inspect } from 'node:util'

import { startEmulator } from '../../../src/emulator'
import { makeCertificate } from '../../support/certificate'
import { startConnectProxy, type ConnectProxy } from '../../support/connect-proxy'
import { TOKEN, UpstreamWorld } from '../../support/upstream-world'
import { browserAt, Workplace } from '../server/command-line'

const PASSWORD = 'pa@ss/word'

let proxy: ConnectProxy
let world: UpstreamWorld | undefined
beforeEach(async () => {
  proxy = await startConnectProxy()
})
afterEach(async () => {
  await world?.close()
  world = undefined
  await proxy.close()
})

async function start(credentials = `corp:${encodeURIComponent(PASSWORD)}@`, timeout = '5s') {
  const address = `http://${credentials}${proxy.host}`
  world = await UpstreamWorld.start({ amazon: { proxy: address, timeout } })
  return world
}

test('everything that is sent to Amazon goes through a tunnel of the proxy, with its user and password', async () => {
  const host = await start()
  const { proxy: amazon } = host
  for (let n = 0; n < 3; n += 1) await host.succeeds()
  expect(proxy.tunnels.map(({ credentials }) => credentials)).toEqual(
    proxy.tunnels.map(() => `corp:${PASSWORD}`),
  )
  expect(new Set(proxy.tunnels.map(({ target }) => target))).toEqual(new Set([amazon.host]))
  expect(amazon.accepted).toBe(proxy.tunnels.length)
  // A code travels on a tunnel of its own; profiles share one as long as it lives.
  expect(proxy.tunnels.length).toBeGreaterThanOrEqual(4)
})

test.each([
  ['a user alone', 'corp@', 'corp:'],
  ['nobody', '', ''],
])('the proxy may know %s', async (_whom, credentials, sent) => {
  const host = await start(credentials)
  await host.succeeds()
  expect(proxy.tunnels[0]?.credentials).toBe(sent)
})

test.each([
  [407, 'The proxy wants a user and password'],
  [403, 'The proxy does not let this host through'],
  [502, 'The proxy does not let this host through'],
])(
  'a proxy that answers %d is named in the log, with what to do, and without its password',
  async (status, advice) => {
    const host = await start()
    proxy.behave(status)
    await host.fails()
    expect(host.lastFailure()).toMatchObject({
      code: 'amazon_unreachable',
      reason: `PROXY_${status}`,
      via: proxy.host,
      advice: expect.stringContaining(advice),
    })
    expect(inspect(host.host.log, { depth: null })).not.toMatch(/pa@ss|pa%40ss|cGFAc3|Y29ycD/)
    expect(host.asked()).toBe(0)
    proxy.behave('open')
    await host.succeeds()
  },
)

test('a proxy that hangs costs no more than the time for an answer, and nothing is sent later', async () => {
  const host = await start(undefined, '500ms')
  proxy.behave('hang')
  await host.fails()
  expect(host.lastFailure()).toMatchObject({ code: 'amazon_timeout', via: proxy.host })
  proxy.behave('open')
  await host.succeeds()
  expect(host.asked(TOKEN)).toBe(1)
})

test('a proxy that is not there is told by its name', async () => {
  const host = await start()
  await proxy.close()
  await host.fails()
  const facts = { code: 'amazon_unreachable', reason: 'ECONNREFUSED', via: proxy.host }
  expect(host.lastFailure()).toMatchObject(facts)
  proxy = await startConnectProxy()
})

describe('the stand-alone server, with Amazon behind TLS at a name that only the proxy knows', () => {
  const NAME = 'amazon.test:443'
  const ENVIRONMENT = { para_amazon_proxy: 'environment' }

  async function tryOut(environment: Readonly<Record<string, string>>) {
    const place = new Workplace()
    const tls = makeCertificate(place.folder, ['DNS:amazon.test'])
    const emulator = await startEmulator({ tls, clients: [CLIENT] })
    const through = await startConnectProxy({ [NAME]: new URL(emulator.origin).host })
    place.write('application.conf', [
      'para.port = 0',
      'para.amazon.api_url = "https://amazon.test"',
      `para.az_app_id = "${CLIENT.clientId}"`,
      `para.az_secret = "${CLIENT.clientSecret}"`,
    ])
    const address = `http://corp:hunter2@${through.host}`
    const named = { https_proxy: address, NODE_EXTRA_CA_CERTS: tls.certFile, ...environment }
    try {
      const server = await place.listen(['serve'], named)
      const { origin } = server
      const redirectUri = `${origin}/amazon_auth`
      const code = emulator.issueCode({ clientId: CLIENT.clientId, redirectUri })
      const { location } = await browserAt(server).get(`/amazon_auth?code=${code}&state=para`)
      await server.said(/"path":"\/amazon_auth"/)
      expect(server.stdout + server.stderr).not.toContain('hunter2')
      return {
        location,
        log: server.stdout,
        asked: emulator.journal.count(),
        tunnels: through.tunnels,
      }
    } finally {
      await place.clear()
      await emulator.close()
      await through.close()
    }
  }

  test('signs in by what https_proxy says', async () => {
    const { location, tunnels } = await tryOut(ENVIRONMENT)
    expect(location).toBe('/')
    expect(new Set(tunnels.map(({ target }) => target))).toEqual(new Set([NAME]))
  }, 60_000)

  test('checks the certificate of Amazon through the tunnel, whatever the environment says', async () => {
    const { log, asked, tunnels } = await tryOut({
      ...ENVIRONMENT,
      NODE_EXTRA_CA_CERTS: '',
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
    })
    expect(log).toContain('"reason":"DEPTH_ZERO_SELF_SIGNED_CERT"')
    expect([asked, tunnels.length > 0]).toEqual([0, true])
  }, 60_000)

  test('goes around the proxy where NO_PROXY says so', async () => {
    const { log, tunnels } = await tryOut({ ...ENVIRONMENT, NO_PROXY: 'other.example,.test' })
    expect(log).toMatch(/"reason":"(?:ENOTFOUND|EAI_AGAIN)"/)
    expect(tunnels).toEqual([])
  }, 60_000)

  test('says that https_proxy is set but not used, where Amazon cannot be reached', async () => {
    const { log, tunnels } = await tryOut({})
    expect(log).toContain('https_proxy is set but not used')
    expect(log).toContain('set amazon.proxy to \\"environment\\"')
    expect(tunnels).toEqual([])
  }, 60_000)
})

const CLIENT = {
  clientId: 'amzn1.application-oa2-client.root',
  clientSecret: 'secret.root',
  allowedReturnUrls: [],
  allowAnyReturnUrl: true,
}
