import { ERRORS } from '../../../src/errors'
import { createLoginSlots } from '../../../src/http/limits/login-slots'

const FULL = { code: 'server_busy', status: 503, facts: { reason: 'too_many_in_flight' } }

function fillable() {
  const log: string[] = []
  const add = (facts: object, message: string) =>
    void log.push(`${JSON.stringify(facts)} ${message}`)
  const slots = createLoginSlots({ debug: add, info: add, warn: add, error: add })
  const ends: (() => void)[] = []
  return {
    /** Begins logins until one is refused. @returns How many were let in. */
    async fill(app: string): Promise<number> {
      for (let count = 0; ; count += 1) {
        const before = ends.length
        const login = slots.run(app, () => new Promise<void>((resolve) => ends.push(resolve)))
        if (ends.length > before) continue
        await expect(login).rejects.toMatchObject(FULL)
        return count
      }
    },
    async endAll() {
      for (const end of ends.splice(0)) end()
      await new Promise(setImmediate)
    },
    slots,
    log,
  }
}

test('one app gets two thirds of the slots, and the next still finds room', async () => {
  const taken = fillable()
  expect(await taken.fill('noisy')).toBe(342)
  expect(await taken.fill('second')).toBe(114)
  expect(await taken.fill('third')).toBeGreaterThan(30)
})

test('a login that is over makes room, also when it has failed', async () => {
  const taken = fillable()
  await taken.fill('acme')
  await taken.endAll()
  expect(await taken.fill('acme')).toBe(342)
  await taken.endAll()
  for (let count = 0; count < 600; count += 1) {
    await expect(taken.slots.run('acme', () => Promise.reject(new Error('no')))).rejects.toThrow(
      'no',
    )
  }
})

test('the first refusal is logged, with how many wait; a flood does not fill the log', async () => {
  const taken = fillable()
  for (let times = 0; times < 5; times += 1) await taken.fill('noisy')
  const said = 'too many logins of this app wait for Amazon: more of them are refused'
  const { advice } = ERRORS.server_busy
  const facts = JSON.stringify({ app: 'noisy', waiting: 342, ofAllApps: 342, advice })
  expect(taken.log).toEqual([`${facts} ${said}`])
})
