import { sign } from 'jsonwebtoken'

import type { App } from '../../../src/apps/app'
import { identifyCaller, type Credentials } from '../../../src/request-auth/identify-caller'
import type { SignedRequest } from '../../../src/request-auth/signed-request'
import { issueSessionToken } from '../../../src/tokens/issue-session-token'
import { appWith } from '../../support/app'
import { depsWith } from '../tokens/token-world'
import { buildUser } from '../../integration/store/open-store'
import { ACCESS_KEY, GET, HOST, NOW, SECRET, signWith, withHeader } from './signers'

const app = appWith({}, { id: 'x', secret: SECRET })
const user = buildUser({ appId: 'x', id: '7' })
const [, name = ''] = ACCESS_KEY.split(':')

let signed: SignedRequest
let broken: SignedRequest
beforeAll(async () => {
  signed = await signWith('aws4', { ...GET, query: [['a', 'secret of a query']] })
  broken = { ...signed, method: 'DELETE' }
})

function depsFor(changes: Partial<App> = {}, strict = false) {
  return { ...depsWith({ app: { ...app, ...changes }, user }), now: () => NOW, policy: { strict } }
}

function identify(credentials: Partial<Credentials>, deps = depsFor()) {
  const none = { signedForms: [], clientForms: () => [], authorization: undefined }
  return identifyCaller({ ...none, door: { takes: [] }, ...credentials }, deps)
}

/** Another access key, with the signature that was made for the first. */
function signedBy(accessKey: string): SignedRequest {
  const value = signed.headers.find(([header]) => header.toLowerCase() === 'authorization')?.[1]
  return withHeader(signed, 'authorization', value?.replace(ACCESS_KEY, accessKey))
}

describe('a signed request', () => {
  test('is of the app whose secret signed it, with its signature until that is too old', async () => {
    expect(await identify({ signedForms: [signed] })).toEqual({
      kind: 'app',
      app,
      signature: { text: expect.stringMatching(/^[0-9a-f]{64}$/), expiresAtMs: NOW + 900_000 },
    })
  })

  test('is proven by any form of it, and those of the client are asked for only if none is', async () => {
    const clientForms = jest.fn(() => [broken, signed])
    await expect(identify({ signedForms: [broken, signed], clientForms })).resolves.toMatchObject({
      kind: 'app',
    })
    expect(clientForms).not.toHaveBeenCalled()
    await expect(identify({ signedForms: [broken], clientForms })).resolves.toMatchObject({
      kind: 'app',
    })
    expect(clientForms).toHaveBeenCalledTimes(1)
  })

  test('that does not fit is told with what was compared, each once, without its query', async () => {
    const elsewhere = withHeader({ ...broken, target: `/${'p'.repeat(200)}?q` }, 'host', undefined)
    const credentials = { signedForms: [broken, broken], clientForms: () => [elsewhere] }
    await expect(identify(credentials)).rejects.toMatchObject({ code: 'signature_invalid' })
    const unproven = { signedForms: [broken, broken], clientForms: () => [broken] }
    await expect(identify(unproven)).rejects.toMatchObject({
      code: 'signature_invalid',
      facts: { accessKey: ACCESS_KEY, checked: `DELETE ${HOST} /v1/_settings` },
    })
  })

  test('is told with at most 128 characters of host and path, of every form', async () => {
    const host = 'h'.repeat(200)
    const other = withHeader({ ...broken, target: `/${'p'.repeat(200)}` }, 'host', host)
    await expect(
      identify({ signedForms: [broken], clientForms: () => [other] }),
    ).rejects.toMatchObject({
      facts: {
        checked: `DELETE ${HOST} /v1/_settings, or DELETE ${'h'.repeat(128)} /${'p'.repeat(127)}`,
      },
    })
  })

  test('a form whose body does not fit says nothing, and where none fits the last tells why', async () => {
    const otherBody = withHeader(signed, 'x-amz-content-sha256', 'x')
    await expect(identify({ signedForms: [otherBody, signed] })).resolves.toMatchObject({
      kind: 'app',
    })
    const stale = withHeader(signed, 'x-amz-date', undefined)
    await expect(identify({ signedForms: [otherBody, stale] })).rejects.toMatchObject({
      code: 'signature_expired',
    })
  })

  test('is of nobody where the app is switched off, but only if it is proven', async () => {
    const off = depsFor({ active: false })
    await expect(identify({ signedForms: [signed] }, off)).rejects.toMatchObject({
      code: 'access_key_inactive',
      facts: { app: 'x' },
    })
    await expect(identify({ signedForms: [broken] }, off)).rejects.toMatchObject({
      code: 'signature_invalid',
    })
  })

  test.each([`app:app:${name}`, `APP:${name}`, `${name}x`, 'app:', 'app:other', 'o'.repeat(99)])(
    'by the access key %s is of no app; where strict, it is as if its secret were wrong',
    async (accessKey) => {
      const signedForms = [signedBy(accessKey)]
      await expect(identify({ signedForms })).rejects.toMatchObject({
        code: 'access_key_unknown',
        facts: { accessKey: accessKey.slice(0, 64) },
      })
      await expect(identify({ signedForms }, depsFor({}, true))).rejects.toMatchObject({
        code: 'signature_invalid',
        facts: { accessKey: accessKey.slice(0, 64) },
      })
    },
  )

  test('has the name of its app with or without "app:" as access key', async () => {
    await expect(identify({ signedForms: [signedBy(name)] })).resolves.toMatchObject({ app })
  })

  test('whose signature is broken is refused, whatever token stands beside it', async () => {
    const malformed = withHeader(signed, 'authorization', 'AWS4-HMAC-SHA256 x')
    const authorization = `Bearer ${issueSessionToken(app, user, { ttlSeconds: 9, nowMs: NOW }).token}`
    await expect(identify({ signedForms: [malformed], authorization })).rejects.toMatchObject({
      code: 'signature_malformed',
    })
  })
})

describe('a token', () => {
  const token = issueSessionToken(app, user, { ttlSeconds: 60, nowMs: NOW }).token
  const unsigned = () => withHeader(signed, 'authorization', undefined)

  test.each([`Bearer ${token}`, `bearer   ${token}  `])(
    '%.10s… is of its user',
    async (authorization) => {
      const caller = await identify({ signedForms: [unsigned()], authorization })
      expect(caller).toEqual({ kind: 'user', app, user, tokenKind: 'session' })
      expect(await identify({ authorization })).toEqual(caller)
    },
  )

  test('of the app itself is the app, without a signature', async () => {
    const claims = { appid: 'x', exp: NOW / 1000 + 60, getCredentials: 1 }
    const authorization = `Bearer ${sign(claims, SECRET, { noTimestamp: true })}`
    expect(await identify({ authorization })).toEqual({ kind: 'app', app, wantsKeys: true })
  })

  test.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    `Basic ${token}`,
    `x Bearer ${token}`,
    `Bearer ${token} x`,
  ])('is none in %.12j', async (authorization) => {
    expect(await identify({ signedForms: [unsigned()], authorization })).toBeUndefined()
  })

  test('opens no door that does not take it, where strict', async () => {
    const authorization = `Bearer ${token}`
    await expect(identify({ authorization }, depsFor({}, true))).rejects.toMatchObject({
      code: 'token_invalid',
    })
  })
})
