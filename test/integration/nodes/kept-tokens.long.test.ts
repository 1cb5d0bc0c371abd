import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

import type { ApiAnswer, Keys } from '../../support/api'
import { createTestDatabase, describeOnPostgres, runSql } from '../../support/postgres'
import { until } from '../../support/until'
import type { Listening } from '../server/command-line'
import { at, signIn, startThreeNodes, type SharedStore, type ThreeNodes } from './three-nodes'

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

describe('kept tokens on three nodes and one SQLite file', () => describeNodes(onSqlite))
describeOnPostgres('kept tokens on three nodes and PostgreSQL', () => {
  describeNodes(onPostgres)

  test(
    'a withdrawn consent is audited once, whoever notices it',
    async () => {
      const database = await createTestDatabase()
      const store = { storeUrl: database.url, sessionStoreUrl: '', close: () => database.drop() }
      const site = await startSite(store)
      await site.expire()
      site.nodes.emulator.withdrawConsent({ clientId: 'client.acme' })
      const answers = await site.askAll()
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([410]))
      expect(site.refreshes()).toHaveLength(1)
      const count = "SELECT count(*)::int AS n FROM audit WHERE reason = 'consent_revoked'"
      await until(async () => (await runSql(database.url, count))[0]?.n > 0)
      await setTimeout(1_000)
      expect(await runSql(database.url, count)).toEqual([{ n: 1 }])
      await site.nodes.close()
    },
    LONG_MS,
  )
})

interface Site {
  readonly nodes: ThreeNodes
  readonly ask: (node: Listening) => Promise<ApiAnswer>
  /** Every node, several times, at once. */
  readonly askAll: (nodes?: readonly Listening[]) => Promise<readonly ApiAnswer[]>
  readonly refreshes: () => readonly unknown[]
  /** The tokens end; those that follow live long. */
  readonly expire: () => Promise<void>
}

/** Somebody has signed in to an app that keeps tokens. */
async function startSite(store: SharedStore): Promise<Site> {
  const nodes = await startThreeNodes(store)
  const { emulator } = nodes
  const [first] = nodes.nodes
  const keys: Keys = await nodes.createApp('acme')
  const body = { value: true }
  await nodes.call(first, 'PUT /v1/_settings/amazon.keep_tokens', { as: keys, body })
  // In force everywhere.
  await setTimeout(2_100)
  emulator.tokenRules.set({
    accessTokenLifeSeconds: LIFE_SECONDS,
    refreshRotation: 'replaced',
  })
  const browser = nodes.browser()
  await signIn(nodes, browser, 'acme')
  const me = await browser.get(at(first, '/v1/_me'))
  const { id } = JSON.parse(me.body) as { readonly id: string }
  const ask: Site['ask'] = (node) =>
    nodes.call(node, `GET /v1/users/${id}/amazon_token`, { as: keys })
  return {
    nodes,
    ask,
    askAll: (some = nodes.nodes) =>
      Promise.all(some.flatMap((node) => Array.from({ length: AT_ONCE }, () => ask(node)))),
    refreshes: () =>
      emulator.journal
        .entries({ path: '/auth/o2/token' })
        .filter(({ body: form }) => form.grant_type === 'refresh_token'),
    async expire() {
      await setTimeout(LIFE_SECONDS * 1000 + 100)
      emulator.tokenRules.set({ accessTokenLifeSeconds: 3600 })
    },
  }
}

function describeNodes(openStore: () => Promise<SharedStore>): void {
  let site: Site
  beforeEach(async () => {
    site = await startSite(await openStore())
  }, LONG_MS)
  afterEach(() => site.nodes.close(), LONG_MS)

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
      const { emulator, nodes } = site.nodes
      const [doomed, ...others] = nodes
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
      const { emulator, nodes } = site.nodes
      const [doomed, other] = nodes
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
}
