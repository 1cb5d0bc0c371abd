import type { DeviceLogin } from '../../devices/device-login'
import { ensure, expect } from '../expect'
import type { Group } from '../group'

const NOW_MS = 1_700_000_000_000
const KEY = { appId: 'shop', handleHash: 'handle 1' }
const BOUNDS = { perApp: 0, perAddress: 0 }
const LOGIN: DeviceLogin = {
  state: 'new',
  sealed: '',
  intervalMs: 5_000,
  nextPollAtMs: NOW_MS + 10_000,
  expiresAtMs: NOW_MS + 600_000,
}
const NEW = { ...LOGIN, address: 'address 1' }
const OPEN: DeviceLogin = {
  ...LOGIN,
  state: 'open',
  sealed: 'k1.codes',
  nextPollAtMs: NOW_MS + 5_000,
}

/** Logins of devices. */
export const devices: Group = {
  part: 'devices',
  needs: ['devices'],
  cases({ store }) {
    const insert = (handleHash: string, more: { appId?: string; address?: string } = {}) => {
      const { appId = 'shop', address = 'address 1' } = more
      return store.devices.insert({ appId, handleHash }, { ...NEW, address }, BOUNDS, NOW_MS)
    }
    async function open(): Promise<void> {
      await insert(KEY.handleHash)
      ensure(
        await store.devices.settle(KEY, NEW.nextPollAtMs, OPEN),
        'the claim of its maker is none',
      )
    }
    return {
      'a login is found as it was put, for its app alone': async () => {
        expect(await store.devices.find(KEY)).toBeUndefined()
        expect(await insert(KEY.handleHash)).toBe(true)
        expect(await store.devices.find(KEY)).toEqual(LOGIN)
        expect(await store.devices.find({ ...KEY, appId: 'news' })).toBeUndefined()
      },
      'as many may wait as may, of an app and of an address': async () => {
        const bounds = { perApp: 5, perAddress: 3 }
        const added: boolean[] = []
        for (let n = 0; n < 8; n += 1) {
          const login = { ...NEW, address: n < 4 ? 'one' : 'another' }
          const key = { appId: 'shop', handleHash: String(n) }
          added.push(await store.devices.insert(key, login, bounds, NOW_MS))
        }
        const due = [true, true, true, false, true, true, false, false]
        expect(added).toEqual(due)
      },
      'of many who claim one at once, one has it, until its time is over': async () => {
        await open()
        const dueMs = OPEN.nextPollAtMs
        expect(
          await store.devices.claim(KEY, 'open', dueMs - 1, dueMs + 9),
          'it is claimed before it is due',
        ).toBeUndefined()
        const claims = await Promise.all(
          Array.from({ length: 10 }, () => store.devices.claim(KEY, 'open', dueMs, dueMs + 1_000)),
        )
        const held = claims.filter((claimed) => claimed !== undefined)
        expect(held, 'several have it').toHaveLength(1)
        const later = await store.devices.claim(KEY, 'open', dueMs + 1_000, dueMs + 2_000)
        ensure(later !== undefined, 'a claim that is over keeps others out')
      },
      'one in another state, or expired, is not claimed': async () => {
        await open()
        const dueMs = OPEN.nextPollAtMs
        expect(await store.devices.claim(KEY, 'linked', dueMs, dueMs + 9)).toBeUndefined()
        const endMs = OPEN.expiresAtMs
        expect(await store.devices.claim(KEY, 'open', endMs, endMs + 9)).toBeUndefined()
      },
      'what is settled under a claim that is over is not written': async () => {
        await open()
        const dueMs = OPEN.nextPollAtMs
        await store.devices.claim(KEY, 'open', dueMs, dueMs + 1_000)
        await store.devices.claim(KEY, 'open', dueMs + 1_000, dueMs + 2_000)
        const done: DeviceLogin = { ...OPEN, state: 'done', sealed: '' }
        expect(await store.devices.settle(KEY, dueMs + 1_000, done), 'whoever lost it writes').toBe(
          false,
        )
        expect(await store.devices.settle(KEY, dueMs + 2_000, done)).toBe(true)
        expect(await store.devices.find(KEY)).toMatchObject({ state: 'done', sealed: '' })
      },
      'those that ended before a time go, at most as many as asked': async () => {
        for (const handle of ['1', '2', '3']) await insert(handle)
        expect(await store.devices.deleteExpired(NEW.expiresAtMs - 1, 9)).toBe(0)
        expect(await store.devices.deleteExpired(NEW.expiresAtMs, 2)).toBe(2)
        expect(await store.devices.deleteExpired(NEW.expiresAtMs, 2)).toBe(1)
      },
    }
  },
}
