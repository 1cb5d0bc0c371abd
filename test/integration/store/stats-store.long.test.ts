import type { AuditEvent } from '../../../src/audit/audit-event'
import { createStats } from '../../../src/stats/create-stats'
import { ALL_APPS, rollUp } from '../../../src/stats/roll-up'
import { SPANS, SPAN_MS } from '../../../src/stats/span'
import type { Sums } from '../../../src/stats/sums'
import { moveStore } from '../../../src/store/sql/move-store'
import { openMigrated, type SqlStore } from '../../../src/store/sql/open-sql-store'
import { createTestDatabase, describeOnPostgres, runSql } from '../../support/postgres'
import { StoreFile } from '../../support/store-file'
import { buildApp, openStore, silentLogger } from './open-store'
import { startChild } from './start-child'

interface Database {
  readonly url: string
  rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>
  drop(): Promise<void> | void
}

function sqlite(): Database {
  const file = new StoreFile()
  return {
    url: file.url,
    rows: (sql) => Promise.resolve(file.rows(sql)),
    drop: () => file.remove(),
  }
}

async function postgres(): Promise<Database> {
  const database = await createTestDatabase()
  return {
    url: database.url,
    rows: (sql) => runSql(database.url, sql),
    drop: () => database.drop(),
  }
}

const FOREVER = { fromMs: 0, untilMs: Number.MAX_SAFE_INTEGER }

describeStats('SQLite', sqlite)
describeOnPostgres('of a server', () => describeStats('PostgreSQL', postgres))

function describeStats(dialect: string, create: () => Promise<Database> | Database): void {
  describe(`sums of sign-ins in ${dialect}`, () => {
    let database: Database
    let store: SqlStore
    beforeEach(async () => {
      database = await create()
      store = openStore(database.url)
      await store.ready()
    })
    afterEach(async () => {
      await store.close()
      await database.drop()
    })

    async function write(app: string, times: readonly number[]): Promise<void> {
      const attempts = times.map((atMs) => ({
        event: { atMs, app, outcome: 'failure', reason: 'code_rejected', way: 'browser' } as const,
        isOfApp: true,
        begunAtMs: undefined,
      }))
      await store.audit.append([], rollUp(attempts))
    }
    const countRows = async (where = '1 = 1'): Promise<readonly number[]> => {
      const tables = ['sign_in_sums', 'sign_in_failures']
      const counts = tables.map(async (table) => {
        const [row] = await database.rows(`SELECT count(*) AS n FROM ${table} WHERE ${where}`)
        return Number(row?.n)
      })
      return Promise.all(counts)
    }

    test('four processes write at once, one of them is killed: the sums are those of the events that are there', async () => {
      const children = ['40', '40', '40', '1000000'].map((batches) =>
        startChild(['count-sign-ins', database.url, batches]),
      )
      const [victim] = children.slice(-1)
      for (let line = 0; line < 25; line += 1) await victim?.nextLine()
      victim?.kill()
      const codes = await Promise.all(children.map(({ exitCode }) => exitCode))
      expect(codes).toEqual([0, 0, 0, null])

      const events = await database.rows(`
        SELECT app_id, outcome, count(*) AS n, sum(took_ms) - sum(amazon_ms) AS own FROM audit GROUP BY 1, 2`)
      const total = events.reduce((sum, { n }) => sum + Number(n), 0)
      expect(total).toBeGreaterThanOrEqual((3 * 40 + 25) * 20)
      expect(total % 20).toBe(0)
      const of = (app: string, outcome: string) =>
        events.find((row) => row.app_id === app && row.outcome === outcome)
      for (const span of SPANS) {
        const all = sumUp(await store.stats.read({ app: ALL_APPS, span, ...FOREVER }))
        expect(all.succeeded + all.failed).toBe(total)
        expect(all).toMatchObject({ returned: total, timed: total, begun: (total / 20) * 3 })
        for (let n = 0; n < 10; n += 1) {
          const app = `app-${n}`
          const sums = sumUp(await store.stats.read({ app, span, ...FOREVER }))
          const [good, bad] = [of(app, 'success'), of(app, 'failure')]
          expect(sums.succeeded).toBe(Number(good?.n ?? 0))
          expect(sums.failed).toBe(Number(bad?.n ?? 0))
          expect(sums.ownMs).toBe(Number(good?.own ?? 0) + Number(bad?.own ?? 0))
          const failures = await store.stats.readFailures({ app, span, ...FOREVER })
          expect(failures.reduce((sum, { count }) => sum + count, 0)).toBe(sums.failed)
        }
      }
    }, 60_000)

    test('a batch that cannot be written adds to no sum', async () => {
      const event: AuditEvent = {
        atMs: 1,
        app: 'acme',
        outcome: 'success',
        reason: 'ok',
        way: 'browser',
        userId: undefined,
        requestId: undefined,
        network: '',
      }
      const broken = { ...event, app: null as unknown as string }
      const counts = rollUp([{ event, isOfApp: true, begunAtMs: undefined }])
      await expect(store.audit.append([event, broken], counts)).rejects.toThrow()
      expect(await countRows()).toEqual([0, 0])
    })

    test('old periods go, a bite at a time, of the span that is named alone', async () => {
      const days = [1, 2, 3].map((day) => day * SPAN_MS.day)
      await write('acme', days)
      expect(await countRows()).toEqual([18, 18])
      expect(await store.stats.deleteBefore('minute', 3 * SPAN_MS.day, 3)).toBe(3)
      expect(await store.stats.deleteBefore('minute', 3 * SPAN_MS.day, 100)).toBe(5)
      expect(await store.stats.deleteBefore('minute', 3 * SPAN_MS.day, 100)).toBe(0)
      expect(await countRows()).toEqual([14, 14])
      expect(await countRows("span = 'minute'")).toEqual([2, 2])
    })

    test('what was counted of an app goes with it, a bite at a time; of all apps it stays', async () => {
      await store.apps.insert(buildApp({ id: 'gone' }), new Map())
      await write(
        'gone',
        Array.from({ length: 20 }, (_, minute) => minute * 60_000),
      )
      await write('stays', [1])
      await store.apps.delete('gone', 5)
      for (let bites = 0; (await store.apps.removeDeleted(10)) === 10; bites += 1) {
        expect(bites).toBeLessThan(20)
      }
      expect(await countRows("app_id = 'gone'")).toEqual([0, 0])
      expect(await store.apps.findWhole('gone')).toBeUndefined()
      expect(await countRows("app_id = 'stays'")).toEqual([3, 3])
      const [all] = await store.stats.read({ app: ALL_APPS, span: 'day', ...FOREVER })
      expect(all?.sums.failed).toBe(21)
    })

    test('the busiest apps of a day are found by an index', async () => {
      for (const [app, count] of [
        ['a', 2],
        ['b', 5],
        ['c', 1],
      ] as const) {
        await write(
          app,
          Array.from({ length: count }, () => 7),
        )
      }
      const busiest = await createStats(store.stats, () => 7).busiest('failed', 7, 2)
      expect(busiest.map(({ app, figures }) => [app, figures.failed])).toEqual([
        ['b', 5],
        ['a', 2],
      ])
    })

    test('they move with the store', async () => {
      await write('acme', [1, 2, 3])
      const target = sqlite()
      const options = { logger: silentLogger }
      const from = await openMigrated({ ...options, url: database.url })
      const to = await openMigrated({ ...options, url: target.url })
      const reports = await moveStore({ from, to, source: 'here', onProgress: () => undefined })
      const moved = reports.filter(({ name }) => name.startsWith('sign_in_'))
      expect(moved.map(({ rows, differing }) => [rows, differing])).toEqual([
        [6, []],
        [6, []],
      ])
      await from.close()
      await to.close()
      await target.drop()
    })
  })
}

function sumUp(periods: readonly { readonly sums: Sums }[]) {
  const total = { succeeded: 0, failed: 0, begun: 0, returned: 0, timed: 0, ownMs: 0 }
  for (const { sums } of periods) {
    total.succeeded += sums.browser
    for (const name of ['failed', 'begun', 'returned', 'timed', 'ownMs'] as const) {
      total[name] += sums[name]
    }
  }
  return total
}
