import { expect } from '../expect'
import type { Group } from '../group'

/** What the ids of keys are kept by. */
export const sealingKeys: Group = {
  part: 'sealingKeys',
  needs: [],
  cases: ({ store }) => ({
    'keys are noted once each, and forgotten but for one': async () => {
      await store.sealingKeys.add('bbbbbb')
      await store.sealingKeys.add('aaaaaa')
      await store.sealingKeys.add('bbbbbb')
      expect((await store.sealingKeys.list()).toSorted()).toEqual(['aaaaaa', 'bbbbbb'])
      await store.sealingKeys.keepOnly('bbbbbb')
      expect(await store.sealingKeys.list()).toEqual(['bbbbbb'])
    },
  }),
}
