import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

import express from 'express'
import request from 'supertest'

import { amazonAuth, ConfigError, requireUser, withUser } from '../../src'

const quiet = { debug: noop, info: noop, warn: noop, error: noop }
function noop(): void {
  // A logger that keeps nothing.
}

describe('amazonAuth', () => {
  test.each([
    [{ azSecert: 'x' }, 'azSecert', 'azSecret'],
    [{ prot: 8080 }, 'prot', 'Did you mean "port"?'],
    [{ port: 'many' }, 'port', ''],
    [{ security: { strict: 'maybe' } }, 'security.strict', ''],
    [{ security: { hostAliases: 'x' } }, 'security.hostAliases', ''],
    [{ amazon: { apiUrl: 'http://api.amazon.com' } }, 'amazon.apiUrl', 'https'],
    [{ security: { signinSuccess: 'javascript:alert(1)' } }, 'security.signinSuccess', ''],
    [{ apps: { acme: { azSecret: 7.5 } } }, 'apps.acme.azSecret', ''],
    [{ axios: {} }, 'axios.request', ''],
    [{ hooks: { onLogin: 'x' } }, 'hooks.onLogin', ''],
    [{ logger: { info: noop } }, 'logger.debug', ''],
    [{ azAppId: 'only the id' }, 'azAppId', 'needs azSecret too'],
    [{ apps: { my_shop: { azAppId: 'id' } } }, 'apps.my_shop.azAppId', 'apps.my_shop.azSecret too'],
    [{ store: { url: 'postgres://u@h/d' } }, 'secretKey is needed', ''],
    [{ hooks: { onLogn: noop } }, 'hooks.onLogn', 'Did you mean "hooks.onLogin"?'],
    [{ hooks: { audit: noop } }, 'option "hooks.audit" is not known', ''],
    [{ hooks: noop }, 'hooks', ''],
    [{ api: { manag: true } }, 'api.manag', 'Did you mean "api.manage"?'],
    [{ api: 'v1' }, 'api', 'must be an object'],
    [null, 'options', 'must be an object'],
  ])('throws a TypeError that names the option for %j', (options, name, hint) => {
    const build = (): unknown => amazonAuth(options as object)
    expect(build).toThrow(TypeError)
    expect(build).toThrow(name)
    expect(build).toThrow(hint)
  })

  test('speaks to those who write options in their words, never of a key of the file', () => {
    expect(() => amazonAuth({ azAppId: 'id' })).not.toThrow(/az_|para\./)
  })

  test.each([
    [
      { apps: { shop: { azAppId: undefined, azSecret: undefined } } },
      'App shop: apps.shop.azAppId and apps.shop.azSecret',
    ],
    [{ apps: { shop: {} } }, 'App shop: apps.shop.azAppId and apps.shop.azSecret'],
    [{ azAppId: undefined, azSecret: undefined }, 'App para: azAppId and azSecret'],
  ])('says at once which app has no keys, and in which options: %j', async (options, words) => {
    const said: string[] = []
    const warn = (_facts: object, message: string): void => void said.push(message)
    const store = { url: 'sqlite::memory:' }
    const auth = amazonAuth({ ...options, store, logger: { ...quiet, warn } })
    expect(said).toEqual([
      expect.stringMatching(new RegExp(`^${words} are not set, so nobody can sign in`)),
    ])
    await auth.close()
  })

  test('says nothing of keys to those who name none', async () => {
    const said: string[] = []
    const warn = (_facts: object, message: string): void => void said.push(message)
    await amazonAuth({ logger: { ...quiet, warn } }).close()
    const keys = {
      azAppId: 'amzn1.application-oa2-client.0123456789abcdef0123456789abcdef',
      azSecret: 'a'.repeat(64),
    }
    await amazonAuth({ apps: { shop: keys }, logger: { ...quiet, warn } }).close()
    expect(said.join()).not.toContain('nobody can sign in')
  })

  test('without Express the first request is a TypeError that says so', async () => {
    const auth = amazonAuth({ store: { url: 'sqlite::memory:' }, logger: quiet })
    const thrown: unknown[] = []
    const server = createServer((req, res) => {
      try {
        auth(req as never, res as never, noop)
      } catch (error) {
        thrown.push(error)
        res.end()
      }
    })
    await request(server).get('/amazon_auth?state=acme')
    expect(thrown).toEqual([
      expect.objectContaining({
        name: 'TypeError',
        message: expect.stringContaining('no request of Express'),
      }),
    ])
    await auth.close()
  })

  test('takes null for what is not set, in every option', async () => {
    const nothing = {
      ...{ config: null, azAppId: null, port: null, security: null, amazon: { apiUrl: null } },
      ...{ apps: null, axios: null, sessionStore: null, hooks: null, api: null, publicUrl: null },
    }
    const hooks = { hooks: { onLogin: null }, api: { path: null, manage: null } }
    for (const options of [nothing, hooks]) {
      const auth = amazonAuth({
        ...options,
        store: { url: 'sqlite::memory:' },
        logger: quiet,
      } as object)
      await request(express().use(auth)).get('/v1/_health').expect(200)
      await auth.close()
    }
    await amazonAuth({ logger: null, store: { url: 'sqlite::memory:' } } as object).close()
  })

  test('takes blank text for what is not set, in every option', async () => {
    const told: string[] = []
    const logger = { ...quiet, warn: (_facts: object, text: string) => void told.push(text) }
    const keys = { azAppId: '', azSecret: ' ' }
    const auth = amazonAuth({
      ...{ ...keys, config: '', port: '', env: '', trustProxy: '', oneSessionPerUser: '' },
      ...{ jwtExpiresAfter: '', returntoCookie: '', appName: '', secretKey: '', api: { path: '' } },
      apps: { shop: { ...keys, signinSuccess: '', sessionTimeout: '', security: { strict: '' } } },
      security: { signinSuccess: '', signinFailure: '', strict: '', corsOrigins: '' },
      amazon: { authorizeUrl: '', apiUrl: '', scope: '', timeout: '', proxy: '' },
      session: { cookieName: '', idleTimeout: '' },
      store: { url: 'sqlite::memory:', poolSize: '' },
      logger,
    } as object)
    await auth.ready()
    await auth.close()
    expect(told).toEqual([
      expect.stringMatching(/^App para: azAppId and azSecret are not set/),
      expect.stringMatching(/^App shop: apps\.shop\.azAppId and apps\.shop\.azSecret are not set/),
    ])
    expect(() => amazonAuth({ azSecert: '' } as object)).toThrow('Did you mean "azSecret"?')
  })

  test('tells once where the store lies that nobody has named, and its keys', async () => {
    const told: object[] = []
    const logger = { ...quiet, warn: (facts: object) => void told.push(facts) }
    await amazonAuth({ logger }).close()
    const store = resolve('data/amazon-auth.db')
    expect(told).toEqual([{ store, keys: `${store}.key` }])
    await amazonAuth({ logger, store: { url: 'sqlite::memory:' } }).close()
    expect(told).toHaveLength(1)
    expect(existsSync(store)).toBe(false)
  })

  test('never tells the value of a secret option', () => {
    const options = { rootSecretKey: 'too-short-secret', store: { url: 'sqlite::memory:' } }
    expect(() => amazonAuth(options)).toThrow('rootSecretKey')
    expect(() => amazonAuth(options)).not.toThrow('too-short-secret')
  })

  test('returns at once, and opens nothing before a request needs it', async () => {
    const url = 'sqlite:/dev/null/store.db'
    const auth = amazonAuth({ store: { url }, logger: quiet })
    const app = express().use(auth)
    app.get('/plain', (_req, res) => {
      res.send('plain')
    })
    app.get('/guarded', requireUser(), (_req, res) => {
      res.send('guarded')
    })
    await request(app).get('/plain').expect(200, 'plain')
    await expect(auth.ready()).rejects.toMatchObject({ status: 503 })
    const failed = await request(app).get('/amazon_auth').set('accept', 'text/html').expect(503)
    expect(failed.headers['content-type']).toBe('text/html; charset=utf-8')
    await request(app).get('/guarded').set('authorization', 'Bearer x.y.z').expect(503)
    await auth.close()
  })

  test('reads application.conf; code wins over it', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'amazon-auth-options-'))
    const config = join(directory, 'application.conf')
    writeFileSync(
      config,
      'para { app_name = shops, az_app_id = from-file, az_secret = s\n store.url = "sqlite::memory:"\n amazon.scope = "from-file" }',
    )
    const auth = amazonAuth({ config, amazon: { scope: 'profile:user_id' }, logger: quiet })
    await auth.ready()
    const answer = await request(express().use(auth)).get('/amazon_auth').set('accept', 'text/html')
    const url = new URL(answer.headers.location ?? '')
    expect(url.searchParams.get('client_id')).toBe('from-file')
    expect(url.searchParams.get('scope')).toBe('profile:user_id')
    expect(url.searchParams.get('state')).toMatch(/^shops~/)
    await auth.close()
    rmSync(directory, { recursive: true })
  })

  test('with a file that cannot be used tells key, file and line to ready() and to the error handler', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'amazon-auth-options-'))
    const config = join(directory, 'application.conf')
    writeFileSync(config, 'para.app_name = x\npara.port = many\n')
    const auth = amazonAuth({ config, logger: quiet })
    await expect(auth.ready()).rejects.toThrow(ConfigError)
    await expect(auth.ready()).rejects.toThrow(/para\.port.*application\.conf:2/s)
    await request(express().use(auth)).get('/amazon_auth').expect(500)
    rmSync(directory, { recursive: true })
  })
})

describe('requireUser', () => {
  test('without amazonAuth before it tells what to do', async () => {
    const app = express()
    app.get('/', requireUser())
    app.use((error: Error, _req: unknown, res: express.Response, _next: unknown) => {
      res.status(500).send(error.message)
    })
    await request(app)
      .get('/')
      .expect(500, /mount amazonAuth\(\) before/)
  })

  test('throws a TypeError for an app that is no app id', () => {
    expect(() => requireUser({ app: '//' })).toThrow(TypeError)
  })
})

test('withUser throws at a request that no guard has let through', async () => {
  const auth = amazonAuth({ store: { url: 'sqlite::memory:' }, logger: quiet })
  const app = express().use(auth)
  app.get(
    '/unguarded',
    withUser((req, res) => res.send(req.amazonAuth.user.name)),
  )
  const thrown = (error: Error, _req: unknown, res: express.Response, _next: unknown): void => {
    res.status(500).send(error.message)
  }
  app.use(thrown)
  await request(app)
    .get('/unguarded')
    .expect(500, /put requireUser\(\) before this handler/)
  await auth.close()
})
