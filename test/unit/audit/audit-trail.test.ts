import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import Database from 'libsql'

import type { AuditEvent, AuditStore } from '../../../src/audit/audit-event'
import { createAuditTrail } from '../../../src/audit/audit-trail'
import { openStore, silentLogger } from '../../integration/store/open-store'

const folder = mkdtempSync(join(tmpdir(), 'amazon-auth-audit-'))
afterAll(() => rmSync(folder, { recursive: true }))

const event = (values: Partial<AuditEvent> = {}): AuditEvent => ({
  atMs: 1_700_000_000_000,
  app: 'acme',
  outcome: 'success',
  reason: 'ok',
  way: 'browser',
  userId: '1001',
  requestId: undefined,
  network: '192.0.2.0/24',
  ...values,
})

const fail = (): Promise<void> => Promise.reject(new Error('is not to be called'))

/** A trail over a store that can be made to fail or to wait. */
function start(append: AuditStore['append'] | undefined) {
  const dropped: number[] = []
  const lines: string[] = []
  const note = (_facts: object, message: string) => void lines.push(message)
  const trail = createAuditTrail({
    store: { append: append ?? fail },
    keeps: { events: append !== undefined, sums: false },
    logger: { ...silentLogger, info: note, warn: note },
    onDropped: (count) => void dropped.push(count),
  })
  return { trail, dropped, lines }
}

describe('a trail', () => {
  test('writes every event, in batches, and the last ones when it is closed', async () => {
    const batches: (readonly AuditEvent[])[] = []
    const { trail, lines } = start((events) => {
      batches.push(events)
      return Promise.resolve()
    })
    for (let atMs = 0; atMs < 250; atMs += 1) trail.record(event({ atMs }))
    expect(batches).toEqual([])
    await trail.flush()
    expect(batches.map((batch) => batch.length)).toEqual([100, 100, 50])
    expect(batches.flat().map(({ atMs }) => atMs)).toEqual(
      Array.from({ length: 250 }).map((_, n) => n),
    )
    expect(lines.filter((line) => line === 'audit')).toHaveLength(250)
  })

  test('writes by itself a moment after an event', async () => {
    const appended = new Promise<readonly AuditEvent[]>((resolve) => {
      const { trail } = start((events) => {
        resolve(events)
        return Promise.resolve()
      })
      trail.record(event())
    })
    expect(await appended).toEqual([event()])
  })

  test('drops and counts what the store does not take, and warns once until it does again', async () => {
    let isDown = true
    const { trail, dropped, lines } = start(() =>
      isDown ? Promise.reject(new Error('down')) : Promise.resolve(),
    )
    const warnings = () => lines.filter((line) => line.startsWith('audit events are lost'))
    for (let count = 0; count < 150; count += 1) trail.record(event())
    await trail.flush()
    trail.record(event())
    await trail.flush()
    expect(dropped).toEqual([150, 1])
    expect(warnings()).toHaveLength(1)
    isDown = false
    trail.record(event())
    await trail.flush()
    isDown = true
    trail.record(event())
    await trail.flush()
    expect(warnings()).toHaveLength(2)
  })

  test('keeps at most 10,000 events waiting for a store that hangs', async () => {
    let answer = (): void => undefined
    let written = 0
    const { trail, dropped } = start(async (events) => {
      written += events.length
      await new Promise<void>((resolve) => (answer = resolve))
    })
    trail.record(event())
    const closed = trail.flush()
    for (let count = 0; count < 10_005; count += 1) trail.record(event())
    expect(dropped).toEqual([1, 1, 1, 1, 1])
    const closing = setInterval(() => answer())
    await closed
    clearInterval(closing)
    expect(written).toBe(10_001)
  })

  test('only logs where nothing is to be stored', async () => {
    const { trail, dropped, lines } = start(undefined)
    trail.record(event())
    await trail.append(event())
    await trail.flush()
    expect([lines, dropped]).toEqual([['audit', 'audit'], []])
  })

  test('writes a change at once, alone, and tells when it cannot be stored', async () => {
    const batches: (readonly AuditEvent[])[] = []
    const { trail, lines } = start((events) => {
      batches.push(events)
      return batches.length > 1 ? Promise.reject(new Error('full')) : Promise.resolve()
    })
    trail.record(event())
    await trail.append(event({ way: 'operator', reason: 'setting_put' }))
    expect(batches.map((batch) => batch.map(({ way }) => way))).toEqual([['operator']])
    await expect(trail.append(event({ way: 'operator' }))).rejects.toThrow('full')
    expect(lines.filter((line) => line === 'audit')).toHaveLength(3)
  })
})

describe('the SQL store', () => {
  test('keeps every field of an event; what is absent is NULL', async () => {
    const file = join(folder, 'fields.db')
    const store = openStore(`sqlite:${file}`)
    const failed = { outcome: 'failure', reason: 'app_not_found', userId: undefined } as const
    const measured = { step: 'issue_token', tookMs: 312, amazonMs: 290, isNew: true } as const
    const change = {
      way: 'operator',
      actor: 'app:para',
      detail: 'az_scope',
      reason: 'setting_put',
    } as const
    await store.audit.append([
      event(measured),
      event({ ...failed, requestId: 'request-1' }),
      event({ ...change, userId: undefined, atMs: 1_700_000_000_001 }),
    ])
    await store.close()
    const database = new Database(file)
    const rows = database.prepare('SELECT * FROM audit ORDER BY at, outcome DESC').all()
    database.close()
    const common = { at: 1_700_000_000_000, app_id: 'acme', network: '192.0.2.0/24' }
    expect(rows).toMatchObject([
      {
        ...{ ...common, outcome: 'success', reason: 'ok', user_id: '1001', request_id: null },
        ...{ step: 'issue_token', took_ms: 312, amazon_ms: 290, is_new: 1 },
        ...{ actor: null, detail: null },
      },
      {
        ...{ ...common, outcome: 'failure', reason: 'app_not_found', user_id: null },
        ...{ step: null, took_ms: null, amazon_ms: null, is_new: null },
      },
      { way: 'operator', reason: 'setting_put', actor: 'app:para', detail: 'az_scope' },
    ])
  })

  test('removes the oldest first, a bite at a time, and nothing that is young enough', async () => {
    const store = openStore('sqlite::memory:')
    const times = [5, 4, 3, 2, 1, 10, 11]
    await store.audit.append(times.map((atMs) => event({ atMs })))
    expect(await store.audit.deleteBefore(10, 3)).toBe(3)
    expect(await store.audit.deleteBefore(10, 3)).toBe(2)
    expect(await store.audit.deleteBefore(10, 3)).toBe(0)
    expect(await store.audit.deleteBefore(12, 9)).toBe(2)
    await store.close()
  })
})
