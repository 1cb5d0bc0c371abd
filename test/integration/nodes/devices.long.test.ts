import { setTimeout as sleep } from 'node:timers/promises'

import { createTestDatabase, describeOnPostgres } from '../../support/postgres'
import { until } from '../../support/until'
import { shortestGap } from '../device/device-world'
import type { Listening } from '../server/command-line'
import { startThreeNodes, type ThreeNodes } from './three-nodes'

const START_MS = 90_000
/** Amazon has 30 s. */
const INTERVAL_SECONDS = 2
const ENDS = ['signed_in', 'expired_token', 'access_denied']

interface Device {
  readonly userCode: string
  /** What each node has told it at the end. */
  readonly ends: Promise<readonly string[]>
}

describeOnPostgres('devices of three nodes on PostgreSQL', () => {
  let site: ThreeNodes

  beforeAll(async () => {
    const database = await createTestDatabase()
    site = await startThreeNodes(
      { storeUrl: database.url, sessionStoreUrl: '', close: () => database.drop() },
      { pollIntervalSeconds: INTERVAL_SECONDS },
    )
    await site.createApp('acme')
  }, START_MS)
  afterAll(async () => {
    await site.close()
  }, START_MS)

  /** Asks one node; undefined: it is not there. */
  async function ask(node: Listening, handle: string): Promise<string | undefined> {
    const body = { device_code: handle }
    const answer = await site
      .call(node, 'POST /amazon_auth/device/token', { body })
      .catch(() => undefined)
    return answer?.status === 200 ? 'signed_in' : (answer?.json?.error as string | undefined)
  }

  /** A device whose asks reach each node, all the time. */
  async function startDevice(): Promise<Device> {
    const body = { appid: 'acme' }
    const { json } = await site.call(site.nodes[0], 'POST /amazon_auth/device', { body })
    const handle = String(json.device_code)
    const asking = site.nodes.map(async (node) => {
      for (;;) {
        const told = await ask(node, handle)
        if (told === undefined && node.child.killed) return 'dead'
        if (told !== undefined && ENDS.includes(told)) return told
        await sleep(100)
      }
    })
    const ends = Promise.all(asking).then((told) => told.sort())
    return { userCode: String(json.user_code), ends }
  }

  /** When each pair of codes was polled. */
  function pollsByCode(): readonly (readonly number[])[] {
    const polls = new Map<unknown, number[]>()
    for (const { body, atMs } of site.emulator.journal.entries({ path: '/auth/o2/token' })) {
      const code = body.device_code
      polls.set(code, [...(polls.get(code) ?? []), atMs])
    }
    return Array.from(polls.values())
  }

  test('each code has one poller, however many nodes are asked and whichever dies, and each is signed in once', async () => {
    const { journal, faults } = site.emulator
    const devices = await Promise.all(Array.from({ length: 8 }, startDevice))
    await until(() => pollsByCode().length === 8 && pollsByCode().every(({ length }) => length > 1))

    // One node dies while it waits for Amazon's answer to a poll, and others hold on.
    faults.set({ endpoint: 'token', fault: { name: 'latency', ms: 1_000 } })
    const before = journal.count('/auth/o2/token')
    await until(() => journal.count('/auth/o2/token') >= before + 4)
    site.nodes[2].child.kill('SIGKILL')
    faults.clear()
    // Its polls are still at Amazon, which would give the tokens to nobody.
    await sleep(1_500)

    for (const { userCode } of devices) site.emulator.allowDevice(userCode)
    const ends = await Promise.all(devices.map((device) => device.ends))
    expect(new Set(ends.map((told) => told.join()))).toEqual(
      new Set(['dead,expired_token,signed_in']),
    )
    for (const polls of pollsByCode()) {
      expect(shortestGap(polls)).toBeGreaterThanOrEqual(INTERVAL_SECONDS * 1_000)
    }
    const granted = journal.entries({ path: '/auth/o2/token', status: 200 })
    expect(granted).toHaveLength(8)
  }, 120_000)
})
