import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

import type { ApiAnswer, Keys } from '../../support/api'
import { createTestDatabase, describeOnPostgres, runSql } from '../../support/postgres'
import { until } from '../../support/until'
import type { Listening } from '../server/command-line'
import { signIn, startThreeNodes, visit, type SharedStore, type ThreeNodes } from './three-nodes'

const LONG_MS = 60_000
const LIFE_SECONDS = 2
const AT_ONCE = 8

async function onPostgres(): Promise<SharedStore> {
  const database = await createTestDatabase()
  return { storeUrl: database.url, sessionStoreUrl: '', close: () => database.drop() }
}

function onSqlite(): Promise<SharedStore> {
  const folder = mkdtempSync(join(tmpdir(), 'amazon-auth-tokens-'))
  return Promise.resolve({
    storeUrl: `sqlite:${join(folder, 'store.db')}`,
    sessionStoreUrl: '',
    close() {
      rmSync(folder, { recursive: true })
      return Promise.resolve()
    },
  })
}

describe('kept tokens on three nodes and one SQLite file', () => void describeNodes(onSqlite))
describeOnPostgres('kept tokens on three nodes and PostgreSQL', () => {
  const siteOf = describeNodes(onPostgres)

  test('a withdrawn consent is audited once, whoever notices it', async () => {
    const site = siteOf()
    await site.expire()
    site.nodes.emulator.withdrawConsent({ clientId: 'client.acme' })
    const answers = await site.askAll()
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([410]))
    expect(site.refreshes()).toHaveLength(1)
    const count = "SELECT count(*)::int AS n FROM audit WHERE reason = 'consent_revoked'"
    await until(async () => (await runSql(site.nodes.storeUrl, count))[0]?.n > 0)
    await setTimeout(1_000)
    expect(await runSql(site.nodes.storeUrl, count)).toEqual([{ n: 1 }])
  })
})

interface Site {
  readonly nodes: ThreeNodes
  /** As they are now: one that a test has killed is replaced before the next. */
  readonly running: readonly [Listening, Listening, Listening]
  readonly ask: (node: Listening) => Promise<ApiAnswer>
  /** Every node, several times, at once. */
  readonly askAll: (nodes?: readonly Listening[]) => Promise<readonly ApiAnswer[]>
  /** Since somebody has signed in. */
  readonly refreshes: () => readonly unknown[]
  /** Somebody signs in, and has tokens that end soon. */
  readonly signIn: () => Promise<void>
  /** The tokens end; those that follow live long. */
  readonly expire: () => Promise<void>
  readonly replaceKilled: () => Promise<void>
}

/** An app that keeps tokens. */
async function startSite(nodes: ThreeNodes): Promise<Site> {
  const { emulator } = nodes
  const running: [Listening, Listening, Listening] = [...nodes.nodes]
  const keys: Keys = await nodes.createApp('acme')
  const body = { value: true }
  await nodes.call(running[0], 'PUT /v1/_settings/amazon.keep_tokens', { as: keys, body })
  // In force everywhere.
  await setTimeout(2_100)
  let userId = ''
  const ask: Site['ask'] = (node) =>
    nodes.call(node, `GET /v1/users/${userId}/amazon_token`, { as: keys })
  return {
    nodes,
    running,
    ask,
    askAll: (some = running) =>
      Promise.all(some.flatMap((node) => Array.from({ length: AT_ONCE }, () => ask(node)))),
    refreshes: () =>
      emulator.journal
        .entries({ path: '/auth/o2/token' })
        .filter(({ body: form }) => form.grant_type === 'refresh_token'),
    async signIn() {
      emulator.faults.clear()
      emulator.tokenRules.set({
        accessTokenLifeSeconds: LIFE_SECONDS,
        refreshRotation: 'replaced',
      })
      const browser = nodes.browser()
      await signIn(nodes, browser, 'acme')
      const me = await visit(browser, '/v1/_me')
      userId = (JSON.parse(me.body) as { readonly id: string }).id
      emulator.journal.clear()
    },
    async expire() {
      await setTimeout(LIFE_SECONDS * 1000 + 100)
      emulator.tokenRules.set({ accessTokenLifeSeconds: 3600 })
    },
    async replaceKilled() {
      for (const [index, { child }] of running.entries()) {
        if (child.signalCode !== null) running[index] = await nodes.startNode()
      }
    },
  }
}

function describeNodes(openStore: () => Promise<SharedStore>): () => Site {
  let nodes: ThreeNodes
  let site: Site
  beforeAll(async () => {
    nodes = await startThreeNodes(await openStore())
    site = await startSite(nodes)
  }, LONG_MS)
  beforeEach(async () => {
    await site.replaceKilled()
    await site.signIn()
  }, LONG_MS)
  afterAll(() => nodes.close(), LONG_MS)

  test(
    'one of them refreshes, once, and all give the same token',
    async () => {
      await site.expire()
      const answers = await site.askAll()
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
      expect(new Set(answers.map(({ json }) => json.access_token)).size).toBe(1)
      expect(site.refreshes()).toHaveLength(1)
    },
    LONG_MS,
  )

  test(
    'while Amazon is slow, the other nodes wait for the one that asks it',
    async () => {
      await site.expire()
      const { faults } = site.nodes.emulator
      faults.set({ endpoint: 'token', fault: { name: 'latency', ms: 2_000 } })
      const answers = await site.askAll()
      expect(new Set(answers.map(({ json }) => json.access_token)).size).toBe(1)
      expect(site.refreshes()).toHaveLength(1)
    },
    LONG_MS,
  )

  test(
    'one that is killed while it refreshes is stood in for by another',
    async () => {
      await site.expire()
      const { emulator } = site.nodes
      const [doomed, ...others] = site.running
      emulator.faults.set({ endpoint: 'token', fault: 'hang', times: 1 })
      const cutOff = site.ask(doomed).catch(() => 'cut off')
      await until(() => site.refreshes().length === 1)
      const waiting = site.askAll(others)
      await setTimeout(300)
      doomed.child.kill('SIGKILL')
      expect(await cutOff).toBe('cut off')
      const answers = await waiting
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
      expect(new Set(answers.map(({ json }) => json.access_token)).size).toBe(1)
      expect(site.refreshes()).toHaveLength(2)
    },
    LONG_MS,
  )

  test(
    'one that is killed when Amazon has replaced the refresh token leaves no withdrawn consent, and a login mends it',
    async () => {
      await site.expire()
      const { emulator } = site.nodes
      const [doomed, other] = site.running
      // Amazon has done it, and the answer does not come to its end.
      emulator.faults.set({ endpoint: 'token', fault: 'hang_body', times: 1 })
      const cutOff = site.ask(doomed).catch(() => 'cut off')
      await until(() => site.refreshes().length === 1)
      await setTimeout(300)
      doomed.child.kill('SIGKILL')
      expect(await cutOff).toBe('cut off')
      expect((await site.ask(other)).status).toBe(404)
      const again = await signIn(site.nodes, site.nodes.browser(), 'acme')
      expect(again.status).toBe(302)
      expect((await site.ask(other)).status).toBe(200)
    },
    LONG_MS,
  )

  return () => site
}
