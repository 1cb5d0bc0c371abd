import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

import { createSealer } from '../../../src/crypto/sealer'
import type { SqlStore } from '../../../src/store/sql/open-sql-store'
import { sealSecrets } from '../../../src/webhooks/webhook-secrets'
import { createTestDatabase, describeOnPostgres, type TestDatabase } from '../../support/postgres'
import { startReceiver, type Receiver } from '../../support/receiver'
import { until } from '../../support/until'
import { buildApp, buildUser, openStore } from '../store/open-store'

const USERS = ['1', '2', '3', '4', '5']
const EVENTS = 12
const KEY = { appId: 'shop', id: 'wh_1' }
const sealer = createSealer(() => ['the-master-key-of-these-tests-0123456789'], 'secrets at rest')

describeOnPostgres('webhooks of several processes on PostgreSQL', () => {
  let database: TestDatabase
  let store: SqlStore
  let receiver: Receiver
  const children: ChildProcess[] = []

  beforeAll(async () => {
    database = await createTestDatabase()
    store = openStore(database.url)
    receiver = await startReceiver()
    await store.apps.insert(buildApp(), new Map())
    await store.webhooks.insert(
      {
        ...KEY,
        url: receiver.url,
        events: ['user.signed_in'],
        off: undefined,
        sealed: sealSecrets([`whsec_${Buffer.alloc(32).toString('base64')}`], KEY, sealer),
        formerUntilMs: 0,
        failingSinceMs: undefined,
        createdAtMs: 0,
        updatedAtMs: 0,
      },
      10,
    )
    for (const id of USERS) await store.users.upsert(buildUser({ id, identifier: `az:${id}` }), {})
  })
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL')
    await store.close()
    await receiver.close()
    await database.drop()
  })

  function start(skewMs = 0): ChildProcess {
    const child = spawn(
      process.execPath,
      [
        ...['-r', join(__dirname, '../../support/register-ts.cjs')],
        ...[join(__dirname, 'webhook-child.ts'), database.url, String(skewMs)],
      ],
      { stdio: 'inherit' },
    )
    children.push(child)
    return child
  }
  const stepsOf = (user: string) =>
    receiver.all.filter(({ data }) => data.user.id === user).map(({ data }) => data.step)

  test('what a killed process was at is sent again, and each user’s events arrive in order, though clocks differ', async () => {
    for (let step = 0; step < EVENTS; step += 1) {
      await Promise.all(
        USERS.map((id) => {
          const user = buildUser({ id, identifier: `az:${id}` })
          return store.deliveries.tell(
            user,
            [{ type: 'user.signed_in', detail: { step } }],
            1_000 - step,
          )
        }),
      )
    }
    let held = 0
    // The first five hang, and their process is killed meanwhile.
    receiver.answers((_received, res) => {
      held += 1
      if (held > 4) res.writeHead(204).end()
    })
    const doomed = start()
    await until(() => held >= 4)
    doomed.kill('SIGKILL')
    await once(doomed, 'exit')
    const before = receiver.all.length
    expect(before).toBeLessThan(USERS.length * EVENTS)
    for (const skewMs of [0, 3_000, -3_000]) start(skewMs)
    await until(async () => {
      const rows = await store.deliveries.list(KEY, { limit: 100 })
      return rows.every(({ state }) => state === 'delivered')
    }, 60_000)
    const order = Array.from({ length: EVENTS }, (_none, step) => step)
    for (const user of USERS) {
      const first = stepsOf(user).filter((step, at, all) => all.indexOf(step) === at)
      expect(first).toEqual(order)
    }
    const ids = receiver.all.map(({ id }) => id)
    expect(new Set(ids).size).toBe(USERS.length * EVENTS)
    // Only what hung was sent twice.
    expect(ids.length - new Set(ids).size).toBeLessThanOrEqual(4)
    expect(await store.deliveries.findWaiting({ appId: '', id: '' })).toBeUndefined()
  }, 120_000)
})
