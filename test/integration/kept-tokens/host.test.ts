import { AmazonAuthError, requireUser } from '../../../src'
import { ACME, startHost, ZENITH, type Host } from '../../support/host'
import { StoreFile } from '../../support/store-file'

let host: Host
const store = new StoreFile()
const told: { error?: unknown } = {}

beforeAll(async () => {
  host = await startHost({
    options: {
      store: { url: store.url },
      apps: {
        acme: {
          azAppId: ACME.clientId,
          azSecret: ACME.clientSecret,
          amazon: { keepTokens: true, onRevoked: 'sign_out' },
        },
        zenith: { azAppId: ZENITH.clientId, azSecret: ZENITH.clientSecret },
      },
    },
    after(app) {
      app.get('/token', async (req, res) => {
        try {
          res.json({ token: await req.amazonAuth.accessToken() })
        } catch (error) {
          told.error = error
          res.status(500).json({ code: error instanceof AmazonAuthError && error.code })
        }
      })
      app.get('/mine', requireUser({ app: 'acme' }), async (req, res) => {
        res.json({ token: await req.amazonAuth.accessToken() })
      })
    },
  })
})
afterAll(async () => {
  await host.close()
  store.remove()
})

const bodyOf = ({ body }: { readonly body: string }) =>
  JSON.parse(body) as { readonly token?: string; readonly code?: string }

async function nameOf(accessToken = ''): Promise<unknown> {
  const headers = { 'x-amz-access-token': accessToken }
  const answer = await fetch(`${host.emulator.apiUrl}/user/profile`, { headers })
  return ((await answer.json()) as { name?: unknown }).name
}

test('req.amazonAuth.accessToken() is the signed-in user’s, with a guard and without', async () => {
  const browser = host.browser()
  await host.signIn(browser, '/amazon_auth?state=acme')
  const { token } = bodyOf(await browser.get('/mine'))
  expect(await nameOf(token)).toBe('Ada Lindqvist')
  expect(bodyOf(await browser.get('/token')).token).toBe(token)
})

test('it rejects with unauthorized where nobody is signed in, and names the app’s own lack', async () => {
  expect(bodyOf(await host.browser().get('/token')).code).toBe('unauthorized')
  const browser = host.browser()
  await host.signIn(browser, '/amazon_auth?state=zenith')
  expect(bodyOf(await browser.get('/token')).code).toBe('amazon_token_missing')
})

test('auth.accessToken() is for jobs: it names app and user, and rejects with app_not_found', async () => {
  const browser = host.browser()
  await host.signIn(browser, '/amazon_auth?state=acme')
  const { user } = JSON.parse((await browser.get('/whoami')).body) as { user: { id: string } }
  const token = await host.auth.accessToken({ app: 'app:acme', userId: user.id })
  expect(await nameOf(token)).toBe('Ada Lindqvist')
  await expect(host.auth.accessToken({ app: 'nope', userId: user.id })).rejects.toMatchObject({
    code: 'app_not_found',
  })
  await expect(host.auth.accessToken({ app: 'acme', userId: '1' })).rejects.toMatchObject({
    code: 'amazon_token_missing',
  })
})

test('a login whose tokens cannot be kept is a login all the same, and is logged without them', async () => {
  store.run('ALTER TABLE amazon_tokens RENAME TO amazon_tokens_away')
  try {
    const browser = host.browser()
    const landed = await host.signIn(browser, '/amazon_auth?state=acme')
    expect(landed.status).toBe(302)
    expect(JSON.parse((await browser.get('/whoami')).body)).toMatchObject({ isAuthenticated: true })
    const entry = host.log.find(({ message }) => message.includes('could not be kept'))
    expect(entry?.level).toBe('warn')
    expect(JSON.stringify(host.log)).not.toMatch(/Atz[ar]\|/)
  } finally {
    store.run('ALTER TABLE amazon_tokens_away RENAME TO amazon_tokens')
  }
})
