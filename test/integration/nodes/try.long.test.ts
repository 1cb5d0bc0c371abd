import { setTimeout } from 'node:timers/promises'

import type { TryReport } from '../../../src/pages/try-report'
import { Browser } from '../../support/browser'
import { createTestDatabase, describeOnPostgres, runSql } from '../../support/postgres'
import { at, startThreeNodes } from './three-nodes'

const LONG_MS = 60_000
/** What the first node may have written before it was killed. */
const REASONS_OF_SET_UP = ['app_created', 'settings_replaced']
const JSON_HEADERS = { accept: 'application/json' }

describeOnPostgres('a link to try the sign-in, on three nodes and PostgreSQL', () => {
  test(
    'made by one node is begun by the next and finished by a third, though the first two are gone; nothing is stored',
    async () => {
      const database = await createTestDatabase()
      const store = { storeUrl: database.url, sessionStoreUrl: '', close: () => database.drop() }
      const site = await startThreeNodes(store)
      try {
        const [first, second, third] = site.nodes
        const keys = await site.createApp('acme')
        const { json } = await site.call(first, 'POST /v1/_try', { as: keys })
        first.child.kill('SIGKILL')
        const browser = new Browser(second.origin)
        const start = await browser.get(at(second, json.url), JSON_HEADERS)
        const { location } = JSON.parse(start.body) as { location: string }
        // As behind the load balancer: the public host is another.
        const begun = await browser.get(`${at(second, location)}&sent_on=1`)
        second.child.kill('SIGKILL')
        const back = await site.emulator.allow(begun.location)
        const shown = await browser.get(at(third, back), JSON_HEADERS)
        expect(JSON.parse(shown.body) as TryReport).toMatchObject({
          ok: true,
          user: { isNew: true },
          asked: { redirect_uri: `${site.proxy.origin}/amazon_auth` },
        })
        // The audit trail is written some time later.
        await setTimeout(1_000)
        for (const table of ['users', 'sessions', 'amazon_tokens']) {
          const rows = await runSql(database.url, `SELECT count(*)::int AS n FROM ${table}`)
          expect([table, rows[0]?.n]).toEqual([table, 0])
        }
        const audit = await runSql(database.url, `SELECT reason FROM audit`)
        const reasons = audit.map(({ reason }) => reason)
        expect(reasons.filter((reason) => !REASONS_OF_SET_UP.includes(String(reason)))).toEqual([])
      } finally {
        await site.close()
      }
    },
    LONG_MS,
  )
})
