import type { NewTokens, TokenOwner } from '../../kept-tokens/token-store'
import { ensure, expect } from '../expect'
import type { Group, Scene } from '../group'
import { buildApp, buildUser } from '../samples'

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

/** What Amazon's tokens of users are kept by. */
export const keptTokens: Group = {
  part: 'keptTokens',
  needs: ['keptTokens'],
  async arrange({ store }) {
    await store.users.upsert(buildUser(), {})
    await store.keptTokens.put(OWNER, tokens('a'))
  },
  cases(scene) {
    const kept = () => scene.store.keptTokens
    const claim = (version: string, nowMs = NOW_MS) =>
      kept().claim(ref(version), nowMs + LEASE_MS, nowMs)
    async function claimed(version: string, nowMs = NOW_MS) {
      const held = await claim(version, nowMs)
      ensure(held !== undefined, 'a claim that nobody else has is refused')
      return held
    }
    const stateOf = async () => (await kept().find(OWNER))?.state
    return {
      'what was put is found, and put again it takes the place of what was there': async () => {
        expect(await kept().find(OWNER)).toEqual({
          ...OWNER,
          identifier: IDENTIFIER,
          sealed: 'k1.a',
          state: 'kept',
          expiresAtMs: NOW_MS + 3_600_000,
          version: 'a',
          updatedAtMs: NOW_MS,
        })
        await kept().put(OWNER, tokens('b', { nowMs: NOW_MS + 1 }))
        expect(await kept().find(OWNER)).toMatchObject({ version: 'b', updatedAtMs: NOW_MS + 1 })
      },
      'tokens of a user who is gone are put nowhere': async () => {
        await kept().put({ appId: 'shop', userId: '2' }, tokens('a'))
        expect(await kept().find({ appId: 'shop', userId: '2' })).toBeUndefined()
      },
      'a user with another identifier gets no tokens, by a login or a refresh; the present one is told':
        async () => {
          await scene.store.users.update('shop', '1001', { identifier: 'az:B', updatedAtMs: 5 })
          await kept().put(OWNER, tokens('b'))
          expect(await kept().replace(ref('a'), tokens('c'))).toBe(false)
          expect(await kept().find(OWNER)).toMatchObject({ version: 'a', identifier: 'az:B' })
          await kept().delete(OWNER)
          await kept().put(OWNER, tokens('d'))
          expect(await kept().find(OWNER)).toBeUndefined()
          await kept().put(OWNER, tokens('e', { identifier: 'az:B' }))
          expect(await kept().find(OWNER)).toMatchObject({ version: 'e', identifier: 'az:B' })
        },
      'certain tokens are removed, and no others': async () => {
        await kept().remove(ref('b'))
        expect(await stateOf()).toBe('kept')
        await kept().remove(ref('a'))
        expect(await stateOf()).toBeUndefined()
      },
      'they go with their user': async () => {
        await scene.store.users.delete('shop', '1001', NOW_MS)
        expect(await kept().find(OWNER)).toBeUndefined()
      },
      'of many who claim a refresh at once, one has it': async () => {
        const all = await Promise.all(Array.from({ length: 20 }, () => claim('a')))
        expect(all.filter((held) => held !== undefined)).toEqual([
          { ...ref('a'), untilMs: NOW_MS + LEASE_MS, isUnsure: false },
        ])
      },
      'a claim that was given back can be had again; what is unsure stays so until tokens come':
        async () => {
          await kept().release(await claimed('a'), false)
          await kept().release(await claimed('a'), true)
          const held = await claimed('a')
          expect(held.isUnsure).toBe(true)
          await kept().release(held, false)
          expect((await claimed('a')).isUnsure).toBe(true)
          await kept().replace(ref('a'), tokens('b'))
          expect((await claimed('b')).isUnsure).toBe(false)
        },
      'a claim that has ended by itself is had by another, who knows that it is unsure':
        async () => {
          await claimed('a')
          expect(await claim('a', NOW_MS + LEASE_MS - 1)).toBeUndefined()
          expect((await claimed('a', NOW_MS + LEASE_MS)).isUnsure).toBe(true)
        },
      'what a refresh brings is written for the very tokens that it was made with': async () => {
        expect(await kept().replace(ref('a'), tokens('b'))).toBe(true)
        expect(await kept().replace(ref('a'), tokens('c'))).toBe(false)
        expect(await kept().find(OWNER)).toMatchObject({ version: 'b', sealed: 'k1.b' })
        expect(await claim('a')).toBeUndefined()
      },
      'tokens end for who holds the claim, if they are still there; the sealed text goes':
        async () => {
          const held = await claimed('a')
          const how = { state: 'revoked', nowMs: NOW_MS + 5, newTokenSecret: undefined } as const
          expect(await kept().end({ ...held, untilMs: 1 }, how)).toBe(false)
          expect(await kept().end({ ...held, version: 'x' }, how)).toBe(false)
          expect(await kept().end(held, how)).toBe(true)
          expect(await kept().find(OWNER)).toMatchObject({ state: 'revoked', sealed: '' })
          expect(await kept().end(held, how)).toBe(false)
          expect(await claim('a', NOW_MS + 2 * LEASE_MS)).toBeUndefined()
        },
      'what Amazon did give wins over an end that another has read out of its refusal':
        async () => {
          await kept().end(await claimed('a'), {
            state: 'lost',
            nowMs: NOW_MS,
            newTokenSecret: undefined,
          })
          expect(await kept().replace(ref('a'), tokens('b'))).toBe(true)
          expect(await stateOf()).toBe('kept')
        },
      'sessions end with the tokens, or not at all': async () => {
        const end = { state: 'revoked', nowMs: NOW_MS + 5, newTokenSecret: 'new' } as const
        const held = await claimed('a')
        await kept().put(OWNER, tokens('b'))
        expect(await kept().end(held, end)).toBe(false)
        expect(await scene.store.users.findById('shop', '1001')).toMatchObject({
          sessionEpoch: 0,
          tokenSecret: 'token-secret',
        })
        expect(await kept().end(await claimed('b'), end)).toBe(true)
        expect(await scene.store.users.findById('shop', '1001')).toMatchObject({
          sessionEpoch: 1,
          tokenSecret: 'new',
        })
      },
    }
  },
}

const ids = Array.from({ length: 12 }, (_none, index) => String(2000 + index))

/** The same of many users. */
export const keptTokensOfMany: Group = {
  part: 'keptTokens',
  needs: ['keptTokens'],
  arrange: insertMany,
  cases(scene) {
    const kept = () => scene.store.keptTokens
    return {
      'those that are due are listed by their end, page after page, each once': async () => {
        const found: string[] = []
        let after: { expiresAtMs: number; userId: string } | undefined
        do {
          const page = await kept().listDue('shop', { beforeMs: NOW_MS + 1_000, after, limit: 3 })
          found.push(...page.map(({ userId }) => userId))
          after = page.at(-1)
        } while (after !== undefined)
        const endingAt = (rest: number) => ids.filter((_id, index) => index % 3 === rest)
        expect(found).toEqual([...endingAt(0), ...endingAt(1)])
      },
      'they are counted by state, and due': async () => {
        const [first = ''] = ids
        const held = await kept().claim({ appId: 'shop', userId: first, version: first }, 5, 1)
        if (held !== undefined) {
          await kept().end(held, { state: 'lost', nowMs: 5, newTokenSecret: undefined })
        }
        expect(await kept().count('shop', NOW_MS)).toEqual({
          kept: 11,
          due: 3,
          revoked: 0,
          lost: 1,
        })
        expect(await kept().count('news', NOW_MS)).toEqual({ kept: 0, due: 0, revoked: 0, lost: 0 })
      },
      'apps that have any are found one after the other, and lose theirs some at a time':
        async () => {
          await scene.store.apps.insert(buildApp({ id: 'news' }), new Map())
          await scene.store.users.upsert(buildUser({ appId: 'news' }), {})
          await kept().put({ appId: 'news', userId: '1001' }, tokens('n'))
          expect(await kept().findApp('')).toBe('news')
          expect(await kept().findApp('news')).toBe('shop')
          expect(await kept().findApp('shop')).toBeUndefined()
          expect(await kept().deleteSome('shop', 10)).toBe(10)
          expect(await kept().deleteSome('shop', 10)).toBe(2)
          expect(await kept().findApp('news')).toBeUndefined()
          ensure(
            (await kept().find({ appId: 'news', userId: '1001' })) !== undefined,
            'it is not found',
          )
        },
      'sealed texts are listed in pages, and replaced where they are what they were': async () => {
        const first = await kept().listSealed(undefined, 10)
        const rest = await kept().listSealed(first.at(-1), 10)
        expect([...first, ...rest].map(({ userId }) => userId)).toEqual(ids)
        const [one, two] = first.map((sealed) => ({ ...sealed, to: `k2.${sealed.userId}` }))
        if (one === undefined || two === undefined) throw new Error('none')
        expect(await kept().reseal([one, { ...two, sealed: 'k1.changed' }])).toBe(1)
        expect(await kept().find(one)).toMatchObject({ sealed: one.to, version: one.userId })
        expect(await kept().find(two)).toMatchObject({ sealed: two.sealed })
      },
    }
  },
}

async function insertMany({ store }: Scene): Promise<void> {
  for (const [index, id] of ids.entries()) {
    const identifier = `az:${id}`
    await store.users.upsert(buildUser({ id, identifier }), {})
    const expiresAtMs = NOW_MS + (index % 3) * 1_000
    const owner = { appId: 'shop', userId: id }
    await store.keptTokens.put(owner, tokens(id, { identifier, expiresAtMs }))
  }
}
