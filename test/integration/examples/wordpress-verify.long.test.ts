import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { PEOPLE } from '../../../src/emulator'
import { claimsOf, startServer, type Keys, type TestServer } from '../../support/api'
import { describeWith, hasPhp } from '../../support/wordpress'

interface Question {
  readonly token: string
  readonly nonce: string
  readonly app?: string
  readonly url?: string
  /** Seconds since 1970. */
  readonly now?: number
}

const NONCE = createHash('sha256').update('of this browser').digest('hex')
const ADA = PEOPLE[0]?.userId ?? ''

describeWith('php', hasPhp)('the verifying code of examples/wordpress', () => {
  let server: TestServer
  let blog: Keys
  let php: ChildProcessWithoutNullStreams
  let answers: AsyncIterator<string>

  beforeAll(async () => {
    server = await startServer()
    const signinSuccess = 'https://blog.example/wp-login.php?action=amazon_auth&jwt=id'
    blog = await server.createApp('blog', { signin_success: signinSuccess })
    await server.createApp('other', { signin_success: signinSuccess })
    php = spawn('php', [join(__dirname, 'wordpress-verify.php')])
    php.stderr.pipe(process.stderr)
    answers = createInterface({ input: php.stdout })[Symbol.asyncIterator]()
  })
  afterEach(() => server.emulator.faults.clear())
  afterAll(async () => {
    const gone = once(php, 'exit')
    php.stdin.end()
    await gone
    await server.close()
  })

  async function verify(question: Question): Promise<unknown> {
    php.stdin.write(`${JSON.stringify({ app: 'blog', url: server.origin, ...question })}\n`)
    const { value } = await answers.next()
    return JSON.parse(String(value))
  }

  /** An ID token as a browser brings it that has begun with a nonce. */
  async function idToken(nonce = NONCE, app = 'blog', userId = ADA): Promise<string> {
    const browser = server.browser()
    const begun = await browser.get(`/amazon_auth?state=${app}&nonce=${nonce}`)
    const back = await browser.get(await server.emulator.allow(begun.location, userId))
    return new URL(back.location).searchParams.get('jwt') ?? ''
  }

  const forge = (token: string, header: object, claims: object): string => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    const [first = '', , signature = ''] = token.split('.')
    const read = JSON.parse(Buffer.from(first, 'base64url').toString()) as object
    return [part({ ...read, ...header }), part({ ...claimsOf(token), ...claims }), signature].join(
      '.',
    )
  }

  test('gives the person whom a token names, once', async () => {
    const token = await idToken()
    const user = {
      id: claimsOf(token).sub,
      identifier: `az:${ADA}`,
      appid: 'blog',
      name: 'Ada Lindqvist',
      email: 'ada@example.com',
    }
    expect(await verify({ token, nonce: NONCE })).toEqual({ user, asked: 1 })
    expect(await verify({ token, nonce: NONCE })).toEqual({ refused: 'token', asked: 1 })
  })

  test('takes no token that another browser has begun, and does not spend it', async () => {
    const token = await idToken()
    for (const nonce of ['', NONCE.slice(1), NONCE.toUpperCase(), `${NONCE}0`]) {
      expect(await verify({ token, nonce })).toEqual({ refused: 'expired', asked: 0 })
    }
    const without = await idToken('')
    expect(await verify({ token: without, nonce: '' })).toEqual({ refused: 'expired', asked: 0 })
    expect(await verify({ token, nonce: NONCE })).toMatchObject({
      user: { identifier: `az:${ADA}` },
    })
  })

  test('believes nothing that the server has not proven', async () => {
    const token = await idToken()
    const other = (await server.signIn('blog', PEOPLE[1]?.userId)).user.id
    const forged = [
      { sub: other },
      { name: 'Root' },
      { identifier: 'az:x' },
      { exp: 4_000_000_000 },
    ]
    for (const claims of forged) {
      const changed = forge(token, {}, claims)
      expect(await verify({ token: changed, nonce: NONCE })).toEqual({ refused: 'token', asked: 1 })
    }
    for (const header of [
      { alg: 'none' },
      { alg: 'HS512' },
      { alg: 'RS256' },
      { typ: 'session+jwt' },
      { typ: 'JWT' },
    ]) {
      const changed = forge(token, header, {})
      expect(await verify({ token: changed, nonce: NONCE })).toEqual({ refused: 'token', asked: 0 })
    }
    expect(await verify({ token, nonce: NONCE })).toHaveProperty('user')
  })

  test("takes no other app's token", async () => {
    const token = await idToken(NONCE, 'other')
    expect(await verify({ token, nonce: NONCE })).toEqual({ refused: 'setup', asked: 0 })
    const renamed = forge(token, {}, { appid: 'app:blog' })
    expect(await verify({ token: renamed, nonce: NONCE })).toEqual({ refused: 'token', asked: 1 })
  })

  test('takes no token before its time or after, but for ten seconds', async () => {
    const token = await idToken()
    const { exp = 0, nbf = 0 } = claimsOf(token)
    for (const now of [exp + 10, exp + 3600, nbf - 11, 0]) {
      expect(await verify({ token, nonce: NONCE, now })).toEqual({ refused: 'expired', asked: 0 })
    }
    expect(await verify({ token, nonce: NONCE, now: exp + 9 })).toHaveProperty('user')
    expect(await verify({ token: await idToken(), nonce: NONCE, now: nbf - 9 })).toHaveProperty(
      'user',
    )
  })

  test('takes no user who is locked by now', async () => {
    const token = await idToken()
    const path = `/v1/users/${String(claimsOf(token).sub)}`
    await server.call(`PATCH ${path}`, { as: blog, body: { active: false } })
    expect(await verify({ token, nonce: NONCE })).toEqual({ refused: 'token', asked: 1 })
    await server.call(`PATCH ${path}`, { as: blog, body: { active: true } })
  })

  test('tells an email that nobody has from one that Amazon has told', async () => {
    server.emulator.faults.set({ endpoint: 'profile', fault: 'email_null' })
    const token = await idToken(NONCE, 'blog', PEOPLE[2]?.userId)
    expect(String(claimsOf(token).email)).toMatch(/^\d+@amazon\.com$/)
    expect(await verify({ token, nonce: NONCE })).toMatchObject({ user: { email: '' } })
  })

  test.each([
    [503, '{"code":503,"message":"busy"}', 'unavailable'],
    [429, '', 'unavailable'],
    [302, '', 'setup'],
    [403, '{"code":403,"message":"root"}', 'setup'],
    [404, '<html>', 'setup'],
    [200, '<html>captive portal</html>', 'setup'],
    [200, '{"user":{"id":"1","identifier":"az:evil","appid":"blog","active":true}}', 'token'],
    [200, '{"user":[]}', 'token'],
    [200, '{"user":"x"}', 'setup'],
  ])('an answer %j %s means %s', async (status, body, refused) => {
    const odd = createServer(
      (_req, res) => void res.writeHead(status, { location: '/' }).end(body),
    ).listen(0)
    await once(odd, 'listening')
    const url = `http://127.0.0.1:${(odd.address() as AddressInfo).port}`
    expect(await verify({ token: await idToken(), nonce: NONCE, url })).toEqual({
      refused,
      asked: 1,
    })
    odd.closeAllConnections()
    odd.close()
  })

  test('a server that is not there is unavailable', async () => {
    const token = await idToken()
    const url = 'http://127.0.0.1:9'
    expect(await verify({ token, nonce: NONCE, url })).toEqual({ refused: 'unavailable', asked: 1 })
  })

  test('odd tokens are refused without a warning of PHP, and nobody is asked', async () => {
    const part = (value: unknown): string =>
      Buffer.from(JSON.stringify(value)).toString('base64url')
    const header = part({ alg: 'HS256', typ: 'id+jwt' })
    const odd = [
      '',
      '.',
      '..',
      'a.b.c',
      'ä.ö.ü',
      `${header}..x`,
      `${header}.${part(null)}.x`,
      `${header}.${part([])}.x`,
      `${header}.${part({ nonce: [NONCE], appid: 'app:blog', sub: '1', exp: 4e9 })}.x`,
      `${header}.${part({ nonce: NONCE, appid: 'app:blog', sub: 1, exp: 4e9 })}.x`,
      `${header}.${part({ nonce: NONCE, appid: 'app:blog', sub: '1', exp: '4000000000' })}.x`,
      `${header}.${part({ nonce: NONCE, appid: 'app:blog', sub: '1', exp: 4_000_000_000, nbf: 'x' })}.x`,
      `${part('x')}.${part({ nonce: NONCE })}.x`,
      `${part([[[[[[[[[[1]]]]]]]]]])}.${header}.x`,
      `${header}.${part({ pad: 'x'.repeat(5000) })}.x`,
      `${header}.${part({ nonce: NONCE })}.x\n`,
    ]
    for (const token of odd) {
      expect([token, await verify({ token, nonce: NONCE })]).toEqual([
        token,
        { refused: 'token', asked: 0 },
      ])
    }
  })
})
