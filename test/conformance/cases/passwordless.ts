import { sign } from 'jsonwebtoken'

import type { Json } from '../../../src/apps/settings'
import type { Section } from '../case'
import type { World } from '../world'

const OWN_KEY = 'a-key-of-the-back-end-0123456789abcdef'
const PERSON = { email: 'eve@example.com', name: 'Eve', identifier: 'crm:7', groups: 'staff' }
const TARGETS = {
  app_secret_key: OWN_KEY,
  signin_success: 'https://shop.example/in?jwt=?',
  signin_failure: 'https://shop.example/out?cause=?',
}

/** Signs in by a token of the back end of `shop`; by default signed with the app's secret. */
function vouched(
  more: Readonly<Record<string, string>> = {},
  signed = (secret: string): string => sign(PERSON, secret, { expiresIn: 60 }),
) {
  return async (world: World): Promise<void> => {
    const { secretKey } = await world.shop(TARGETS)
    const query = new URLSearchParams({ appid: 'shop', token: signed(secretKey), ...more })
    await world.browse(`/passwordless_auth?${query.toString()}`)
  }
}

/** Signs in to `shop` with the ID token that a login there ends with. */
function traded(
  more: Readonly<Record<string, string>> = { redirect: 'false' },
  settings: Readonly<Record<string, Json>> = {},
) {
  return async (world: World): Promise<string> => {
    await world.shop({ ...TARGETS, ...settings, signin_success: 'https://shop.example/in?jwt=id' })
    const { location } = await world.signIn('/amazon_auth?state=shop')
    const token = new URL(location).searchParams.get('jwt') ?? ''
    const query = new URLSearchParams({ appid: 'shop', token, ...more }).toString()
    await world.browse(`/passwordless_auth?${query}`)
    return query
  }
}

const REFUSED = { status: 403, json: { code: 403, message: /\w/ } }

export const passwordless: Section = {
  title: '4 /passwordless_auth',
  cases: [
    {
      line: 'with redirect=false the answer is a session token as text',
      send: vouched({ redirect: 'false' }),
      expected: {
        status: 200,
        headers: { 'content-type': /^text\/plain/ },
        claims: { idp: 'generic', appid: 'app:shop' },
      },
    },
    {
      line: 'app_secret_key may sign as well',
      send: vouched({ redirect: 'false' }, () => sign(PERSON, OWN_KEY, { expiresIn: 60 })),
      expected: { status: 200, claims: { idp: 'generic' } },
    },
    {
      line: 'the claims become the user',
      async send(world) {
        await vouched({ redirect: 'false' })(world)
        await world.call('GET /v1/_me', { as: world.exchanges.at(-1)?.text })
      },
      expected: { status: 200, json: { ...PERSON, identityProvider: 'generic' } },
    },
    {
      line: 'a POST form does the same',
      async send(world) {
        const { secretKey } = await world.shop()
        const token = sign(PERSON, secretKey, { expiresIn: 60 })
        const form = { appid: 'shop', token, redirect: 'false' }
        await world.browse('/passwordless_auth', { form })
      },
      expected: { status: 200, claims: { idp: 'generic' } },
    },
    {
      line: 'without redirect=false it leads to the success target',
      send: vouched(),
      expected: {
        status: 302,
        location: /^https:\/\/shop\.example\/in\?jwt=ey/,
        claims: { idp: 'generic' },
      },
    },
    {
      line: 'a bad token leads to the failure target',
      send: vouched({}, () => 'a.b.c'),
      expected: {
        status: 302,
        location: 'https://shop.example/out?cause=Bad%20credentials.',
        cookies: '',
      },
    },
    {
      line: 'another key is 403 with redirect=false',
      send: vouched({ redirect: 'false' }, () => sign(PERSON, 'x'.repeat(40), { expiresIn: 60 })),
      expected: REFUSED,
    },
    {
      line: 'an expired token is 403',
      send: vouched({ redirect: 'false' }, (secret) => sign(PERSON, secret, { expiresIn: -1 })),
      expected: REFUSED,
    },
    {
      line: 'HS512 is 403',
      send: vouched({ redirect: 'false' }, (secret) =>
        sign(PERSON, secret, { algorithm: 'HS512', expiresIn: 60 }),
      ),
      expected: REFUSED,
    },
    {
      line: 'an unknown app is 403',
      send: vouched({ redirect: 'false', appid: 'nobody' }),
      expected: REFUSED,
    },
    {
      line: 'an ID token is traded for a session token',
      send: traded(),
      expected: { status: 200, claims: { idp: 'amazon', appid: 'app:shop' } },
    },
    {
      line: 'an ID token is good for that once',
      async send(world) {
        await world.browse(`/passwordless_auth?${await traded()(world)}`)
      },
      expected: REFUSED,
    },
    {
      line: 'an ID token leads to the success target like any sign-in',
      send: traded({}),
      expected: { status: 302, location: /^https:\/\/shop\.example\/in\?jwt=ey/ },
    },
    {
      line: 'a strict app takes an ID token, too',
      send: traded({ redirect: 'false' }, { 'security.strict': true }),
      expected: { status: 200, claims: { idp: 'amazon' } },
    },
    {
      line: 'with security.strict, a token of the back end that lives longer than five minutes is 403',
      async send(world) {
        const { secretKey } = await world.shop({ ...TARGETS, 'security.strict': true })
        const token = sign(PERSON, secretKey, { expiresIn: 600 })
        await world.browse(`/passwordless_auth?appid=shop&redirect=false&token=${token}`)
      },
      expected: REFUSED,
    },
    {
      line: 'with security.strict, it is good once',
      async send(world) {
        const { secretKey } = await world.shop({ ...TARGETS, 'security.strict': true })
        const token = sign(PERSON, secretKey, { expiresIn: 60 })
        const path = `/passwordless_auth?appid=shop&redirect=false&token=${token}`
        await world.browse(path)
        await world.browse(path)
      },
      expected: REFUSED,
    },
    {
      line: '/jwt_auth takes it as provider passwordless',
      async send(world) {
        const { secretKey } = await world.shop()
        const token = sign(PERSON, secretKey, { expiresIn: 60 })
        const body = { provider: 'passwordless', appid: 'shop', token }
        await world.call('POST /jwt_auth', { body })
      },
      expected: { status: 200, json: { user: PERSON }, claims: { idp: 'generic' } },
    },
  ],
}
