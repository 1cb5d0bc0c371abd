import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { lockTable, runSql } from '../../support/postgres'
import {
  describeWithCluster,
  startCluster,
  type PostgresCluster,
} from '../../support/postgres-cluster'
import { until } from '../../support/until'
import { buildApp, buildUser, openStore } from './open-store'

const LANGUAGE = 'de_DE.UTF-8'

/** The test makes the language itself: what systems install of them differs. */
const folder = mkdtempSync(join(tmpdir(), 'auth-locale-'))
chmodSync(folder, 0o755)
const made = spawnSync('localedef', ['-i', 'de_DE', '-f', 'UTF-8', join(folder, LANGUAGE)])
const describeInGerman = made.status === 0 ? describeWithCluster : describe.skip
if (made.status !== 0) console.warn('Skipped for want of localedef: a PostgreSQL in German')

describeInGerman('a PostgreSQL server whose messages are in German', () => {
  const { LOCPATH } = process.env
  let cluster: PostgresCluster

  beforeAll(async () => {
    process.env.LOCPATH = folder
    cluster = await startCluster(`lc_messages=${LANGUAGE}`)
  }, 60_000)
  afterAll(async () => {
    await cluster.remove()
    if (LOCPATH === undefined) delete process.env.LOCPATH
    else process.env.LOCPATH = LOCPATH
  })

  /** Sessions of the pool: neither the one that listens for news, nor that of the migrations, which ends. */
  const sessions = (): Promise<{ pid: number }[]> =>
    runSql(
      cluster.url,
      `SELECT pid FROM pg_stat_activity WHERE application_name = 'express-amazon-auth'
        AND query <> '' AND query NOT ILIKE 'listen%'`,
    )

  test('speaks German, so that this proves something', async () => {
    await expect(runSql(cluster.url, 'SELECT nothing')).rejects.toMatchObject({
      severity: 'FEHLER',
    })
  })

  test('keeps its connections when it refuses statements, and refuses them for the same reasons', async () => {
    const store = openStore(cluster.url)
    await store.ready()
    expect(await store.apps.insert(buildApp(), new Map())).toBe(true)
    await until(async () => (await sessions()).length === 1)
    const before = await sessions()
    for (let attempt = 0; attempt < 5; attempt++) {
      expect(await store.apps.insert(buildApp(), new Map())).toBe(false)
    }
    expect(await sessions()).toEqual(before)
    await store.close()
  })

  test('that ends a connection under a read is asked again on another one', async () => {
    const store = openStore(cluster.url)
    await store.users.upsert(buildUser(), {})
    const unlock = await lockTable(cluster.url, 'users', 'ACCESS EXCLUSIVE')
    const reading = store.users.findByIdentifier('shop', buildUser().identifier)
    await until(async () => {
      const sql =
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
      return (await runSql(cluster.url, sql)).length > 0
    })
    await unlock()
    expect(await reading).toEqual(buildUser())
    await store.close()
  })
})

afterAll(() => rmSync(folder, { recursive: true }))
