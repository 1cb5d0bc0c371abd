import { expect } from '../expect'
import type { Group } from '../group'

const session = { data: '{"cookie":{}}', expiresAtMs: 2000 }

/** What browser sessions are kept by. */
export const sessions: Group = {
  part: 'sessions',
  needs: [],
  cases: ({ store }) => ({
    'a session is found until it ends': async () => {
      await store.sessions.put('hash', session)
      expect(await store.sessions.find('hash', 1999)).toEqual(session)
      expect(await store.sessions.find('hash', 2000)).toBeUndefined()
      expect(await store.sessions.find('other', 0)).toBeUndefined()
    },
    'a session put again holds the new data': async () => {
      await store.sessions.put('hash', session)
      await store.sessions.put('hash', { data: '{}', expiresAtMs: 3000 })
      expect(await store.sessions.find('hash', 0)).toEqual({ data: '{}', expiresAtMs: 3000 })
    },
    'a deleted session is gone': async () => {
      await store.sessions.put('hash', session)
      await store.sessions.delete('hash')
      await store.sessions.delete('hash')
      expect(await store.sessions.find('hash', 0)).toBeUndefined()
    },
    'sessions that have ended are removed, at most as many as asked, and live ones stay':
      async () => {
        for (let index = 0; index < 5; index += 1) {
          await store.sessions.put(`ended${index}`, { data: '{}', expiresAtMs: 1000 + index })
        }
        await store.sessions.put('live', session)
        expect(await store.sessions.deleteExpired(1999, 3)).toBe(3)
        expect(await store.sessions.deleteExpired(1999, 3)).toBe(2)
        expect(await store.sessions.deleteExpired(1999, 3)).toBe(0)
        expect(await store.sessions.find('ended4', 0)).toBeUndefined()
        expect(await store.sessions.find('live', 0)).toEqual(session)
      },

    'a session that has ended is not found, though nobody has removed it': async () => {
      await store.sessions.put('hash', { data: '{}', expiresAtMs: 1_000 })
      const found = await store.sessions.find('hash', 1_000)
      expect(found, 'a session is found after its end').toBeUndefined()
    },
    'a session is replaced while it is there, and never brought back': async () => {
      await store.sessions.put('hash', session)
      await store.sessions.replace('hash', { data: '{"new":1}', expiresAtMs: 3000 })
      expect(await store.sessions.find('hash', 0)).toEqual({ data: '{"new":1}', expiresAtMs: 3000 })
      await store.sessions.delete('hash')
      await store.sessions.replace('hash', session)
      const found = await store.sessions.find('hash', 0)
      expect(found, 'a request that ends after a sign-out signs in again').toBeUndefined()
    },
    'a large session comes back whole': async () => {
      const data = JSON.stringify({ text: '漢字🔑'.repeat(20_000) })
      await store.sessions.put('hash', { data, expiresAtMs: 2000 })
      expect(await store.sessions.find('hash', 0)).toEqual({ data, expiresAtMs: 2000 })
    },
  }),
}
