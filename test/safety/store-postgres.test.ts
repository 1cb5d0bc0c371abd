import { setTimeout as delay } from 'node:timers/promises'

import type { Listening } from '../integration/server/command-line'
import { callAt } from '../support/api'
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy'
import { startHost } from '../support/host'
import { describeOnPostgres, lockTable, runSql } from '../support/postgres'
import {
  describeWithCluster,
  startCluster,
  type PostgresCluster,
} from '../support/postgres-cluster'
import { createPostgresStore, postgresKind } from '../support/postgres-store'
import { row, sized } from '../support/row'
import { describeStoreRows } from '../support/store-rows'
import {
  createStoreWorld,
  manyPeople,
  MASTER_KEY,
  type StoreUnderTest,
  type StoreWorld,
} from '../support/store-world'
import { until } from '../support/until'

describeOnPostgres('on a shared server', () => describeStoreRows(postgresKind()))

/** One request and what came of it. */
interface Seen {
  readonly person: string
  /** Of the HTTP answer; 0 when the connection broke. */
  readonly status: number
  readonly startMs: number
  readonly endMs: number
}

const PATIENCE_MS = 5_000
/** A server that swallows everything is told within this, a pool that is used up within that. */
const BLACK_HOLE_MS = 3_000
const EXHAUSTED_MS = 2_000
/** Room for what else this machine does. */
const ALLOWANCE_MS = 1_000
const LANES = 8
const PEOPLE = sized({ short: 4_000, long: 40_000 })
const ROUNDS = sized({ short: 1, long: 10 })
const WAVES = sized({ short: 2, long: 10 })
const AT_ONCE = 160
const OURS = "datname = current_database() AND application_name = 'express-amazon-auth'"
const WAITING = "wait_event_type = 'Lock'"

describeWithCluster('PostgreSQL, a server of its own', () => {
  let cluster: PostgresCluster
  let world: StoreWorld
  let server: Listening
  const closing: { close(): Promise<void> }[] = []

  beforeAll(async () => {
    cluster = await startCluster()
  }, 60_000)
  afterAll(() => cluster.remove())

  /** A server over a new database. Its people sign in, each once. */
  async function open(environment: Readonly<Record<string, string>> = {}): Promise<void> {
    world = await createStoreWorld(await createPostgresStore(cluster.url), manyPeople(PEOPLE))
    closing.push(world)
    server = await world.serve(environment)
  }
  afterEach(async () => {
    for (const each of closing.splice(0)) await each.close()
  })

  async function signIn(person: string): Promise<Seen> {
    const startMs = performance.now()
    const status = await world.signIn(server, person).then(
      (answer) => answer.status,
      () => 0,
    )
    return { person, status, startMs, endMs: performance.now() }
  }

  function signInAll(who: readonly string[]): Promise<readonly Seen[]> {
    return Promise.all(who.map(signIn))
  }

  /** New people sign in, a few at a time, until told to stop. */
  function startLoad(): { stop(): Promise<readonly Seen[]> } {
    const seen: Seen[] = []
    let next = 0
    let isOver = false
    async function lane(): Promise<void> {
      while (!isOver && next < PEOPLE) {
        seen.push(await signIn(`amzn1.account.${(next += 1) - 1}`))
        await delay(10)
      }
    }
    const lanes = Array.from({ length: LANES }, lane)
    return {
      async stop() {
        isOver = true
        await Promise.all(lanes)
        return seen
      },
    }
  }

  /** Whoever was told that they signed in has a user, and only one. */
  async function expectStored(seen: readonly Seen[]): Promise<number> {
    const rows = await world.store.query('SELECT identifier FROM users')
    const stored = new Set(rows.map(({ identifier }) => String(identifier)))
    expect(stored.size).toBe(rows.length)
    const good = seen.filter(({ status }) => status === 200)
    expect(good.filter(({ person }) => !stored.has(`az:${person}`))).toEqual([])
    return good.length
  }

  function expectAlive(): void {
    expect([server.child.exitCode, server.child.signalCode]).toEqual([null, null])
  }

  row(
    'D6',
    'PostgreSQL crashes (pg_ctl -m immediate) and comes back while people sign in',
    async () => {
      await open()
      const load = startLoad()
      const outages: { readonly from: number; readonly to: number }[] = []
      for (let round = 0; round < ROUNDS; round += 1) {
        await delay(1_000)
        const from = performance.now()
        await cluster.stop('immediate')
        await delay(500)
        await cluster.start()
        outages.push({ from, to: performance.now() })
        await delay(PATIENCE_MS + 1_000)
      }
      const seen = await load.stop()
      expectAlive()
      const failed = seen.filter(({ status }) => status !== 200)
      expect(new Set(failed.map(({ status }) => status))).toEqual(new Set([503]))
      const late = (request: Seen): number =>
        Math.min(
          ...outages
            .filter(({ from }) => from <= request.endMs)
            .map(({ to }) => request.endMs - to),
        )
      const latest = Math.max(...failed.map(late))
      expect(latest).toBeLessThan(PATIENCE_MS)
      const slowest = slowestOf(failed)
      expect(slowest).toBeLessThan(PATIENCE_MS)
      const good = await expectStored(seen)
      return `${ROUNDS} crashes: ${good} signed in, all stored; ${failed.length} answered 503, the slowest after ${figure(slowest)}, the last ${figure(latest)} after the restart; the process lived on`
    },
    60_000 + ROUNDS * 30_000,
  )

  row(
    'D7',
    'pg_terminate_backend on all connections, idle, reading and writing',
    async () => {
      await open()
      await signInAll(people(0, 5))
      expect(await terminate('true')).toBeGreaterThan(1)
      expect(statusesOf(await signInAll(people(5, 10)))).toEqual([200])

      const reading = await endWhileLocked('ACCESS EXCLUSIVE', people(10, 15))
      expect(reading.busy).toBe(5)
      expect(statusesOf(reading.seen)).toEqual([200])

      const writing = await endWhileLocked('SHARE', people(20, 25))
      expect(writing.busy).toBe(5)
      const failed = writing.seen.filter(({ status }) => status !== 200)
      expect(failed.length).toBeLessThanOrEqual(writing.busy)
      expect(statusesOf(failed)).toEqual([503])
      expect(statusesOf(await signInAll(people(20, 25)))).toEqual([200])
      expect(await world.count('users')).toBe(20)
      expectAlive()
      return `idle: the next 5 logins work; 5 while they read: all 5 answered 200 on other connections; 5 while they write: ${failed.length} answered 503, nothing half written, and 200 when tried again; the process lived on`
    },
    60_000,
  )

  /** People sign in against a lock; when all wait for it, their connections are ended and the lock is lifted. */
  async function endWhileLocked(
    mode: 'SHARE' | 'ACCESS EXCLUSIVE',
    who: readonly string[],
  ): Promise<{ readonly busy: number; readonly seen: readonly Seen[] }> {
    const unlock = await lockTable(world.store.url, 'users', mode)
    const answers = Promise.all(who.map(signIn))
    await until(async () => (await backends(WAITING)).length === who.length)
    const busy = await terminate(WAITING)
    await unlock()
    return { busy, seen: await answers }
  }

  function backends(where: string, what = 'pid') {
    return world.store.query(`SELECT ${what} FROM pg_stat_activity WHERE ${OURS} AND ${where}`)
  }

  async function terminate(where: string): Promise<number> {
    return (await backends(where, 'pg_terminate_backend(pid)')).length
  }

  row(
    'D8',
    'the network to PostgreSQL swallows everything, with a pool of 2',
    async () => {
      const proxy = await startFaultProxy()
      proxy.forwardTo(`http://127.0.0.1:${cluster.port}`)
      await open()
      closing.push(proxy)
      const url = Object.assign(new URL(world.store.url), { host: proxy.host }).href
      server = await world.serve({ para_store_url: url, para_store_pool_size: '2' })
      return showBlackHole(proxy)
    },
    60_000 + WAVES * 10_000,
  )

  /** @returns After how many milliseconds it was told that the store does not answer. */
  async function probe(): Promise<number> {
    const startMs = performance.now()
    expect((await callAt(server.origin, 'GET /v1/_health')).status).toBe(503)
    return performance.now() - startMs
  }

  async function showBlackHole(proxy: FaultProxy): Promise<string> {
    expect(statusesOf(await signInAll(people(0, 4)))).toEqual([200])
    const connectionsBefore = proxy.accepted
    proxy.freeze()
    const waves: Seen[] = []
    const probes: number[] = []
    for (let wave = 0; wave < WAVES; wave += 1) {
      const health = probe()
      waves.push(...(await signInAll(people(wave * AT_ONCE, (wave + 1) * AT_ONCE))))
      probes.push(await health)
      expect((await callAt(server.origin, 'GET /v1/_live')).status).toBe(200)
    }
    expect(statusesOf(waves)).toEqual([503])
    const slowest = slowestOf(waves)
    const toldMs = Math.max(...probes)
    expect(Math.max(slowest, toldMs)).toBeLessThan(BLACK_HOLE_MS + ALLOWANCE_MS)
    // Two connections at a time are tried, each for 1.5 s: no herd of them.
    const tried = proxy.accepted - connectionsBefore
    expect(tried).toBeLessThan(WAVES * 20)
    const refused = countOf(server, /"postgres":"(busy|down)"/g)
    expect(refused).toBeGreaterThan(AT_ONCE / 8)
    proxy.thaw()
    const thawMs = performance.now()
    await until(async () => (await signIn('amzn1.account.0')).status === 200, PATIENCE_MS)
    const backMs = performance.now() - thawMs
    expectAlive()
    return `${waves.length} logins in ${WAVES} waves: all 503, the slowest after ${figure(slowest)}, ${refused} of them refused without waiting, ${tried} connections tried; _health 503 after ${figure(toldMs)} at most; logins work ${figure(backMs)} after it is over`
  }

  row(
    'D14',
    'PostgreSQL, which keeps the sessions, is stopped and comes back',
    async () => {
      const store = await createPostgresStore(cluster.url)
      const host = await startHost({
        options: { store: { url: store.url }, secretKey: MASTER_KEY },
      })
      closing.push(host, { close: () => store.drop() })
      const browser = host.browser()
      expect((await host.signIn(browser, '/amazon_auth?state=acme')).status).toBe(302)
      const seen = [await browser.get('/acme')]
      await cluster.stop('fast')
      const startMs = performance.now()
      const down = [await browser.get('/acme'), await browser.get('/whoami')]
      const slowest = performance.now() - startMs
      expect(slowest).toBeLessThan(PATIENCE_MS)
      await cluster.start()
      await until(async () => (await browser.get('/acme')).status === 200, PATIENCE_MS)
      seen.push(...down)
      expect(seen.map(({ status }) => status)).toEqual([200, 503, 200])
      expect(JSON.parse(String(down[1]?.body))).toEqual({ isAuthenticated: false })
      return `a page for those signed in answers 503, an open one takes them for strangers, both within ${figure(slowest)}; the same browser is signed in again afterwards`
    },
    60_000,
  )

  row(
    'D9',
    'the store says 40001 and 40P01, twice and always',
    async () => {
      await open()
      const told: string[] = []
      for (const [index, code] of ['40001', '40P01'].entries()) {
        await failInserts(world.store, code, 2)
        expect(statusesOf([await signIn(`amzn1.account.${index}`)])).toEqual([200])
        expect(await triesOf(world.store)).toBe(3)
        await failInserts(world.store, code, Infinity)
        expect(statusesOf([await signIn(`amzn1.account.${index + 10}`)])).toEqual([503])
        expect(await triesOf(world.store)).toBe(3)
        await failInserts(world.store, code, 0)
        expect(statusesOf([await signIn(`amzn1.account.${index + 10}`)])).toEqual([200])
        told.push(`${code}: 200 at the third try, 503 after three`)
      }
      expect(await world.count('users')).toBe(4)
      return told.join('; ')
    },
    60_000,
  )

  row(
    'D10',
    'four statements that take 20 s hold all connections of a pool of 4',
    async () => {
      await open({ para_store_pool_size: '4', para_store_timeout: '6000' })
      await signIn('amzn1.account.0')
      await slowInserts(world.store, people(1, 5))
      const slow = people(1, 5).map(signIn)
      await until(async () => (await backends("wait_event = 'PgSleep'")).length === 4)
      const waiting = await signInAll(people(10, 50))
      const held = await Promise.all(slow)
      expect(statusesOf([...waiting, ...held])).toEqual([503])
      const [waited, ran] = [slowestOf(waiting), slowestOf(held)]
      expect(waited).toBeLessThan(EXHAUSTED_MS + ALLOWANCE_MS)
      expect(ran).toBeLessThan(6_000 + PATIENCE_MS)
      expect(await world.count('users')).toBe(1)
      await slowInserts(world.store, [])
      expect(statusesOf(await signInAll(people(0, 10)))).toEqual([200])
      expectAlive()
      return `40 that waited: 503 after ${figure(waited)} at most; the 4 slow ones: ended by the server, 503 after ${figure(ran)}; nothing stored; then all 200`
    },
    60_000,
  )

  row(
    'D12',
    'a newer schema, a database of another encoding, one that is not there, one of somebody else, one without the right to make tables',
    async () => {
      await open()
      server.child.kill('SIGTERM')
      await server.exit()
      await world.store.query('INSERT INTO schema_versions VALUES (999)')
      await runSql(cluster.url, 'CREATE ROLE stranger LOGIN')
      await runSql(
        cluster.url,
        "CREATE DATABASE ascii TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'",
      )
      await runSql(cluster.url, 'CREATE DATABASE shop')
      const place = new URL(cluster.url).host
      await runSql(`postgres://postgres@${place}/shop`, 'CREATE TABLE users (name text)')
      const starts = [
        [world.store.url, /version 999.*run the release that wrote it/],
        [`postgres://postgres@${place}/ascii`, /encoding is SQL_ASCII: create it with/],
        [`postgres://postgres@${place}/nowhere`, /does not exist; create the database/],
        [
          `postgres://postgres@${place}/shop`,
          /relation "users" already exists; give this server a database/,
        ],
        [`postgres://stranger@${place}/postgres`, /permission denied.*let the user/],
      ] as const
      for (const [url, message] of starts) {
        const before = await tablesIn(url)
        const refused = world.place.start(['serve', '--allow-emulator'], { para_store_url: url })
        expect(await refused.exit()).toBe(1)
        expect(refused.stdout + refused.stderr).toMatch(message)
        expect(await tablesIn(url)).toEqual(before)
      }
      return `${starts.length} starts: exit status 1, what to do is told, and nothing was changed`
    },
    60_000,
  )
})

function people(from: number, to: number): readonly string[] {
  return Array.from({ length: to - from }, (_, index) => `amzn1.account.${from + index}`)
}

/** Each status once. */
function statusesOf(seen: readonly Seen[]): readonly number[] {
  return Array.from(new Set(seen.map(({ status }) => status)))
}

function slowestOf(seen: readonly Seen[]): number {
  return Math.max(...seen.map(({ startMs, endMs }) => endMs - startMs))
}

function figure(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}

/** Lets the next inserts of users fail, and counts the tries. */
async function failInserts(store: StoreUnderTest, code: string, times: number): Promise<void> {
  await store.query(`
    DROP TRIGGER IF EXISTS fail ON users;
    DROP SEQUENCE IF EXISTS tries;
    CREATE SEQUENCE tries;
    CREATE OR REPLACE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF nextval('tries') <= ${Math.min(times, 1_000)} THEN RAISE EXCEPTION 'planted' USING ERRCODE = '${code}'; END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER fail BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION fail()`)
}

async function triesOf(store: StoreUnderTest): Promise<number> {
  const [tries] = await store.query('SELECT last_value AS n FROM tries')
  return Number(tries?.n)
}

/** Lets the inserts of these people take 20 s. */
async function slowInserts(store: StoreUnderTest, who: readonly string[]): Promise<void> {
  const names = who.map((person) => `'az:${person}'`).join(', ') || "''"
  await store.query(`
    CREATE OR REPLACE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF NEW.identifier IN (${names}) THEN PERFORM pg_sleep(20); END IF;
      RETURN NEW;
    END $$;
    CREATE OR REPLACE TRIGGER dawdle BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION dawdle()`)
}

/** Names of all tables and the versions noted, as the owner sees them; undefined when there is no database. */
async function tablesIn(url: string): Promise<unknown> {
  const owner = Object.assign(new URL(url), { username: 'postgres' }).href
  const tables = `SELECT string_agg(relname, ' ' ORDER BY relname) AS all FROM pg_class
    WHERE relnamespace = 'public'::regnamespace`
  return runSql(owner, tables).catch(() => undefined)
}

/** How often a server has written such a thing to its log. */
function countOf({ stdout, stderr }: Listening, pattern: RegExp): number {
  return Array.from((stdout + stderr).matchAll(pattern)).length
}
