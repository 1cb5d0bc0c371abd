import { loadConfig } from '../../../src/config/load-config'
import { findNamedProxy } from '../../../src/config/outgoing-proxy'

const AMAZON = 'https://api.amazon.com'
const PROXY = 'http://proxy:3128'

test.each<[Readonly<Record<string, string>>, string | undefined]>([
  [{ HTTPS_PROXY: PROXY }, 'HTTPS_PROXY'],
  [{ https_proxy: PROXY }, 'https_proxy'],
  [{ https_proxy: '', HTTPS_PROXY: PROXY }, 'HTTPS_PROXY'],
  [{ HTTPS_PROXY: PROXY, NO_PROXY: 'localhost,127.0.0.1,.example.com' }, 'HTTPS_PROXY'],
  [{ HTTPS_PROXY: PROXY, NO_PROXY: 'amazon.co' }, 'HTTPS_PROXY'],
  [{ HTTPS_PROXY: PROXY, NO_PROXY: 'zamazon.com, api.amazon.com:8443' }, 'HTTPS_PROXY'],
  [{ HTTPS_PROXY: PROXY, no_proxy: '', NO_PROXY: '*' }, 'HTTPS_PROXY'],
  [{ HTTP_PROXY: PROXY }, undefined],
  [{ HTTPS_PROXY: PROXY, NO_PROXY: '*' }, undefined],
  [{ HTTPS_PROXY: PROXY, NO_PROXY: 'api.amazon.com' }, undefined],
  [{ HTTPS_PROXY: PROXY, NO_PROXY: 'amazon.com' }, undefined],
  [{ HTTPS_PROXY: PROXY, NO_PROXY: '.amazon.com' }, undefined],
  [{ HTTPS_PROXY: PROXY, NO_PROXY: '*.amazon.com' }, undefined],
  [{ HTTPS_PROXY: PROXY, NO_PROXY: 'a, API.Amazon.com:443' }, undefined],
  [{}, undefined],
])('the environment %j names the proxy of %s', (environment, variable) => {
  expect(findNamedProxy(AMAZON, environment)?.variable).toBe(variable)
})

test('addresses of this machine are asked directly', () => {
  const environment = { HTTPS_PROXY: PROXY, http_proxy: PROXY }
  for (const url of ['https://localhost:8443', 'http://127.0.0.1:99', 'http://[::1]:99']) {
    expect(findNamedProxy(url, environment)).toBeUndefined()
  }
})

async function amazonOf(conf: string, environment = {}) {
  const { config } = await loadConfig({ text: conf, environment })
  return config.amazon
}

test('amazon.proxy is an address, with or without a scheme, or what the environment says', async () => {
  expect(await amazonOf('')).toMatchObject({ proxy: undefined, unusedProxy: undefined })
  expect((await amazonOf('para.amazon.proxy = "proxy:3128"')).proxy).toBe(PROXY)
  expect((await amazonOf('para.amazon.proxy = "https://u:p%40@proxy"')).proxy).toBe(
    'https://u:p%40@proxy',
  )
  const environment = { HTTPS_PROXY: 'proxy:3128', NO_PROXY: 'none.example' }
  const used = await amazonOf('para.amazon.proxy = environment', environment)
  expect(used).toMatchObject({ proxy: PROXY, unusedProxy: undefined })
  const unused = await amazonOf('', environment)
  expect(unused).toMatchObject({ proxy: undefined, unusedProxy: 'HTTPS_PROXY' })
})

test.each([
  'socks5://u:hunter2@proxy',
  'http://u:hunter2/x@proxy:1',
  'http://u:hunter2@proxy/x',
  'http://u:hunter2%@proxy',
])(
  '%s is refused, in the file and in the environment, without a piece of it in the message',
  async (address) => {
    const inFile = amazonOf(`para.amazon.proxy = "${address}"`)
    await expect(inFile).rejects.toThrow(/para\.amazon\.proxy.*percent-encoded/)
    const inEnvironment = amazonOf('para.amazon.proxy = environment', { https_proxy: address })
    await expect(inEnvironment).rejects.toThrow(/environment https_proxy/)
    for (const thrown of [inFile, inEnvironment]) await expect(thrown).rejects.not.toThrow(/hunter/)
  },
)
