import { createClient } from '../../../src/client'
import { startHost, type Host } from '../../support/host'

const secretKey = 'root-secret-0123456789-abcdefghijklmnopqr'
const keys = { accessKey: 'app:para', secretKey }

let host: Host

beforeAll(async () => {
  host = await startHost({
    mount: '/auth/amazon',
    options: { rootSecretKey: secretKey, api: { path: '/api/v2', manage: true } },
  })
})
afterAll(() => host.close())

test.each(['/auth/amazon', '/auth/amazon/'])(
  'a server below %s, with its API elsewhere, is reached with names of any kind',
  async (path) => {
    const url = `${host.origin}${path}`
    const root = createClient({ url, ...keys, apiPath: '/api/v2' })
    expect(await root.me()).toMatchObject({ id: 'app:para' })
    await root.settings.put('a b/%2F_?', path)
    expect(await root.settings.get('a b/%2F_?')).toBe(path)
    await expect(root.signIn.renew('no-token')).rejects.toMatchObject({
      status: 401,
      path: '/auth/amazon/jwt_auth',
    })
  },
)
