import type { NewTokens, TokenOwner } from '../../../src/kept-tokens/token-store'
import type { SqlStore } from '../../../src/store/sql/open-sql-store'
import { buildApp, buildUser, openStore } from './open-store'

const OWNER: TokenOwner = { appId: 'shop', userId: '1001' }
const { identifier: IDENTIFIER } = buildUser()
const NOW_MS = 1_700_000_000_000
const LEASE_MS = 8_000

function tokens(version: string, changes: Partial<NewTokens> = {}): NewTokens {
  const expiresAtMs = NOW_MS + 3_600_000
  const values = { sealed: `k1.${version}`, identifier: IDENTIFIER, expiresAtMs, version }
  return { ...values, nowMs: NOW_MS, ...changes }
}

const ref = (version: string) => ({ ...OWNER, version })

/**
 * What every SQL store does with Amazon's tokens, whatever its dialect.
 *
 * @param freshUrl Gives the URL of an empty store.
 */
export function describeTokenStore(
  dialect: string,
  freshUrl: () => string | Promise<string>,
): void {
  describe(`kept tokens in ${dialect}`, () => {
    let whole: SqlStore
    let store: SqlStore['keptTokens']
    beforeEach(async () => {
      whole = openStore(await freshUrl())
      store = whole.keptTokens
      await whole.apps.insert(buildApp(), new Map())
      await whole.users.upsert(buildUser(), {})
      await store.put(OWNER, tokens('a'))
    })
    afterEach(() => whole.close())

    const claim = (version: string, nowMs = NOW_MS) =>
      store.claim(ref(version), nowMs + LEASE_MS, nowMs)
    async function claimed(version: string, nowMs = NOW_MS) {
      const held = await claim(version, nowMs)
      if (held === undefined) throw new Error('not claimed')
      return held
    }
    const stateOf = async () => (await store.find(OWNER))?.state

    test('what was put is found, and put again it takes the place of what was there', async () => {
      expect(await store.find(OWNER)).toEqual({
        ...OWNER,
        identifier: IDENTIFIER,
        sealed: 'k1.a',
        state: 'kept',
        expiresAtMs: NOW_MS + 3_600_000,
        version: 'a',
        updatedAtMs: NOW_MS,
      })
      await store.put(OWNER, tokens('b', { nowMs: NOW_MS + 1 }))
      expect(await store.find(OWNER)).toMatchObject({ version: 'b', updatedAtMs: NOW_MS + 1 })
    })

    test('tokens of a user who is gone are put nowhere', async () => {
      await store.put({ appId: 'shop', userId: '2' }, tokens('a'))
      expect(await store.find({ appId: 'shop', userId: '2' })).toBeUndefined()
    })

    test('a user with another identifier gets no tokens, by a login or a refresh; the present one is told', async () => {
      await whole.users.update('shop', '1001', { identifier: 'az:B', updatedAtMs: 5 })
      await store.put(OWNER, tokens('b'))
      expect(await store.replace(ref('a'), tokens('c'))).toBe(false)
      expect(await store.find(OWNER)).toMatchObject({ version: 'a', identifier: 'az:B' })
      await store.delete(OWNER)
      await store.put(OWNER, tokens('d'))
      expect(await store.find(OWNER)).toBeUndefined()
      await store.put(OWNER, tokens('e', { identifier: 'az:B' }))
      expect(await store.find(OWNER)).toMatchObject({ version: 'e', identifier: 'az:B' })
    })

    test('certain tokens are removed, and no others', async () => {
      await store.remove(ref('b'))
      expect(await stateOf()).toBe('kept')
      await store.remove(ref('a'))
      expect(await stateOf()).toBeUndefined()
    })

    test('they go with their user', async () => {
      await whole.users.delete('shop', '1001', NOW_MS)
      expect(await store.find(OWNER)).toBeUndefined()
    })

    test('of many who claim a refresh at once, one has it', async () => {
      const all = await Promise.all(Array.from({ length: 20 }, () => claim('a')))
      expect(all.filter((held) => held !== undefined)).toEqual([
        { ...ref('a'), untilMs: NOW_MS + LEASE_MS, isUnsure: false },
      ])
    })

    test('a claim that was given back can be had again; what is unsure stays so until tokens come', async () => {
      await store.release(await claimed('a'), false)
      await store.release(await claimed('a'), true)
      const held = await claimed('a')
      expect(held.isUnsure).toBe(true)
      await store.release(held, false)
      expect((await claimed('a')).isUnsure).toBe(true)
      await store.replace(ref('a'), tokens('b'))
      expect((await claimed('b')).isUnsure).toBe(false)
    })

    test('a claim that has ended by itself is had by another, who knows that it is unsure', async () => {
      await claimed('a')
      expect(await claim('a', NOW_MS + LEASE_MS - 1)).toBeUndefined()
      expect((await claimed('a', NOW_MS + LEASE_MS)).isUnsure).toBe(true)
    })

    test('what a refresh brings is written for the very tokens that it was made with', async () => {
      expect(await store.replace(ref('a'), tokens('b'))).toBe(true)
      expect(await store.replace(ref('a'), tokens('c'))).toBe(false)
      expect(await store.find(OWNER)).toMatchObject({ version: 'b', sealed: 'k1.b' })
      expect(await claim('a')).toBeUndefined()
    })

    test('tokens end for who holds the claim, if they are still there; the sealed text goes', async () => {
      const held = await claimed('a')
      const how = { state: 'revoked', nowMs: NOW_MS + 5, newTokenSecret: undefined } as const
      expect(await store.end({ ...held, untilMs: 1 }, how)).toBe(false)
      expect(await store.end({ ...held, version: 'x' }, how)).toBe(false)
      expect(await store.end(held, how)).toBe(true)
      expect(await store.find(OWNER)).toMatchObject({ state: 'revoked', sealed: '' })
      expect(await store.end(held, how)).toBe(false)
      expect(await claim('a', NOW_MS + 2 * LEASE_MS)).toBeUndefined()
    })

    test('what Amazon did give wins over an end that another has read out of its refusal', async () => {
      await store.end(await claimed('a'), {
        state: 'lost',
        nowMs: NOW_MS,
        newTokenSecret: undefined,
      })
      expect(await store.replace(ref('a'), tokens('b'))).toBe(true)
      expect(await stateOf()).toBe('kept')
    })

    test('sessions end with the tokens, or not at all', async () => {
      const end = { state: 'revoked', nowMs: NOW_MS + 5, newTokenSecret: 'new' } as const
      const held = await claimed('a')
      await store.put(OWNER, tokens('b'))
      expect(await store.end(held, end)).toBe(false)
      expect(await whole.users.findById('shop', '1001')).toMatchObject({
        sessionEpoch: 0,
        tokenSecret: 'token-secret',
      })
      expect(await store.end(await claimed('b'), end)).toBe(true)
      expect(await whole.users.findById('shop', '1001')).toMatchObject({
        sessionEpoch: 1,
        tokenSecret: 'new',
      })
    })

    describe('of many users', () => {
      const ids = Array.from({ length: 12 }, (_none, index) => String(2000 + index))
      beforeEach(async () => {
        await store.delete(OWNER)
        for (const [index, id] of ids.entries()) {
          const identifier = `az:${id}`
          await whole.users.upsert(buildUser({ id, identifier }), {})
          const expiresAtMs = NOW_MS + (index % 3) * 1_000
          await store.put({ appId: 'shop', userId: id }, tokens(id, { identifier, expiresAtMs }))
        }
      })

      test('those that are due are listed by their end, page after page, each once', async () => {
        const found: string[] = []
        let after: { expiresAtMs: number; userId: string } | undefined
        do {
          const page = await store.listDue('shop', { beforeMs: NOW_MS + 1_000, after, limit: 3 })
          found.push(...page.map(({ userId }) => userId))
          after = page.at(-1)
        } while (after !== undefined)
        const endingAt = (rest: number) => ids.filter((_id, index) => index % 3 === rest)
        expect(found).toEqual([...endingAt(0), ...endingAt(1)])
      })

      test('they are counted by state, and due', async () => {
        const [first = ''] = ids
        const held = await store.claim({ appId: 'shop', userId: first, version: first }, 5, 1)
        if (held !== undefined) {
          await store.end(held, { state: 'lost', nowMs: 5, newTokenSecret: undefined })
        }
        expect(await store.count('shop', NOW_MS)).toEqual({ kept: 11, due: 3, revoked: 0, lost: 1 })
        expect(await store.count('news', NOW_MS)).toEqual({ kept: 0, due: 0, revoked: 0, lost: 0 })
      })

      test('apps that have any are found one after the other, and lose theirs some at a time', async () => {
        await whole.apps.insert(buildApp({ id: 'news' }), new Map())
        await whole.users.upsert(buildUser({ appId: 'news' }), {})
        await store.put({ appId: 'news', userId: '1001' }, tokens('n'))
        expect(await store.findApp('')).toBe('news')
        expect(await store.findApp('news')).toBe('shop')
        expect(await store.findApp('shop')).toBeUndefined()
        expect(await store.deleteSome('shop', 10)).toBe(10)
        expect(await store.deleteSome('shop', 10)).toBe(2)
        expect(await store.findApp('news')).toBeUndefined()
        expect(await store.find({ appId: 'news', userId: '1001' })).toBeDefined()
      })

      test('sealed texts are listed in pages, and replaced where they are what they were', async () => {
        const first = await store.listSealed(undefined, 10)
        const rest = await store.listSealed(first.at(-1), 10)
        expect([...first, ...rest].map(({ userId }) => userId)).toEqual(ids)
        const [one, two] = first.map((sealed) => ({ ...sealed, to: `k2.${sealed.userId}` }))
        if (one === undefined || two === undefined) throw new Error('none')
        expect(await store.reseal([one, { ...two, sealed: 'k1.changed' }])).toBe(1)
        expect(await store.find(one)).toMatchObject({ sealed: one.to, version: one.userId })
        expect(await store.find(two)).toMatchObject({ sealed: two.sealed })
      })
    })
  })
}
