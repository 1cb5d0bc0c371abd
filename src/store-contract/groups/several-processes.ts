import { buildApp, buildUser } from '../samples'
import { expect } from '../expect'
import type { Group } from '../group'

const use = { appId: 'shop', name: 'token 1', expiresAtMs: 2000 }

/** What holds among processes that share a store. */
export const severalProcesses: Group = {
  part: 'two connections',
  needs: [],
  reopens: true,
  cases: ({ store, reopen }) => ({
    'what one has written, another finds': async () => {
      await store.users.upsert(buildUser(), {})
      await store.apps.putSetting('shop', { name: 'a', value: '1' }, 7)
      const other = await reopen()
      const mistake = 'another process does not find what was written'
      expect(await other.users.findById('shop', '1001'), mistake).toEqual(buildUser())
      expect((await other.apps.findWhole('shop'))?.settings.get('a'), mistake).toBe('1')
      await other.users.update('shop', '1001', { active: false, updatedAtMs: 9 })
      const { active } = (await store.users.findById('shop', '1001')) ?? {}
      expect(active, 'a process goes on with what it has read before').toBe(false)
    },
    'of 50 that take one thing at once, one has it': async () => {
      const other = await reopen()
      const takes = await Promise.all(
        Array.from({ length: 50 }, (_none, n) => (n % 2 === 0 ? store : other).singleUse.take(use)),
      )
      expect(takes.filter(Boolean), 'several have it').toHaveLength(1)
    },
    'first logins of one person at once make one user': async () => {
      const other = await reopen()
      const stored = await Promise.all(
        Array.from({ length: 30 }, (_none, n) =>
          (n % 2 === 0 ? store : other).users.upsert(buildUser({ id: String(n) }), {}),
        ),
      )
      const made = new Set(stored.map((user) => user?.id))
      expect(made.size, 'they have made several').toBe(1)
    },
    'of many who add one app at once, one does': async () => {
      const other = await reopen()
      const added = await Promise.all(
        Array.from({ length: 20 }, (_none, n) =>
          (n % 2 === 0 ? store : other).apps.insert(buildApp({ id: 'new' }), new Map()),
        ),
      )
      expect(added.filter(Boolean), 'several have added it').toHaveLength(1)
    },
  }),
}
