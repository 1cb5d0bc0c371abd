import { createAppDirectory, type AppDirectory } from '../../../src/apps/app-directory'
import { settingsFrom } from '../../../src/apps/settings'
import { createSealer } from '../../../src/crypto/sealer'

const sealer = createSealer(() => ['a-master-key-of-the-tests-0123456789'], 'secrets at rest')

let reads: string[]
let looks: number
let keys: [string, string][]
let known: Map<string, string>
let stored: Set<string>
let answer: Promise<void>
let hear: (appId: string | undefined) => void
let directory: AppDirectory
beforeEach(() => {
  reads = []
  looks = 0
  keys = []
  known = new Map()
  stored = new Set(['acme'])
  answer = Promise.resolve()
  directory = createAppDirectory({
    store: {
      async find(id) {
        reads.push(id)
        const isThere = stored.has(id)
        await answer
        if (!isThere) return undefined
        return { app: recordOf(id), known }
      },
      list({ limit }) {
        looks += 1
        return Promise.resolve([...stored].sort().slice(0, limit).map(recordOf))
      },
    },
    sealer,
    rootId: 'para',
    rootSecret: undefined,
    configured: { isHosted: false, find: () => Promise.resolve(settingsFrom(keys)) },
    add: () => Promise.resolve(),
    cacheTtlMs: 60_000,
    changes: { publish: () => undefined, subscribe: (listener) => void (hear = listener) },
  })
})

function recordOf(id: string) {
  const sealedSecret = sealer.seal('a secret of the app', id)
  return { id, name: id, active: true, sealedSecret, createdAtMs: 0, updatedAtMs: 0 }
}

test('a flood of names that no app has drives out no app, and each is read once', async () => {
  await directory.find('acme')
  for (let n = 0; n < 15_000; n += 1) {
    await directory.find(`none${n}`)
    expect(await directory.find(`none${n}`)).toBeUndefined()
  }
  expect(await directory.find('acme')).toMatchObject({ id: 'acme' })
  expect(reads).toHaveLength(15_001)
})

test('what is remembered is bounded by its size, however few the apps are', async () => {
  const names = Array.from({ length: 5_000 }, (_, n) => `app${n}`)
  stored = new Set(names)
  for (const name of names) await directory.find(name)
  for (const name of names) await directory.find(name)
  expect(reads).toHaveLength(names.length)

  const target = `/${'x'.repeat(2_000)}`
  for (const name of ['signin_success', 'signin_failure']) known.set(name, JSON.stringify(target))
  for (const name of names) directory.forget(name)
  for (const name of names) await directory.find(name)
  reads = []
  expect(await directory.find('app4999')).toMatchObject({ settings: { signin_success: target } })
  expect(reads).toEqual([])
  await directory.find('app0')
  expect(reads).toEqual(['app0'])
})

test('names longer than any app has are neither read nor remembered', async () => {
  expect(await directory.find('x'.repeat(129))).toBeUndefined()
  expect(reads).toEqual([])
})

test('what is asked for while it is read is read once', async () => {
  const found = await Promise.all(Array.from({ length: 10 }, () => directory.find('acme')))
  expect(found.map((app) => app?.id)).toEqual(Array.from({ length: 10 }, () => 'acme'))
  expect(reads).toEqual(['acme'])
})

test.each([
  ['here', () => directory.forget('bakery')],
  ['elsewhere', () => hear('bakery')],
  ['perhaps, elsewhere', () => hear(undefined)],
])('an app made %s while its name is looked up is found by the next', async (_where, forget) => {
  let release = (): void => undefined
  answer = new Promise((resolve) => (release = resolve))
  const early = directory.find('bakery')
  stored.add('bakery')
  forget()
  release()
  expect(await early).toBeUndefined()
  expect(await directory.find('bakery')).toMatchObject({ id: 'bakery' })
})

test('a read that fails is tried again by the next', async () => {
  answer = Promise.reject(new Error('disk on fire'))
  await expect(directory.find('acme')).rejects.toThrow('disk on fire')
  answer = Promise.resolve()
  expect(await directory.find('acme')).toMatchObject({ id: 'acme' })
})

describe('the only app', () => {
  const KEYS: [string, string][] = [
    ['az_app_id', 'id'],
    ['az_secret', 'secret'],
  ]
  test.each([
    ['the root app, when nobody else is there', ['para'], [], 'para'],
    ['the child of a root app without keys', ['acme', 'para'], [], 'acme'],
    ['none, beside a root app with keys', ['acme', 'para'], KEYS, undefined],
    ['none of two children', ['acme', 'para', 'zenith'], [], undefined],
    ['none of many', ['a', 'b', 'c', 'd', 'para'], [], undefined],
  ])('is %s', async (_which, ids, configured, expected) => {
    stored = new Set(ids)
    keys = configured
    expect(await directory.findSole()).toBe(expected)
  })

  test('is looked for once, and again after a change, here or elsewhere', async () => {
    stored = new Set(['acme', 'para'])
    await Promise.all([directory.findSole(), directory.findSole()])
    expect(looks).toBe(1)
    stored.add('zenith')
    directory.forget('zenith')
    expect(await directory.findSole()).toBeUndefined()
    stored.delete('zenith')
    hear('zenith')
    expect(await directory.findSole()).toBe('acme')
    expect(looks).toBe(3)
  })
})

test('a stored setting that is no JSON is text, and keeps no app from its users', async () => {
  known = new Map([
    ['signin_success', '/home'],
    ['session_timeout', '{no json'],
  ])
  expect((await directory.find('acme'))?.settings).toEqual({ signin_success: '/home' })
})
