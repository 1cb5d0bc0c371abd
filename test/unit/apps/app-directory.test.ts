import { createAppDirectory, type AppDirectory } from '../../../src/apps/app-directory'
import { settingsFrom } from '../../../src/apps/seal-settings'
import { createSealer } from '../../../src/crypto/sealer'

const sealer = createSealer(() => ['a-master-key-of-the-tests-0123456789'], 'secrets at rest')

let reads: string[]
let stored: Set<string>
let answer: Promise<void>
let hear: (appId: string | undefined) => void
let directory: AppDirectory
beforeEach(() => {
  reads = []
  stored = new Set(['acme'])
  answer = Promise.resolve()
  directory = createAppDirectory({
    store: {
      async find(id) {
        reads.push(id)
        const isThere = stored.has(id)
        await answer
        if (!isThere) return undefined
        const sealedSecret = sealer.seal('a secret of the app', id)
        const times = { createdAtMs: 0, updatedAtMs: 0 }
        return { app: { id, name: id, active: true, sealedSecret, ...times }, settings: new Map() }
      },
    },
    sealer,
    rootId: 'para',
    rootSecret: undefined,
    configured: () => settingsFrom([]),
    cacheTtlMs: 60_000,
    changes: { publish: () => undefined, subscribe: (listener) => void (hear = listener) },
  })
})

test('a flood of names that no app has drives out no app, and each is read once', async () => {
  await directory.find('acme')
  for (let n = 0; n < 15_000; n += 1) {
    await directory.find(`none${n}`)
    expect(await directory.find(`none${n}`)).toBeUndefined()
  }
  expect(await directory.find('acme')).toMatchObject({ id: 'acme' })
  expect(reads).toHaveLength(15_001)
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
