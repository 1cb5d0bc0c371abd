import { buildEndpoints } from '../../../../src/amazon/endpoints'
import { AmazonAuthError, type ErrorCode } from '../../../../src/errors'
import { createLimits } from '../../../../src/http/limits/limits'
import { login } from '../../../../src/http/login/login'
import { Once } from '../../../../src/http/login/once'
import { guideAddress } from '../../../../src/http/login/try/guide-address'
import { explainFailure } from '../../../../src/http/login/try/explain-failure'
import { showTry } from '../../../../src/http/login/try/show-try'
import { noteTried, wasTried } from '../../../../src/http/login/try/tried'
import { openTryLink, requireLinkTo, tryAddress } from '../../../../src/http/login/try/try-link'
import type { TryReport } from '../../../../src/pages/try-report'
import { appWith } from '../../../support/app'
import {
  ann,
  answerOf,
  APPS,
  keep,
  NOW_MS,
  PUBLIC,
  refusal,
  stepsWorld,
  type Ask,
  type Jar,
  type Setup,
} from './steps-world'

const TEN_MINUTES_MS = 600_000
const JSON_WANTED = { accept: 'application/json' }
const PLACE = { base: PUBLIC, mountPath: '' }
const ADMIN = {
  isOn: true,
  path: '/admin',
  origin: undefined,
  identifiers: [],
  idleMs: 1_000,
} as const
const acme = appWith(APPS.acme, { createdAtMs: 7 })

describe('a link', () => {
  const world = stepsWorld()
  const linkIn = (url: string) => new URL(url).searchParams.get('link') ?? undefined

  test('is good for ten minutes, less a moment, on every node, and no two are alike', () => {
    const { url, expiresAtMs } = tryAddress(acme, PLACE, world.services)
    expect(url).toMatch(/^https:\/\/shop\.example\/amazon_auth\/try\?link=[\w.-]+$/)
    expect(expiresAtMs).toBe(NOW_MS + TEN_MINUTES_MS)
    const opened = { appId: 'acme', madeAtMs: 7, expiresAtMs, isOfGuide: false }
    const at = (nowMs: number) =>
      refusal(() => openTryLink(linkIn(url), { ...world.services, now: () => nowMs }))
    expect(at(expiresAtMs - 1)).toEqual({ value: opened })
    expect(at(expiresAtMs)).toBe('try_link_invalid: expired')
    expect(tryAddress(acme, PLACE, world.services).url).not.toBe(url)
  })

  test('may end at another time, lie below a path, and say that it is of the guide', () => {
    const place = { base: `${PUBLIC}/base/`, mountPath: '/auth', isOfGuide: true }
    const { url, expiresAtMs } = tryAddress(acme, place, world.services, NOW_MS + 5)
    expect(url).toMatch(/^https:\/\/shop\.example\/base\/auth\/amazon_auth\/try\?link=/)
    expect(expiresAtMs).toBe(NOW_MS + 5)
    expect(openTryLink(linkIn(url), world.services)).toMatchObject({ expiresAtMs, isOfGuide: true })
  })

  test.each([undefined, '', 'x'])('that is none (%j) is refused', (link) => {
    const open = () => openTryLink(link, world.services)
    expect(refusal(open)).toBe('try_link_invalid: not one of ours')
  })

  test('that was sealed for something else is none', () => {
    const sealed = world.sealer.seal('{"app":"acme","made":7,"until":9e15}', 'another purpose')
    expect(refusal(() => openTryLink(sealed, world.services))).toBe(
      'try_link_invalid: not one of ours',
    )
  })

  test('is for one app, and none that is made by its name later', () => {
    const link = { appId: 'acme', madeAtMs: 7, expiresAtMs: 0, isOfGuide: false }
    expect(refusal(() => requireLinkTo(acme, link))).toEqual({ value: undefined })
    for (const other of [appWith({}, { id: 'zenith', createdAtMs: 7 }), appWith({})]) {
      expect(refusal(() => requireLinkTo(other, link))).toBe('try_link_invalid: of another app')
    }
  })
})

describe('what its page says', () => {
  async function show(setup: Setup = {}, { link = {}, headers = {}, leftMs = 90_000 } = {}) {
    const world = stepsWorld({
      changes: { createdAtMs: 7 },
      ...setup,
      services: {
        metrics: { countLogin: () => undefined } as never,
        doctor: { run: () => Promise.resolve({ results: [] }) } as never,
        ...setup.services,
      },
    })
    const at = { ...PLACE, ...link }
    const { url } = tryAddress(acme, at, world.services, NOW_MS + leftMs)
    const visit = await world.open(url.slice(PUBLIC.length), { headers })
    const { response } = visit.res.socket as unknown as { readonly response: Promise<Response> }
    await showTry(visit)
    const text = await (await response).text()
    return { ...answerOf(visit), text, url, log: world.log, headers: (await response).headers }
  }

  test('to a person: where it begins, and the minutes that are left, one at least', async () => {
    const { status, text, url } = await show()
    expect(status).toBe(200)
    const link = new URL(url).search.replace('?link=', 'try=')
    expect(text).toContain(`href="${PUBLIC}/amazon_auth?state=acme&#38;${link}"`)
    expect(text).toContain('still good: 2.')
    expect((await show({}, { leftMs: 89_999 })).text).toContain('still good: 1.')
    expect((await show({}, { leftMs: 1 })).text).toContain('still good: 1.')
  })

  test('to a script: the same as JSON, for nobody to keep', async () => {
    const { status, text, url, headers } = await show({}, { headers: JSON_WANTED })
    const link = new URL(url).search.replace('?link=', 'try=')
    expect([status, JSON.parse(text)]).toEqual([
      200,
      {
        app: 'acme',
        expires: NOW_MS + 90_000,
        location: `${PUBLIC}/amazon_auth?state=acme&${link}`,
      },
    ])
    expect(headers.get('cache-control')).toBe('no-store')
  })

  test('leads to the guide that it is of, where there are pages for operators', async () => {
    const policy = { admin: ADMIN }
    const guide = 'href="/admin/apps/acme/setup"'
    expect((await show({ policy }, { link: { isOfGuide: true } })).text).toContain(guide)
    expect((await show({ policy })).text).not.toContain('/setup')
    expect((await show({}, { link: { isOfGuide: true } })).text).not.toContain('/setup')
  })

  test.each<[string, Setup, number, ErrorCode]>([
    ['is switched off', { changes: { active: false, createdAtMs: 7 } }, 200, 'app_inactive'],
    ['has no keys', { apps: { acme: {} } }, 200, 'app_not_configured'],
    ['was made anew', { changes: { createdAtMs: 8 } }, 410, 'try_link_invalid'],
    ['is gone', { apps: {} }, 404, 'app_not_found'],
  ])('where the app %s', async (_what, setup, status, code) => {
    const answer = await show(setup, { headers: JSON_WANTED })
    expect(answer.status).toBe(status)
    const { ok, failure, message, code: refused } = JSON.parse(answer.text)
    expect({ ok, failure, message, refused }).toEqual(
      status === 200
        ? { ok: false, failure: expect.objectContaining({ code, amazon: null, doctor: [] }) }
        : { message: new AmazonAuthError(code).message, refused: status },
    )
    expect(answer.log).toEqual([
      expect.objectContaining({
        facts: expect.objectContaining({ code }),
        message:
          status === 200
            ? 'a sign-in that was tried has failed'
            : 'a link to try the sign-in could not be opened',
      }),
    ])
  })

  test('to a person whose link is over: to ask for a new one', async () => {
    const over = await show({ changes: { createdAtMs: 8 } })
    expect([over.status, over.text.includes('role="alert"')]).toEqual([410, true])
    expect(over.headers.get('referrer-policy')).toBe('no-referrer')
    const gone = await show({ apps: {} })
    expect(gone.status).toBe(404)
    expect(gone.text).not.toBe(over.text)
  })

  test('to a person who is not let in: when to come again', async () => {
    const rules = { failuresPerMinute: 0, loginsPerMinute: 1, badSignaturesPerMinute: 0 }
    const limits = createLimits(rules, () => NOW_MS)
    limits.logins.count('acme', () => undefined)
    const refused = await show({ services: { limits } })
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(refused.log).toEqual([])
  })
})

describe('the guide', () => {
  const at = (admin: object, isWanted: boolean | undefined, mountPath = '') => {
    const { services } = stepsWorld({ policy: { admin: { ...ADMIN, ...admin } } })
    return guideAddress(acme, isWanted, { services, mountPath })
  }

  test('lies below the pages for operators, wherever they are', () => {
    expect(at({}, true)).toBe('/admin/apps/acme/setup')
    expect(at({ path: '/ops' }, true, '/auth')).toBe('/auth/ops/apps/acme/setup')
    const origin = 'https://ops.example'
    expect(at({ origin }, true)).toBe('https://ops.example/admin/apps/acme/setup')
  })

  test('is nowhere for those who were not led by it, and where there are no such pages', () => {
    expect(at({}, false)).toBeUndefined()
    expect(at({}, undefined)).toBeUndefined()
    expect(at({ isOn: false }, true)).toBeUndefined()
    expect(at({ isOn: undefined }, true)).toBeUndefined()
  })
})

describe('that a try has worked', () => {
  const on = (more: Setup = {}) => stepsWorld({ policy: { admin: ADMIN }, ...more })

  test('is noted for ten years, for the keys and the app that were tried', async () => {
    const world = on()
    const names = new Set<string>()
    const other = { ...APPS.acme, az_secret: 'other' }
    const client = { ...APPS.acme, az_app_id: 'other' }
    const apps = [
      acme,
      appWith(APPS.acme),
      appWith(other, { createdAtMs: 7 }),
      appWith(client, { createdAtMs: 7 }),
      appWith({}, { createdAtMs: 7 }),
    ]
    for (const app of apps) await noteTried(app, world.services)
    for (const { appId, name, expiresAtMs } of world.used) {
      expect([appId, expiresAtMs - NOW_MS]).toEqual(['acme', 10 * 365 * 24 * 3_600_000])
      names.add(name)
    }
    expect(names.size).toBe(apps.length)
    expect(world.log).toEqual([])
  })

  test('is asked for by the same name', async () => {
    const asked: object[] = []
    const singleUse = {
      take: (use: object) => Promise.resolve(void asked.push(use)),
      wasTaken: (use: object) => Promise.resolve(asked.push(use) > 0),
    }
    const world = on({ services: { singleUse: singleUse as never } })
    await noteTried(acme, world.services)
    expect(await wasTried(acme, world.services)).toBe(true)
    expect(asked[0]).toEqual({ ...asked[1], expiresAtMs: expect.any(Number) })
  })

  test('is noted for nobody where there are no pages for operators', async () => {
    const world = stepsWorld()
    await noteTried(acme, world.services)
    expect(world.used).toEqual([])
  })

  test('is told to the log where it cannot be noted, and is no failure', async () => {
    const cause = new Error('down')
    const singleUse = { take: () => Promise.reject(cause) }
    const world = on({ services: { singleUse: singleUse as never } })
    await noteTried(acme, world.services)
    expect(world.log).toEqual([
      {
        level: 'warn',
        message: 'that a try has worked could not be noted',
        facts: { app: 'acme', cause },
      },
    ])
  })
})

describe('why a try has failed', () => {
  async function explain(
    error: AmazonAuthError,
    query = '',
    run: () => Promise<object> = () => Promise.resolve({ results: [] }),
  ) {
    const orders: object[] = []
    const doctor = { run: (order: object) => (orders.push(order), run()) }
    const world = stepsWorld({ services: { doctor: doctor as never } })
    const visit = await world.open(`/amazon_auth?${query}`)
    return { told: await explainFailure(error, 'exchange_code', acme, visit), orders }
  }

  test('is told by code, message and advice, with what Amazon has answered', async () => {
    const facts = {
      upstreamStatus: 400,
      upstreamError: 'invalid_grant',
      upstreamParameter: 'code',
    }
    const error = new AmazonAuthError('code_rejected', facts)
    const { told } = await explain(error, 'error=other&error_description=Why')
    expect(told).toEqual({
      step: 'exchange_code',
      code: 'code_rejected',
      message: error.message,
      advice: error.advice,
      amazon: {
        status: 400,
        error: 'invalid_grant',
        parameter: 'code',
        error_description: 'Why',
      },
      doctor: [],
    })
  })

  test('is told by what the browser brings from Amazon, and shortly', async () => {
    const long = `error=${'e'.repeat(41)}&error_description=${'d'.repeat(301)}`
    const { told } = await explain(new AmazonAuthError('access_denied'), long)
    expect(told.amazon).toEqual({ error: 'e'.repeat(40), error_description: 'd'.repeat(300) })
    const { told: silent } = await explain(new AmazonAuthError('amazon_timeout'))
    expect(silent.amazon).toBeNull()
  })

  test('is asked of doctor as an app does, who answers the worst first', async () => {
    const word = (level: string, check: string) => ({ app: 'acme', level, check, message: check })
    const results = [
      word('ok', 'a'),
      word('warning', 'b'),
      word('failure', 'c'),
      word('skipped', 'd'),
      word('failure', 'e'),
    ]
    const { told, orders } = await explain(new AmazonAuthError('client_rejected'), '', () =>
      Promise.resolve({ results }),
    )
    expect(told.doctor.map(({ check }) => check)).toEqual(['c', 'e', 'b', 'a'])
    expect(told.doctor[0]).toEqual({ level: 'failure', check: 'c', message: 'c' })
    expect(orders).toEqual([
      expect.objectContaining({
        asker: 'app',
        app: 'acme',
        explains: 'client_rejected',
        isRemote: true,
        limitMs: 4_000,
      }),
    ])
  })

  test('is told also where doctor cannot look', async () => {
    const down = () => Promise.reject(new Error('down'))
    const { told } = await explain(new AmazonAuthError('store_unavailable'), '', down)
    expect(told).toMatchObject({ code: 'store_unavailable', doctor: [] })
  })
})

describe('a login that is tried', () => {
  const PROFILE = { userId: 'amzn1.account.A', name: 'Ann' }
  const CAME = { accessToken: 'a', expiresInSeconds: 60 }

  /** A browser with a link: both legs of a login, on real steps. */
  function trying(
    setup: Setup = {},
    { came = {}, profile = {}, known = false, link = {}, leftMs = TEN_MINUTES_MS } = {},
  ) {
    const user = { ...ann, name: 'Ann', identifier: 'az:amzn1.account.A' }
    const asked: object[] = []
    const world = stepsWorld({
      changes: { createdAtMs: 7 },
      ...setup,
      services: {
        amazon: {
          endpointsOf: () => buildEndpoints('na'),
          exchangeCode: (grant: object) => {
            asked.push(grant)
            return Promise.resolve({ ...CAME, ...came })
          },
          fetchProfile: () => Promise.resolve({ ...PROFILE, ...profile }),
        },
        foreseeUser: () => Promise.resolve({ user, known: known ? user : undefined }),
        metrics: { countLogin: () => undefined, observeStep: () => undefined },
        doctor: { run: () => Promise.resolve({ results: [] }) },
        ...setup.services,
      } as never,
    })
    const jar: Jar = new Map()
    let node = new Once()
    const onAnotherNode = () => (node = new Once())
    async function visit(query: string, ask: Ask = {}) {
      const attempt = await world.open(`/amazon_auth?${query}`, {
        jar,
        headers: JSON_WANTED,
        ...ask,
      })
      const { response } = attempt.res.socket as unknown as { readonly response: Promise<Response> }
      await login(attempt, node)
      keep(jar, attempt.res)
      const { status, headers } = await response
      return {
        status,
        headers,
        location: answerOf(attempt).location,
        text: await (await response).text(),
      }
    }
    async function begin(query = 'state=acme', ask: Ask = { headers: {} }) {
      const untilMs = world.clock.nowMs + leftMs
      const { url } = tryAddress(acme, { ...PLACE, ...link }, world.services, untilMs)
      const begun = await visit(`${query}&try=${new URL(url).searchParams.get('link') ?? ''}`, ask)
      const state = /state=([^&]*)/.exec(begun.location)?.[1] ?? ''
      return { ...begun, back: `code=code-of-ann&state=${state}` }
    }
    async function report(query = '', ask?: Ask) {
      const { back } = await begin()
      return JSON.parse((await visit(back + query, ask)).text) as TryReport
    }
    return { world, visit, begin, report, asked, onAnotherNode }
  }

  test('tells what came and what was asked, and of what was not, nothing', async () => {
    const { report } = trying()
    const told = await report()
    expect(told).toMatchObject({ ok: true, failure: null })
    expect(told.received).toEqual({ code: 'code…', expires_in: 60, refresh_token: false })
    expect(told.asked).toEqual({
      client_id: 'client',
      redirect_uri: `${PUBLIC}/amazon_auth`,
      scope: 'profile',
    })
    expect(told.read).not.toHaveProperty('profile')
    expect(told.steps.map(({ ok }) => ok)).not.toContain(false)
  })

  test('tells of scopes, of a refresh token and of further fields', async () => {
    const settings = { ...APPS.acme, 'amazon.voluntary_scope': 'postal_code' }
    const { report } = trying(
      { apps: { acme: settings } },
      { came: { refreshToken: 'r' }, profile: { postalCode: '98101' } },
    )
    const told = await report('&scope=profile%20postal_code')
    expect(told.received).toEqual({
      code: 'code…',
      scope: 'profile postal_code',
      expires_in: 60,
      refresh_token: true,
    })
    expect(told.asked).toMatchObject({ voluntary_scope: 'postal_code' })
    expect(told.read).toMatchObject({ profile: { postal_code: '98101' } })
  })

  test('shows the record of a user without the form of an answer, and of a new one without times', async () => {
    const form = ['type', 'plural', 'objectURI']
    const { user: made } = await trying().report()
    const { user: known } = await trying({}, { known: true }).report()
    expect([made?.isNew, known?.isNew]).toEqual([true, false])
    expect(Object.keys(known?.record ?? {})).toEqual(expect.arrayContaining(['timestamp', 'id']))
    for (const name of [...form, 'timestamp', 'updated'])
      expect(made?.record).not.toHaveProperty(name)
    for (const name of form) expect(known?.record).not.toHaveProperty(name)
  })

  test('says where it would end, on the front end that was asked for, and what tokens would say', async () => {
    const settings = {
      ...APPS.acme,
      signin_success: 'https://app.example/in?jwt=?',
      'security.hosturl_aliases': 'https://one.example,https://two.example',
      session_timeout: 600,
    }
    const { visit, begin } = trying({ apps: { acme: settings } })
    const { back } = await begin('state=acme|1&nonce=n')
    const { target, tokens } = JSON.parse((await visit(back)).text) as TryReport
    expect(target?.url).toMatch(/^https:\/\/two\.example\//)
    expect(tokens.map(({ kind }) => kind)).toEqual(['session_token', 'id_token'])
    const [session, id] = tokens.map(({ claims }) => claims)
    expect(session).toMatchObject({ exp: NOW_MS / 1_000 + 600 })
    expect(id).toMatchObject({ exp: NOW_MS / 1_000 + 60, nonce: 'n' })
  })

  test('times its steps in milliseconds, and names the one that failed', async () => {
    const fetchProfile = async () => {
      await new Promise((resolve) => setTimeout(resolve, 30))
      throw new AmazonAuthError('profile_rejected')
    }
    const amazon = {
      endpointsOf: () => buildEndpoints('na'),
      exchangeCode: () => Promise.resolve(CAME),
      fetchProfile,
    }
    const { steps, failure, ok } = await trying({ services: { amazon: amazon as never } }).report()
    expect(ok).toBe(false)
    expect(failure).toMatchObject({ step: 'fetch_profile', code: 'profile_rejected' })
    expect(steps.filter((step) => !step.ok).map(({ step }) => step)).toEqual(['fetch_profile'])
    const { ms = 0 } = steps.at(-1) ?? {}
    expect(ms).toBeGreaterThanOrEqual(25)
    expect(ms).toBeLessThan(10_000)
  })

  test('can be tried once more until its link is over', async () => {
    const { world, visit, begin } = trying()
    const { back } = await begin()
    world.clock.nowMs += TEN_MINUTES_MS - 1
    const { again } = JSON.parse((await visit(back)).text) as TryReport
    expect(again).toMatch(/^https:\/\/shop\.example\/amazon_auth\/try\?link=/)
    const link = new URL(again ?? '').searchParams.get('link') ?? ''
    expect(openTryLink(link, world.services)).toMatchObject({
      expiresAtMs: NOW_MS + TEN_MINUTES_MS,
      isOfGuide: false,
    })
  })

  test('cannot be tried once more when its link is over', async () => {
    const { world, visit, begin } = trying({}, { leftMs: 5 })
    const { back } = await begin()
    world.clock.nowMs += 5
    expect(JSON.parse((await visit(back)).text)).toMatchObject({ ok: true, again: null })
  })

  test('opened once more says that it was shown, and asks nobody, on whatever node', async () => {
    const { visit, begin, asked, onAnotherNode } = trying()
    const { back } = await begin()
    const first = await visit(back)
    expect(JSON.parse((await visit(back)).text)).toMatchObject({ ok: true })
    onAnotherNode()
    const later = await visit(back)
    expect([first.status, later.status, asked.length]).toEqual([200, 410, 1])
    expect(JSON.parse(later.text)).toMatchObject({
      failure: {
        code: 'try_link_invalid',
        advice: 'What it came to was shown already: begin once more.',
      },
    })
  })

  test('is a page of the app, whose address no other page sees, and that leads to the guide it is of', async () => {
    const ask = { headers: {} }
    const setup = { policy: { admin: ADMIN } }
    const { visit, begin } = trying(setup)
    const plain = await visit((await begin()).back, ask)
    expect(plain.text).toContain('Acme')
    expect(plain.text).not.toContain('/setup"')
    expect(plain.headers.get('referrer-policy')).toBe('no-referrer')
    const guided = trying(setup, { link: { isOfGuide: true } })
    expect((await guided.visit((await guided.begin()).back, ask)).text).toContain(
      'href="/admin/apps/acme/setup"',
    )
  })

  test('that cannot be begun is told as a try, by who has a link; by who has none, as any login', async () => {
    const { begin, visit } = trying({ apps: { acme: {} } })
    const told = await begin('state=acme', { headers: JSON_WANTED })
    expect(told.status).toBe(200)
    expect(JSON.parse(told.text)).toMatchObject({
      ok: false,
      failure: { code: 'app_not_configured' },
    })
    await expect(visit('state=acme&try=x')).rejects.toMatchObject({ code: 'app_not_configured' })
  })
})
