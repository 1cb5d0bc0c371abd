import { exportUser } from '../../users/export-user'
import type { RelinkOutcome } from '../../users/relink'
import type { User } from '../../users/user'
import { ensure, expect } from '../expect'
import type { Group, Scene } from '../group'
import { buildUser } from '../samples'

const old = buildUser({ id: '1', identifier: 'az:OLD' })
const fresh = buildUser({ id: '2', identifier: 'az:NEW', email: 'Ann@Example.com' })
const pair = { oldId: '1', newId: '2', oldIdentifier: 'az:OLD', newIdentifier: 'az:NEW' }

type Users = Scene['store']['users']
type Meanwhile = readonly [fact: string, outcome: RelinkOutcome, (users: Users) => Promise<unknown>]

const BEFORE: readonly Meanwhile[] = [
  ['the new one is deleted', 'new_gone', (users) => users.delete('shop', '2', 5)],
  ['the old one is deleted', 'old_gone', (users) => users.delete('shop', '1', 5)],
  [
    'the new one is locked',
    'new_locked',
    (users) => users.update('shop', '2', { active: false, updatedAtMs: 5 }),
  ],
  [
    'the old one has another identifier',
    'old_changed',
    (users) => users.update('shop', '1', { identifier: 'az:X', updatedAtMs: 5 }),
  ],
  [
    'the new one has another identifier',
    'new_changed',
    (users) => users.update('shop', '2', { identifier: 'az:X', updatedAtMs: 5 }),
  ],
]
const SINCE: readonly Meanwhile[] = [
  [
    'the new one was unlocked',
    'new_unlocked',
    (users) => users.update('shop', '2', { active: true, updatedAtMs: 10 }),
  ],
  ['the new one is deleted', 'new_gone', (users) => users.delete('shop', '2', 10)],
  [
    'the old one has another identifier',
    'old_changed',
    (users) => users.update('shop', '1', { identifier: 'az:X', updatedAtMs: 10 }),
  ],
  [
    'the new one has another identifier',
    'new_changed',
    (users) => users.update('shop', '2', { identifier: 'az:X', updatedAtMs: 10 }),
  ],
]

/** Users of before and after all ids of Amazon changed. */
export const relinking: Group = {
  part: 'relinking',
  needs: ['relinking', 'userTraces'],
  async arrange({ store }) {
    await store.users.upsert(old, {})
    await store.users.upsert(fresh, {})
  },
  cases({ store }) {
    const both = () => Promise.all(['1', '2'].map((id) => store.users.findById('shop', id)))
    return {
      'the old one gets the new identifier and keeps sessions and tokens; the new one is locked, without':
        async () => {
          expect(await store.relinking.relink('shop', [pair], 9)).toEqual(['done'])
          const [one, two] = await both()
          expect(one).toEqual({ ...old, identifier: 'az:NEW', updatedAtMs: 9 })
          expect(two).toEqual({
            ...fresh,
            identifier: 'relinked:1:2',
            active: false,
            sessionEpoch: 1,
            tokenSecret: two?.tokenSecret,
            updatedAtMs: 9,
          })
          ensure(two?.tokenSecret !== fresh.tokenSecret, 'it is as it was')
          expect(await store.relinking.relink('shop', [pair, pair], 10)).toEqual([
            'already',
            'already',
          ])
          expect(await both()).toEqual([one, two])
        },
      'who is deleted then goes with the record that was locked, and an export has both':
        async () => {
          await store.relinking.relink('shop', [pair], 9)
          const one = (await store.users.findById('shop', '1')) ?? old
          const { kept } = await exportUser(one, store.userTraces.kinds, 5)
          expect(kept.relinked_records).toMatchObject([{ id: '2', email: fresh.email }])
          await store.users.upsert(buildUser({ id: '12', identifier: 'relinked:11:12' }), {})
          await store.users.delete('shop', '1', 10)
          while ((await store.userTraces.eraseDeleted(10, 2)) > 0);
          expect(await both()).toEqual([undefined, undefined])
          ensure((await store.users.findById('shop', '12')) !== undefined, 'it is not found')
          expect(await store.relinking.undo('shop', [pair], 11)).toEqual(['both_gone'])
        },
      'an undo gives both back what they had; sessions, tokens and what Amazon told of the old one end':
        async () => {
          expect(await store.relinking.undo('shop', [pair], 8)).toEqual(['already'])
          await store.relinking.relink('shop', [pair], 9)
          const told = { profile: '{"phone":"555-NEW"}', scopes: 'profile postal_code' }
          await store.users.update('shop', '1', { ...told, updatedAtMs: 9 })
          expect(await store.relinking.undo('shop', [pair], 10)).toEqual(['done'])
          const [one, two] = await both()
          expect(one).toMatchObject({ identifier: 'az:OLD', active: true, sessionEpoch: 1 })
          expect(one).toMatchObject({ profile: null, scopes: null })
          ensure(one?.tokenSecret !== old.tokenSecret, 'it is as it was')
          expect(two).toMatchObject({ identifier: 'az:NEW', active: true, sessionEpoch: 1 })
          expect(await store.relinking.undo('shop', [pair], 11)).toEqual(['already'])
        },
      'an undo leaves a pair as it is when the old identifier has gone to somebody else, and does the others':
        async () => {
          const more = { oldId: '3', newId: '4', oldIdentifier: 'az:O3', newIdentifier: 'az:N4' }
          await store.users.upsert(buildUser({ id: '3', identifier: 'az:O3' }), {})
          await store.users.upsert(buildUser({ id: '4', identifier: 'az:N4' }), {})
          await store.relinking.relink('shop', [pair, more], 9)
          await store.users.upsert(buildUser({ id: '5', identifier: 'az:OLD' }), {})
          const before = await both()
          expect(await store.relinking.undo('shop', [pair, more], 10)).toEqual([
            'old_identifier_taken',
            'done',
          ])
          expect(await both()).toEqual(before)
        },
      'of pairs that want the same old user, tried at once by many, one is done': async () => {
        await store.users.upsert(buildUser({ id: '3', identifier: 'az:N3' }), {})
        const rival = { ...pair, newId: '3', newIdentifier: 'az:N3' }
        const outcomes = await Promise.all(
          Array.from({ length: 12 }, (_, n) =>
            store.relinking.relink('shop', [n % 2 === 0 ? pair : rival], 9),
          ),
        )
        expect(outcomes.flat().filter((outcome) => outcome === 'done')).toHaveLength(1)
        const won = (await store.users.findById('shop', '1'))?.identifier
        ensure(
          ['az:NEW', 'az:N3'].some((each) => each === won),
          'it is neither',
        )
        const loser = won === 'az:NEW' ? '3' : '2'
        expect(await store.users.findById('shop', loser)).toMatchObject({
          active: true,
          sessionEpoch: 0,
        })
      },
      'they come in the order of their emails, whatever the case, each once': async () => {
        for (const [id, email] of [
          ['3', 'ann@example.com'],
          ['4', 'Zoe@example.com'],
          ['5', 'bea@example.com'],
          ['6', 'ANN@EXAMPLE.COM'],
        ] as const) {
          await store.users.upsert(buildUser({ id, email, identifier: `az:${id}` }), {})
        }
        const ids: string[] = []
        for (let after: User | undefined; ;) {
          const page: readonly User[] = await store.relinking.pageByEmail('shop', after, 2)
          ids.push(...page.map(({ id }) => id))
          after = page.at(-1)
          if (page.length < 2) break
        }
        expect(ids).toEqual(['1', '2', '3', '6', '5', '4'])
      },

      ...Object.fromEntries(
        BEFORE.map(([fact, outcome, meanwhile]) => [
          `where ${fact} meanwhile, it is ${outcome} and nothing is changed`,
          async () => {
            await meanwhile(store.users)
            const before = await both()
            expect(await store.relinking.relink('shop', [pair], 9)).toEqual([outcome])
            expect(await both()).toEqual(before)
          },
        ]),
      ),
      'where the new one was relinked to another meanwhile, it is new_relinked and nothing is changed':
        async () => {
          await store.users.upsert(buildUser({ id: '7', identifier: 'az:O7' }), {})
          await store.relinking.relink('shop', [{ ...pair, oldId: '7', oldIdentifier: 'az:O7' }], 5)
          const before = await both()
          expect(await store.relinking.relink('shop', [pair], 9)).toEqual(['new_relinked'])
          expect(await both()).toEqual(before)
        },
      ...Object.fromEntries(
        SINCE.map(([fact, outcome, meanwhile]) => [
          `where ${fact} since the relink, an undo finds it ${outcome}, and changes nothing`,
          async () => {
            await store.relinking.relink('shop', [pair], 9)
            await meanwhile(store.users)
            const before = await both()
            expect(await store.relinking.undo('shop', [pair], 11)).toEqual([outcome])
            expect(await both()).toEqual(before)
          },
        ]),
      ),
    }
  },
}
