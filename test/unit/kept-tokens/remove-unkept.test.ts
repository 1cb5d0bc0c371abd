import type { App } from '../../../src/apps/app'
import { createRemovalOfUnkept } from '../../../src/kept-tokens/remove-unkept'

/** Apps with so many tokens each; every third keeps none any more. */
function worldOf(apps: number, tokensEach: number) {
  const left = new Map(
    Array.from({ length: apps }, (_none, n) => [String(n).padStart(4, '0'), tokensEach]),
  )
  const store = {
    findApp: (afterId: string) =>
      Promise.resolve([...left.keys()].find((id) => id > afterId && (left.get(id) ?? 0) > 0)),
    deleteSome(appId: string, limit: number) {
      const removed = Math.min(limit, left.get(appId) ?? 0)
      left.set(appId, (left.get(appId) ?? 0) - removed)
      return Promise.resolve(removed)
    },
  }
  const isKept = ({ id }: App): boolean => Number(id) % 3 !== 0
  const find = (id: string) => Promise.resolve({ id } as App)
  return { left, store, isKept, find }
}

async function bites(bite: (limit: number) => Promise<number>, limit: number): Promise<number> {
  let count = 1
  while ((await bite(limit)) === limit) count += 1
  return count
}

test('bite by bite it removes all tokens of apps that keep none, and no others', async () => {
  const { left, store, isKept, find } = worldOf(200, 30)
  expect(await bites(createRemovalOfUnkept(store, find, isKept), 25)).toBeGreaterThan(60)
  for (const [id, count] of left) expect(count).toBe(Number(id) % 3 === 0 ? 0 : 30)
})

test('an app that cannot be read keeps its tokens, and is in the way of no other', async () => {
  const { left, store, isKept, find } = worldOf(10, 3)
  const bite = createRemovalOfUnkept(
    store,
    (id) => (id === '0003' ? Promise.reject(new Error('unreadable')) : find(id)),
    isKept,
  )
  await bites(bite, 25)
  expect([left.get('0000'), left.get('0003'), left.get('0006')]).toEqual([0, 3, 0])
})

test('it begins anew after its end', async () => {
  const { left, store, isKept, find } = worldOf(10, 3)
  const bite = createRemovalOfUnkept(store, find, isKept)
  await bites(bite, 25)
  left.set('0003', 7)
  await bites(bite, 25)
  expect(left.get('0003')).toBe(0)
})
