import { expect } from '../expect'
import type { Group } from '../group'

/** What processes that serve are noted by. */
export const servingNodes: Group = {
  part: 'servingNodes',
  needs: ['servingNodes'],
  cases: ({ store }) => ({
    'nodes are noted once, by when they were seen last, until they are forgotten': async () => {
      const node = { id: 'a', label: 'web-1 (pid 7)', keyIds: ['bbbbbb', 'aaaaaa'], seenAtMs: 1000 }
      await store.servingNodes.note(node)
      await store.servingNodes.note({ ...node, seenAtMs: 2000 })
      await store.servingNodes.note({ ...node, id: 'b', label: 'web-2 (pid 7)' })
      expect(await store.servingNodes.listSeenSince(2000)).toEqual([{ ...node, seenAtMs: 2000 }])
      expect(await store.servingNodes.deleteSeenBefore(2000, 5)).toBe(1)
      await store.servingNodes.forget('a')
      expect(await store.servingNodes.listSeenSince(0)).toEqual([])
    },
  }),
}
