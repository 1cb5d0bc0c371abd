import { startHost, ACME, ZENITH, type Host } from '../../support/host'

describe('where a browser returns to', () => {
  let host: Host
  beforeAll(async () => {
    host = await startHost({
      options: {
        azAppId: ACME.clientId,
        azSecret: ACME.clientSecret,
        security: { signinSuccess: '/root-home?jwt=id' },
        apps: {
          acme: { azAppId: ACME.clientId, azSecret: ACME.clientSecret },
          spa: {
            azAppId: ZENITH.clientId,
            azSecret: ZENITH.clientSecret,
            signinSuccess: 'https://spa.example/in?jwt=?',
            signinFailure: 'https://spa.example/out?cause=?',
            security: { hosturlAliases: 'https://one.example,https://two.example' },
          },
        },
      },
    })
  })
  afterAll(() => host.close())

  const base64 = (text: string): string => encodeURIComponent(Buffer.from(text).toString('base64'))

  test('the returnto of the begin is where the login ends', async () => {
    const answer = await host.signIn(
      host.browser(),
      '/amazon_auth?state=acme&returnto=%2Forders%3Fa%3D1',
    )
    expect(answer.location).toBe('/orders?a=1')
  })

  test('the para-returnto cookie is where the login ends, and is cleared', async () => {
    const browser = host.browser()
    browser.cookies.set('para-returnto', base64('/basket'))
    const answer = await host.signIn(browser, '/amazon_auth?state=acme')
    expect(answer.location).toBe('/basket')
    expect(browser.cookies.has('para-returnto')).toBe(false)
  })

  test('the root app gets its token also when the login came without state', async () => {
    const answer = await host.signIn(host.browser(), '/amazon_auth')
    expect(answer.location).toMatch(/^\/root-home\?jwt=ey/)
  })

  test('jwt=? carries a session token, and a new one ends the older', async () => {
    const token = async (): Promise<string> => {
      const answer = await host.signIn(host.browser(), '/amazon_auth?state=spa')
      return new URL(answer.location).searchParams.get('jwt') ?? ''
    }
    const status = async (jwt: string): Promise<number> =>
      (await host.browser().get('/any', { authorization: `Bearer ${jwt}` })).status
    const first = await token()
    expect(await status(first)).toBe(200)
    const claims = JSON.parse(Buffer.from(first.split('.')[1] ?? '', 'base64url').toString())
    expect(claims).toMatchObject({ appid: 'app:spa', idp: 'amazon' })
    expect(claims.exp).toBe(claims.iat + 86_400)
    expect(claims.refresh).toBe((claims.iat + 3_600) * 1000)
    const second = await token()
    expect(await status(first)).toBe(401)
    expect(await status(second)).toBe(200)
  })

  test('state=<app>|<n> at the begin picks the front end for success and failure', async () => {
    const success = await host.signIn(host.browser(), '/amazon_auth?state=spa%7C1')
    expect(success.location).toMatch(/^https:\/\/two\.example\/in\?jwt=ey/)
    const browser = host.browser()
    const begun = await browser.get('/amazon_auth?state=spa%7C0')
    const failure = await browser.get(await host.emulator.deny(begun.location))
    expect(failure.location).toBe('https://one.example/out?cause=Access%20denied.')
  })

  test('host_url picks a listed front end, and stays in the redirect_uri', async () => {
    const browser = host.browser()
    const begun = await browser.get('/amazon_auth?state=spa&host_url=https%3A%2F%2Fone.example')
    expect(new URL(begun.location).searchParams.get('redirect_uri')).toBe(
      `${host.origin}/amazon_auth?host_url=https%3A%2F%2Fone.example`,
    )
    const answer = await browser.get(await host.emulator.allow(begun.location))
    expect(answer.location).toMatch(/^https:\/\/one\.example\/in\?jwt=ey/)
  })
})

test('a double tap is one success to metrics, audit trail and limits', async () => {
  const twice = await startHost({ options: { limits: { loginsPerMinute: 2 } } })
  const browser = twice.browser()
  const begun = await browser.get('/amazon_auth?state=acme')
  const back = await twice.emulator.allow(begun.location)
  const taps = [browser, browser.clone(), browser.clone()].map((each) => each.get(back))
  expect((await Promise.all(taps)).map(({ status }) => status)).toEqual([302, 302, 302])
  const audited = twice.log.filter(({ message }) => message === 'audit')
  expect(audited.map(({ facts }) => facts.outcome)).toEqual(['success'])
  expect((await twice.browser().get('/amazon_auth?state=acme')).status).toBe(302)
  await twice.close()
})
