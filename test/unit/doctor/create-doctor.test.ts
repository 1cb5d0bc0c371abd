import { ALL_CHECKS } from '../../../src/doctor/all-checks'
import type { Check } from '../../../src/doctor/check'
import { ok } from '../../../src/doctor/check'
import { createDoctor } from '../../../src/doctor/create-doctor'
import type { AmazonProbes } from '../../../src/amazon/amazon-calls'
import type { App } from '../../../src/apps/app'
import type { Site } from '../../../src/doctor/site'
import type { ErrorCode } from '../../../src/errors'

const SILENT = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

function appOf(id: string): App {
  const settings = { az_app_id: 'id', az_secret: 'secret' }
  return {
    id,
    name: id,
    isRoot: false,
    active: true,
    secret: '',
    settings,
    webhookEvents: undefined,
    createdAtMs: 0,
    updatedAtMs: 0,
  }
}

/** As much of a site as the machinery of runs needs. */
function siteOf(ids: readonly string[]): Site {
  return {
    originOfSetting: () => undefined,
    store: { isOpen: () => Promise.resolve(true) },
    apps: {
      listIds: ({ afterId, limit }: { afterId: string; limit: number }) =>
        Promise.resolve(ids.filter((id) => id > afterId).slice(0, limit)),
      find: (id: string) => Promise.resolve(ids.includes(id) ? appOf(id) : undefined),
      findStored: () => Promise.resolve(undefined),
    },
  } as unknown as Site
}

interface World {
  readonly checks: readonly Check[]
  readonly ids?: readonly string[]
  readonly amazon?: Partial<AmazonProbes>
}

function doctorOf({ checks, ids = ['a', 'b', 'c'], amazon = {} }: World) {
  return createDoctor({
    site: siteOf(ids),
    amazon: amazon as AmazonProbes,
    logger: SILENT,
    now: Date.now,
    checks,
  })
}

const knocking: Check = {
  id: 'knocking',
  of: 'app-network',
  look: async ({ app }, { network }) => {
    await network.knock(`https://${app.id}.example/`)
    return ok('answers')
  },
}

test('a check that throws is told of, and keeps no other from its turn', async () => {
  const checks: readonly Check[] = [
    { id: 'bad', of: 'app', look: () => JSON.parse('{') as never },
    { id: 'good', of: 'app', look: () => ok('well') },
  ]
  const { results, level } = await doctorOf({ checks }).run({ asker: 'host', app: 'a' })
  expect(results).toMatchObject([
    { check: 'bad', level: 'warning', seen: 'not looked at: internal' },
    { check: 'good', level: 'ok' },
  ])
  expect(level).toBe('warning')
})

test('when the time of a run is over, nobody is asked any more, and that is told', async () => {
  let asked = 0
  const amazon = {
    knock: async () => {
      asked += 1
      await new Promise((resolve) => setTimeout(resolve, 60))
      return { status: 200 }
    },
  }
  const ids = Array.from({ length: 40 }, (_, n) => `app-${String(n).padStart(2, '0')}`)
  const { results } = await doctorOf({ checks: [knocking], ids, amazon }).run({
    asker: 'host',
    page: { afterId: '', limit: 40 },
    limitMs: 100,
  })
  expect(results).toHaveLength(40)
  expect(asked).toBeLessThan(20)
  expect(results.at(-1)).toMatchObject({
    level: 'warning',
    seen: 'not looked at: the time of this run was over',
  })
})

test('no more than four are asked at once', async () => {
  let [now, most] = [0, 0]
  const amazon = {
    knock: async () => {
      most = Math.max(most, (now += 1))
      await new Promise((resolve) => setTimeout(resolve, 5))
      now -= 1
      return { status: 200 }
    },
  }
  const ids = Array.from({ length: 30 }, (_, n) => `app-${n}`)
  await doctorOf({ checks: [knocking], ids, amazon }).run({
    asker: 'host',
    page: { afterId: '', limit: 100 },
  })
  expect(most).toBe(4)
})

test('all apps together make a process ask 120 times a minute at most', async () => {
  let asked = 0
  const amazon = {
    knock: () => {
      asked += 1
      return Promise.resolve({ status: 200 })
    },
  }
  const ids = Array.from({ length: 200 }, (_, n) => `app-${n}`)
  const doctor = doctorOf({ checks: [knocking], ids, amazon })
  const reports = []
  for (const app of ids) reports.push(await doctor.run({ asker: 'app', isRemote: true, app }))
  expect(asked).toBe(120)
  expect(reports.at(-1)?.results[0]?.seen).toBe(
    'not looked at: too many checks ask others at present',
  )
  // Whoever runs the host is not held up by them.
  await doctor.run({ asker: 'host', app: 'app-1' })
  expect(asked).toBe(121)
})

test('an app is shown what is marked for it alone of the checks of the host', async () => {
  const checks: readonly Check[] = [
    { id: 'inside', of: 'host', look: () => ok('/etc') },
    { id: 'shown', of: 'host', isForApps: true, look: () => ok('well') },
    { id: 'own', of: 'app', look: () => ok('well', 'application.conf:3') },
  ]
  const { results } = await doctorOf({ checks }).run({ asker: 'app', app: 'a' })
  expect(results).toEqual([
    { check: 'shown', level: 'ok', seen: 'well' },
    { check: 'own', level: 'ok', seen: 'well', app: 'a', origin: 'configuration' },
  ])
})

test('progress counts every check', async () => {
  const told: string[] = []
  await doctorOf({ checks: [{ id: 'one', of: 'app', look: () => undefined }] }).run({
    asker: 'host',
    onProgress: (done, total) => void told.push(`${done}/${total}`),
  })
  expect(told).toEqual(['1/3', '2/3', '3/3'])
})

test('a failed login has checks that may tell why, and one that is nobody’s mistake has none', () => {
  const checksOn = (code: ErrorCode): readonly string[] =>
    ALL_CHECKS.filter(({ explains }) => explains?.includes(code)).map(({ id }) => id)
  expect(checksOn('client_rejected')).toEqual(['client_keys', 'credentials'])
  expect(checksOn('invalid_scope')).toEqual(['consent_page', 'scope'])
  expect(checksOn('code_rejected')).toContain('return_address')
  expect(checksOn('amazon_timeout')).toEqual(['amazon_hosts'])
  expect(checksOn('store_unavailable')).toEqual(['store', 'session_store'])
  expect(checksOn('access_denied')).toEqual([])
  expect(checksOn('account_locked')).toEqual([])
})
