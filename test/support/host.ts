import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import express, { type Express } from 'express'

import { amazonAuth, requireUser, type AmazonAuth, type AmazonAuthOptions } from '../../src'
import { startEmulator, type Emulator, type EmulatorOptions, type Person } from '../../src/emulator'
import { Browser, type Answer } from './browser'

export const ROOT = { clientId: 'amzn1.application-oa2-client.root', clientSecret: 'root-secret' }
export const ACME = { clientId: 'amzn1.application-oa2-client.acme', clientSecret: 'acme-secret' }
export const ZENITH = {
  clientId: 'amzn1.application-oa2-client.zenith',
  clientSecret: 'zen-secret',
}

export interface LogEntry {
  readonly level: string
  readonly message: string
  readonly facts: Readonly<Record<string, unknown>>
}

/** A host application with the middleware in it, and the emulator as its Amazon. */
export interface Host {
  readonly origin: string
  readonly emulator: Emulator
  readonly auth: AmazonAuth
  readonly log: readonly LogEntry[]
  browser(): Browser
  /** Goes through a whole login as a person who allows; returns the answer of the return leg. */
  signIn(browser: Browser, begin: string, userId?: string): Promise<Answer>
  close(): Promise<void>
}

export interface HostOptions {
  readonly options?: AmazonAuthOptions
  /** Who can sign in at the emulator. Default: its own people. */
  readonly people?: readonly Person[]
  /** How else the emulator is. */
  readonly amazon?: EmulatorOptions
  /** Where the middleware is mounted. Default: at the root. */
  readonly mount?: string
  /** Default: one that is free. */
  readonly port?: number
  /** Another Express, e.g. version 4. */
  readonly createApp?: () => Express
  /** Runs before the middleware is mounted. */
  readonly before?: (app: Express) => void
  /** Runs after it. */
  readonly after?: (app: Express, host: Pick<Host, 'auth' | 'emulator'>) => void
}

export async function startHost(setup: HostOptions = {}): Promise<Host> {
  const emulator = await startEmulator({
    ...setup.amazon,
    ...(setup.people && { people: setup.people }),
    clients: [ROOT, ACME, ZENITH].map((client) => ({
      ...client,
      allowedReturnUrls: [],
      allowAnyReturnUrl: true,
    })),
  })
  try {
    return await serve(emulator, setup)
  } catch (error) {
    await emulator.close()
    throw error
  }
}

async function serve(emulator: Emulator, setup: HostOptions): Promise<Host> {
  const log: LogEntry[] = []
  const auth = amazonAuth({
    store: { url: 'sqlite::memory:' },
    azAppId: ROOT.clientId,
    azSecret: ROOT.clientSecret,
    apps: {
      acme: { azAppId: ACME.clientId, azSecret: ACME.clientSecret },
      zenith: {
        azAppId: ZENITH.clientId,
        azSecret: ZENITH.clientSecret,
        signinSuccess: 'https://zenith.example/in?jwt=id',
        signinFailure: 'https://zenith.example/failed?cause=?',
      },
      keyless: {},
    },
    logger: recorder(log),
    ...setup.options,
    amazon: {
      authorizeUrl: emulator.authorizeUrl,
      apiUrl: emulator.apiUrl,
      ...setup.options?.amazon,
    },
  })
  const app = (setup.createApp ?? express)()
  setup.before?.(app)
  if (setup.mount === undefined) app.use(auth)
  else app.use(setup.mount, auth)
  addRoutes(app)
  setup.after?.(app, { auth, emulator })
  const server = createServer(app).listen(setup.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin,
    emulator,
    auth,
    log,
    browser: () => new Browser(origin),
    async signIn(browser, begin, userId) {
      const begun = await browser.get(begin)
      if (begun.status !== 302) throw new Error(`begin answered ${begun.status}`)
      return browser.get(await emulator.allow(begun.location, userId))
    },
    async close() {
      await stop(server)
      await auth.close()
      await emulator.close()
    },
  }
}

/** What the tests ask of a host: who is signed in, with and without a guard. */
function addRoutes(app: Express): void {
  app.get('/whoami', (req, res) => {
    const { app: signedInTo, user } = req.amazonAuth
    res.json({ isAuthenticated: req.amazonAuth.isAuthenticated(), app: signedInTo, user })
  })
  app.get('/user', (req, res) => {
    res.json(req.user ?? null)
  })
  app.get('/any', requireUser({ app: '*' }), (req, res) => {
    res.json(req.amazonAuth.user)
  })
  app.get('/acme', requireUser({ app: 'acme' }), (req, res) => {
    res.json(req.amazonAuth.user)
  })
  app.get('/zenith', requireUser({ app: 'app:zenith' }), (req, res) => {
    res.json(req.amazonAuth.user)
  })
}

function recorder(log: LogEntry[]): NonNullable<AmazonAuthOptions['logger']> {
  const add = (level: string) => (facts: object, message: string) =>
    void log.push({ level, message, facts: { ...facts } })
  return { debug: add('debug'), info: add('info'), warn: add('warn'), error: add('error') }
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
}
