import { expect } from '../expect'
import type { Group } from '../group'

const use = { appId: 'shop', name: 'token 1', expiresAtMs: 2000 }

/** What is good for one use only is kept by. */
export const singleUse: Group = {
  part: 'singleUse',
  needs: [],
  cases: ({ store }) => ({
    'what is taken once is gone, for its app alone': async () => {
      expect(await store.singleUse.take(use)).toBe(true)
      expect(await store.singleUse.take(use)).toBe(false)
      expect(await store.singleUse.take({ ...use, name: 'token 2' })).toBe(true)
      expect(await store.singleUse.take({ ...use, appId: 'other' })).toBe(true)
    },
    'what has had its time is forgotten, at most as many as asked, and nothing else': async () => {
      for (let index = 0; index < 5; index += 1) {
        await store.singleUse.take({ ...use, name: `${index}`, expiresAtMs: 1000 + index })
      }
      await store.singleUse.take(use)
      expect(await store.singleUse.deleteExpired(1999, 3)).toBe(3)
      expect(await store.singleUse.deleteExpired(1999, 3)).toBe(2)
      expect(await store.singleUse.deleteExpired(1999, 3)).toBe(0)
      expect(await store.singleUse.take({ ...use, name: '0' })).toBe(true)
      expect(await store.singleUse.take(use)).toBe(false)
    },

    'whether something was taken is told, and takes nothing': async () => {
      expect(await store.singleUse.wasTaken(use)).toBe(false)
      expect(await store.singleUse.take(use)).toBe(true)
      expect(await store.singleUse.wasTaken(use)).toBe(true)
      expect(await store.singleUse.wasTaken({ ...use, appId: 'other' })).toBe(false)
    },
    'of 50 that take one thing at once, one has it': async () => {
      const takes = await Promise.all(Array.from({ length: 50 }, () => store.singleUse.take(use)))
      const had = takes.filter(Boolean)
      expect(had, 'several have it: looking and noting has to be one step').toHaveLength(1)
    },
    'a name of any length tells one thing from another': async () => {
      const long = 'x'.repeat(3_000)
      expect(await store.singleUse.take({ ...use, name: `${long}1` })).toBe(true)
      expect(await store.singleUse.take({ ...use, name: `${long}2` }), 'names are cut off').toBe(
        true,
      )
      expect(await store.singleUse.take({ ...use, name: `${long}2` })).toBe(false)
    },
  }),
}
