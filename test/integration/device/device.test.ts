import { setTimeout as sleep } from 'node:timers/promises'

import { PEOPLE } from '../../../src/emulator'
import { callAt, ROOT_KEYS } from '../../support/api'
import { ACME } from '../../support/host'
import { StoreFile } from '../../support/store-file'
import {
  shortestGap,
  describeOnStores,
  startDeviceWorld,
  TV,
  type DeviceWorld,
} from './device-world'

describeOnStores((start) => {
  let world: DeviceWorld

  beforeAll(async () => {
    world = await start()
  })
  beforeEach(() => world.emulator.journal.clear())

  test('a device gets codes in the form of RFC 8628, with a handle of ours in place of Amazon’s code', async () => {
    const { status, json } = await world.post('/amazon_auth/device', { appid: 'app:acme' })
    expect(status).toBe(200)
    expect(json).toEqual({
      device_code: expect.stringMatching(/^acme\.[\w-]{43}$/),
      user_code: expect.stringMatching(/^[A-Z]{6}$/),
      verification_uri: `${world.emulator.origin}/us/code`,
      expires_in: 600,
      interval: 1,
    })
    const [asked] = world.emulator.journal.entries({ path: '/auth/o2/create/codepair' })
    expect(asked?.body).toEqual({
      response_type: 'device_code',
      client_id: TV.clientId,
      scope: 'profile',
    })
  })

  test('it waits until a person allows it, and then gets a session token and the user, once', async () => {
    const codes = await world.begin()
    const pending = await world.ask(codes)
    expect([pending.status, pending.json.error]).toEqual([400, 'authorization_pending'])
    world.emulator.allowDevice(codes.user_code, PEOPLE[1]?.userId)
    const { status, json, headers } = await world.wait(codes)
    expect(status).toBe(200)
    expect(headers['cache-control']).toBe('no-store')
    expect(json).toMatchObject({
      token_type: 'Bearer',
      jwt: { access_token: json.access_token },
      user: { identifier: `az:${PEOPLE[1]?.userId}`, name: PEOPLE[1]?.name, appid: 'acme' },
    })
    expect(json.expires_in).toBeGreaterThan(86_000)
    const me = await callAt(world.origin, 'GET /v1/_me', { as: String(json.access_token) })
    expect(me.json.id).toBe(json.user.id)
    await sleep(1_000)
    const again = await world.ask(codes)
    expect([again.status, again.json.error]).toEqual([400, 'expired_token'])
  })

  test('a form with the words of the RFC is taken as well as JSON', async () => {
    const form = (path: string, fields: Record<string, string>) =>
      fetch(world.origin + path, { method: 'POST', body: new URLSearchParams(fields) })
    const begun = await form('/amazon_auth/device', { client_id: 'acme', scope: 'profile' })
    const { device_code } = (await begun.json()) as Record<string, string>
    const answer = await form('/amazon_auth/device/token', {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: String(device_code),
      client_id: 'acme',
    })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: 'authorization_pending' })
  })

  test('whoever asks in haste is told to slow down, and Amazon is not asked', async () => {
    const codes = await world.begin()
    await sleep(1_000)
    await world.ask(codes)
    const answers = [await world.ask(codes), await world.ask(codes)]
    expect(answers.map(({ json }) => json.error)).toEqual(['slow_down', 'slow_down'])
    expect(world.polls()).toHaveLength(1)
  })

  test('a person who says no is access_denied, for good, and an event of the audit trail', async () => {
    const codes = await world.begin()
    world.emulator.denyDevice(codes.user_code)
    expect((await world.wait(codes)).json.error).toBe('access_denied')
    await sleep(1_000)
    expect((await world.ask(codes)).json.error).toBe('access_denied')
    expect(world.polls()).toHaveLength(1)
    const events = world.log.filter(({ message }) => message === 'audit').map(({ facts }) => facts)
    expect(events.filter(({ reason }) => reason === 'access_denied')).toMatchObject([
      { way: 'device', app: 'acme', outcome: 'failure' },
    ])
  })

  test.each([
    ['an app that is not there', { appid: 'nobody' }, 400, 'invalid_client'],
    ['an app without keys', { appid: 'keyless' }, 400, 'invalid_client'],
  ])('%s gets no codes', async (_case, body, status, error) => {
    const answer = await world.post('/amazon_auth/device', body)
    expect([answer.status, answer.json.error]).toEqual([status, error])
    expect(world.emulator.journal.count()).toBe(0)
  })

  test.each([
    ['no device_code', {}, 'invalid_request'],
    ['no handle', { device_code: 'x' }, 'expired_token'],
    ['an unknown handle', { device_code: `acme.${'x'.repeat(43)}` }, 'expired_token'],
    ['a handle of no app', { device_code: `nobody.${'x'.repeat(43)}` }, 'expired_token'],
  ])('%s gets no token', async (_case, body, error) => {
    const answer = await world.post('/amazon_auth/device/token', body)
    expect([answer.status, answer.json.error]).toEqual([400, error])
    expect(world.emulator.journal.count()).toBe(0)
  })

  test('other methods are refused', async () => {
    const answer = await callAt(world.origin, 'GET /amazon_auth/device/token')
    expect([answer.status, answer.headers.allow]).toEqual([405, 'POST'])
    expect((await callAt(world.origin, 'DELETE /amazon_auth/device')).status).toBe(405)
  })

  test('while Amazon’s profiles cannot be read the token is kept, and the device is signed in as soon as they can', async () => {
    const codes = await world.begin()
    world.emulator.allowDevice(codes.user_code)
    world.emulator.faults.set({
      endpoint: 'profile',
      fault: { name: 'status', status: 500 },
    } as never)
    await sleep(1_100)
    expect((await world.ask(codes)).json.error).toBe('authorization_pending')
    world.emulator.faults.clear()
    expect((await world.wait(codes)).status).toBe(200)
    const polls = world.emulator.journal.entries({ path: '/auth/o2/token', status: 200 })
    expect(polls).toHaveLength(1)
  })
})

test('codes, handles and tokens are nowhere in the store', async () => {
  const file = new StoreFile()
  const world = await startDeviceWorld({ options: { store: { url: file.url } } })
  try {
    const codes = await world.begin()
    await world.ask(codes)
    const open = file.dump('device_logins')
    expect(open).toContain('open')
    expect(open).not.toContain(codes.user_code)
    expect(open).not.toContain(codes.device_code.slice(5))
    world.emulator.allowDevice(codes.user_code)
    await world.wait(codes)
    expect(file.dump('device_logins')).toContain('done')
    expect(JSON.stringify(world.log)).not.toContain(codes.device_code.slice(5))
    expect(JSON.stringify(world.log)).not.toContain(codes.user_code)
  } finally {
    await world.close()
    file.remove()
  }
})

test('an expired code is expired_token', async () => {
  const world = await startDeviceWorld({ amazon: { codePairLifeSeconds: 1 } })
  try {
    const codes = await world.begin()
    expect((await world.wait(codes)).json.error).toBe('expired_token')
  } finally {
    await world.close()
  }
})

test('only so many devices of an app and of an address may wait', async () => {
  const limits = { openDevicesPerAddress: 2 }
  const world = await startDeviceWorld({ options: { limits } })
  try {
    const [first] = [await world.begin(), await world.begin()]
    const refused = await world.post('/amazon_auth/device', { appid: 'acme' })
    expect([refused.status, refused.json.error]).toEqual([429, 'temporarily_unavailable'])
    expect(refused.headers['retry-after']).toBe('60')
    expect(refused.json.error_description).toMatch(/^Too many codes of this app are open\./)
    await world.post('/amazon_auth/device', { appid: 'acme' })
    const told = world.log.filter(({ message }) => message === 'a device has got no code')
    const facts: unknown = expect.objectContaining({ app: 'acme', reason: expect.any(String) })
    expect(told).toMatchObject([{ level: 'warn', facts }])
    expect(world.emulator.journal.count('/auth/o2/create/codepair')).toBe(2)
    world.emulator.denyDevice(first.user_code)
    await world.wait(first)
    expect((await world.post('/amazon_auth/device', { appid: 'acme' })).status).toBe(200)
  } finally {
    await world.close()
  }
})

test.each(['text/xml', 'text/plain', 'multipart/form-data; boundary=x'])(
  'a body of %s is 415, which names what is taken',
  async (type) => {
    const world = await startDeviceWorld()
    try {
      for (const path of ['/amazon_auth/device', '/amazon_auth/device/token']) {
        const headers = { 'content-type': type }
        const { status, json } = await callAt(world.origin, `POST ${path}`, {
          body: '<a/>',
          headers,
        })
        expect([status, json.error]).toEqual([415, 'invalid_request'])
        expect(json.error_description).toMatch(/application\/json or application\/x-www-form/)
      }
    } finally {
      await world.close()
    }
  },
)

test('what cannot be read counts against its address, and past the limit is refused and not recorded', async () => {
  const world = await startDeviceWorld({ options: { limits: { failuresPerMinute: 3 } } })
  const audited = () => world.log.filter(({ message }) => message === 'audit').length
  const send = (path: string, body: string) =>
    fetch(world.origin + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
  const floods = [
    ['/amazon_auth/device/token', '{"device_code":"x"}'],
    ['/amazon_auth/device/token', '{}'],
    ['/amazon_auth/device', '['],
  ] as const
  try {
    for (const [path, body] of floods) expect((await send(path, body)).status).toBe(400)
    expect(audited()).toBe(3)
    for (const [path, body] of floods) {
      const refused = await send(path, body)
      expect(refused.status).toBe(429)
      expect(refused.headers.get('retry-after')).toMatch(/^\d+$/)
      expect(await refused.json()).toMatchObject({ error: 'temporarily_unavailable', code: 429 })
    }
    const link = await callAt(world.origin, 'GET /amazon_auth/try?link=x')
    expect(link.status).toBe(429)
    expect(audited()).toBe(3)
    const codes = await world.begin()
    expect((await world.ask(codes)).json.error).toBe('authorization_pending')
  } finally {
    await world.close()
  }
})

test.each(['/amazon_auth/device', '/amazon_auth/device/token'])(
  'a body of more than 16 KiB is 413 at %s',
  async (path) => {
    const world = await startDeviceWorld()
    try {
      const { status, json } = await world.post(path, { appid: 'acme', pad: 'x'.repeat(16_384) })
      expect([status, json.error, json.code]).toEqual([413, 'invalid_request', 413])
    } finally {
      await world.close()
    }
  },
)

test.each(['image', 'iframe', 'script', 'embed'])(
  'the page begins no code where a page shows it as %s',
  async (dest) => {
    const world = await startDeviceWorld()
    try {
      const open = (to: string) =>
        fetch(`${world.origin}/amazon_auth/device?appid=acme`, {
          headers: { accept: 'text/html', 'sec-fetch-dest': to, 'sec-fetch-site': 'cross-site' },
        })
      const refused = await open(dest)
      expect(refused.status).toBe(403)
      expect(await refused.json()).toMatchObject({ message: expect.stringMatching(/by itself/) })
      expect(world.emulator.journal.count()).toBe(0)
      expect((await open('document')).status).toBe(200)
      expect(world.emulator.journal.count('/auth/o2/create/codepair')).toBe(1)
    } finally {
      await world.close()
    }
  },
)

test('a form of another site begins no code, one of this host and of an allowed origin does', async () => {
  const allowed = 'https://app.example.com'
  const world = await startDeviceWorld({ options: { security: { corsOrigins: [allowed] } } })
  const send = async (headers: Record<string, string>, body: string | URLSearchParams) =>
    fetch(`${world.origin}/amazon_auth/device`, { method: 'POST', headers, body })
  const form = new URLSearchParams({ client_id: 'acme' })
  const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
  try {
    for (const headers of [foreign, { origin: foreign.origin }, { origin: 'null' }]) {
      const refused = await send(headers, form)
      expect(refused.status).toBe(403)
      expect(await refused.json()).toMatchObject({ error: 'invalid_request', code: 403 })
    }
    expect(world.emulator.journal.count()).toBe(0)
    for (const headers of [{}, { origin: world.origin }, { ...foreign, origin: allowed }]) {
      expect((await send(headers, form)).status).toBe(200)
    }
    // Browsers ask first whether they may send it; apps on TVs, which lie in no site, do not.
    const json = { ...foreign, 'content-type': 'application/json' }
    expect((await send(json, '{"appid":"acme"}')).status).toBe(200)
  } finally {
    await world.close()
  }
})

test('a strict app without keys is to a script of the page as one that is not there', async () => {
  const world = await startDeviceWorld({ options: { security: { strict: true } } })
  const ask = async (appid: string) => {
    const answer = await fetch(`${world.origin}/amazon_auth/device?appid=${appid}`, {
      headers: { accept: 'application/json' },
    })
    return { status: answer.status, body: await answer.text() }
  }
  try {
    const absent = await ask('nobody')
    expect(absent.status).toBe(401)
    expect(await ask('keyless')).toEqual(absent)
    expect((await ask('acme')).status).toBe(200)
  } finally {
    await world.close()
  }
})

test('where Amazon answers a denial by invalid_code_pair, the device asks for a new code', async () => {
  const world = await startDeviceWorld({ amazon: { deviceDenial: 'invalid_code_pair' } })
  try {
    const codes = await world.begin()
    world.emulator.denyDevice(codes.user_code)
    expect((await world.wait(codes)).json.error).toBe('expired_token')
  } finally {
    await world.close()
  }
})

test('an app without a client for devices uses its own, and one with a secret sends it', async () => {
  const world = await startDeviceWorld({
    options: {
      apps: {
        plain: { azAppId: ACME.clientId, azSecret: ACME.clientSecret },
        kept: { azDeviceAppId: TV.clientId, azDeviceSecret: TV.clientSecret },
      },
    },
  })
  try {
    for (const [app, secret, infos] of [
      ['plain', undefined, 1],
      ['kept', TV.clientSecret, 0],
    ] as const) {
      world.emulator.journal.clear()
      const codes = await world.begin(app)
      world.emulator.allowDevice(codes.user_code)
      expect((await world.wait(codes)).json.user.appid).toBe(app)
      const [poll] = world.emulator.journal.entries({ path: '/auth/o2/token' })
      expect(poll?.body.client_secret).toBe(secret)
      expect(world.emulator.journal.count('/auth/o2/tokeninfo')).toBe(infos)
    }
  } finally {
    await world.close()
  }
})

test('the root app of a host signs in devices, too', async () => {
  const world = await startDeviceWorld()
  try {
    const { json } = await world.post('/amazon_auth/device', {})
    world.emulator.allowDevice(String(json.user_code))
    expect((await world.wait(json)).json.user.appid).toBe('para')
  } finally {
    await world.close()
  }
})

test('where Amazon’s tokens are lost on their way the device asks for a new code, and nobody is half signed in', async () => {
  const file = new StoreFile()
  const world = await startDeviceWorld({ options: { store: { url: file.url } } })
  try {
    const codes = await world.begin()
    world.emulator.allowDevice(codes.user_code)
    world.emulator.faults.set({ endpoint: 'token', fault: 'reset_after_read', times: 1 })
    expect((await world.wait(codes)).json.error).toBe('expired_token')
    expect(shortestGap(world.polls())).toBeGreaterThanOrEqual(1_000)
    expect(file.dump('users')).not.toContain('acme')
  } finally {
    await world.close()
    file.remove()
  }
})

test('a code is void once the app has another client for its devices', async () => {
  const world = await startDeviceWorld({ options: { rootSecretKey: ROOT_KEYS.secretKey } })
  try {
    const { json: acme } = await callAt(world.origin, 'GET /v1/_setup/late', { as: ROOT_KEYS })
    const put = (value: string) =>
      callAt(world.origin, 'PUT /v1/_settings/az_device_app_id', { as: acme, body: { value } })
    await put(TV.clientId)
    const codes = await world.begin('late')
    await put('client.other')
    world.emulator.allowDevice(codes.user_code)
    await sleep(1_100)
    expect((await world.ask(codes)).json.error).toBe('expired_token')
    expect(world.polls()).toEqual([])
  } finally {
    await world.close()
  }
})

test('a locked user is access_denied', async () => {
  const world = await startDeviceWorld({
    options: { rootSecretKey: ROOT_KEYS.secretKey, api: { manage: true } },
  })
  try {
    const { json: late } = await callAt(world.origin, 'GET /v1/_setup/late', { as: ROOT_KEYS })
    const body = { value: TV.clientId }
    await callAt(world.origin, 'PUT /v1/_settings/az_device_app_id', { as: late, body })
    const first = await world.begin('late')
    world.emulator.allowDevice(first.user_code)
    const { user } = (await world.wait(first)).json as { user: { id: string } }
    await callAt(world.origin, `PATCH /v1/users/${user.id}`, { as: late, body: { active: false } })
    const second = await world.begin('late')
    world.emulator.allowDevice(second.user_code)
    expect((await world.wait(second)).json.error).toBe('access_denied')
  } finally {
    await world.close()
  }
})
