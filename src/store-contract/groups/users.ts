import type { Scene, Group } from '../group'
import { expect, expectRefusal } from '../expect'
import { buildApp, buildUser } from '../samples'
import { hasCode, isIdTaken } from '../told-errors'

const ODD_NAMES = [
  'Zoë Müller',
  '李小龍',
  '👩‍👩‍👧‍👦',
  '\u202eevil\u202c',
  'O\'Hara \\ "x" \n\t',
  '',
  ' x ',
  'e\u0301',
]
const ODD_IDS = [
  '__proto__',
  'constructor',
  'toString',
  '../x',
  "a'--",
  '"; DROP TABLE users; --',
  '%',
  'x'.repeat(10_000),
]

const ORDERS = [
  ['timestamp', false, ['1', '2', '3']],
  ['timestamp', true, ['3', '2', '1']],
  ['updated', false, ['3', '1', '2']],
  ['name', false, ['2', '3', '1']],
  ['email', true, ['2', '1', '3']],
  ['id', true, ['3', '2', '1']],
] as const

/** What the users of each app are kept by. */
export const users: Group = {
  part: 'users',
  needs: [],
  cases: ({ store }) => ({
    'an unknown user is found in no way': async () => {
      expect(await store.users.findById('shop', '1001')).toBeUndefined()
      expect(await store.users.findByIdentifier('shop', 'az:amzn1.account.A')).toBeUndefined()
      expect(await store.users.findByEmail('shop', 'ann@example.com')).toBeUndefined()
    },
    'a new user is inserted as given, and found in every way': async () => {
      const user = buildUser({ active: false, sessionEpoch: 3 })
      expect(await store.users.upsert(user, { email: 'x@example.com', name: 'X' })).toEqual(user)
      expect(await store.users.findById('shop', user.id)).toEqual(user)
      expect(await store.users.findByIdentifier('shop', user.identifier)).toEqual(user)
      expect(await store.users.findByEmail('shop', user.email)).toEqual(user)
    },
    'an upsert of a known user writes only the changes and the time': async () => {
      await store.users.upsert(buildUser(), {})
      const again = buildUser({ id: '2002', email: 'b@example.com', name: 'B', groups: 'admins' })
      const changes = { name: 'Ann B', tokenSecret: 'new-secret' }
      const updated = buildUser({ ...changes, updatedAtMs: 1_800_000_000_000 })
      expect(
        await store.users.upsert({ ...again, updatedAtMs: 1_800_000_000_000 }, changes),
      ).toEqual(updated)
      expect(await store.users.findById('shop', '1001')).toEqual(updated)
      expect(await store.users.findById('shop', '2002')).toBeUndefined()
    },
    'an upsert of a locked user answers nothing and writes nothing': async () => {
      await store.users.upsert(buildUser(), {})
      await store.users.update('shop', '1001', { active: false, updatedAtMs: 5 })
      expect(await store.users.upsert(buildUser(), { name: 'New' })).toBeUndefined()
      expect(await store.users.findById('shop', '1001')).toEqual(
        buildUser({ active: false, updatedAtMs: 5 }),
      )
    },
    'an upsert with the id of somebody else is refused with UserIdTakenError': async () => {
      await store.users.upsert(buildUser(), {})
      const clash = store.users.upsert(buildUser({ identifier: 'az:B', name: 'Bob' }), {})
      await expectRefusal(clash, isIdTaken, 'a UserIdTakenError')
      expect(await store.users.findById('shop', '1001')).toEqual(buildUser())
    },
    'one Amazon account in two apps is two users, and a change in one leaves the other':
      async () => {
        await store.apps.insert(buildApp({ id: 'news' }), new Map())
        await store.users.upsert(buildUser(), {})
        await store.users.upsert(buildUser({ appId: 'news' }), {})
        await store.users.update('news', '1001', { name: 'Nina', updatedAtMs: 5 })
        await store.users.delete('news', '1001', 1)
        expect(await store.users.findById('shop', '1001')).toEqual(buildUser())
      },
    'of users with one email the first created is found, in that app only': async () => {
      await store.apps.insert(buildApp({ id: 'news' }), new Map())
      const first = buildUser({ id: '3', identifier: 'az:3', createdAtMs: 10 })
      const second = buildUser({ id: '1', identifier: 'az:1', createdAtMs: 20 })
      const elsewhere = buildUser({ appId: 'news', id: '2', identifier: 'az:2', createdAtMs: 1 })
      for (const user of [second, first, elsewhere]) await store.users.upsert(user, {})
      expect(await store.users.findByEmail('shop', 'ann@example.com')).toEqual(first)
    },
    'an update writes what it names and keeps the rest': async () => {
      await store.users.upsert(buildUser(), {})
      const locked = { active: false, updatedAtMs: 5 }
      const update = { ...locked, endsSessions: true }
      expect(await store.users.update('shop', '1001', update)).toEqual(
        buildUser({ ...locked, sessionEpoch: 1 }),
      )
      const rest = {
        identifier: 'az:B',
        email: 'b@example.com',
        name: '',
        picture: 'p',
        groups: 'g',
        active: true,
        tokenSecret: 't',
        updatedAtMs: 6,
      }
      expect(await store.users.update('shop', '1001', rest)).toEqual(
        buildUser({ ...rest, sessionEpoch: 1 }),
      )
    },
    'all who end the sessions of a user at once count': async () => {
      await store.users.upsert(buildUser(), {})
      const end = () => store.users.update('shop', '1001', { endsSessions: true, updatedAtMs: 5 })
      await Promise.all(Array.from({ length: 10 }, end))
      expect(await store.users.findById('shop', '1001')).toMatchObject({ sessionEpoch: 10 })
    },
    'an update of nobody, or to an identifier of another user, answers nothing': async () => {
      await store.users.upsert(buildUser(), {})
      await store.users.upsert(buildUser({ id: '2', identifier: 'az:B' }), {})
      expect(await store.users.update('shop', '3', { updatedAtMs: 5 })).toBeUndefined()
      const clash = { identifier: 'az:B', updatedAtMs: 5 }
      expect(await store.users.update('shop', '1001', clash)).toBeUndefined()
      expect(await store.users.findById('shop', '1001')).toEqual(buildUser())
    },
    'a token secret is renewed only while it is the one that was read': async () => {
      await store.users.upsert(buildUser(), {})
      const renewed = await store.users.renewTokenSecret(buildUser(), 'second', 7)
      expect(renewed).toEqual(buildUser({ tokenSecret: 'second', updatedAtMs: 7 }))
      expect(await store.users.renewTokenSecret(buildUser(), 'third', 8)).toBeUndefined()
      const stranger = buildUser({ id: '7' })
      expect(await store.users.renewTokenSecret(stranger, 'third', 8)).toBeUndefined()
      expect(await store.users.findById('shop', '1001')).toEqual(renewed)
    },
    'a deleted user is gone, once': async () => {
      await store.users.upsert(buildUser(), {})
      expect(await store.users.delete('shop', '1001', 1)).toBe(true)
      expect(await store.users.delete('shop', '1001', 1)).toBe(false)
      expect(await store.users.findByIdentifier('shop', 'az:amzn1.account.A')).toBeUndefined()
    },
    'a page of users tells the total, also beyond the end and in an empty app': async () => {
      await insertThree(store)
      const order = { sort: 'id', descending: false, limit: 2 } as const
      const second = await store.users.list('shop', { ...order, offset: 2 })
      expect([second.users.map((user) => user.id), second.total]).toEqual([['3'], 3])
      expect(await store.users.list('shop', { ...order, offset: 9 })).toEqual({
        users: [],
        total: 3,
      })
      expect(await store.users.list('nope', { ...order, offset: 0 })).toEqual({
        users: [],
        total: 0,
      })
    },
    'ids of different lengths are listed as the numbers they are, page after page': async () => {
      const ids = ['9', '10', '999999999999999999', '1000000000000000000', '2']
      for (const id of ids) {
        await store.users.upsert(buildUser({ id, identifier: `az:${id}` }), {})
      }
      const sorted = ids.toSorted((a, b) => Number(BigInt(a) - BigInt(b)))
      const page = { sort: 'id', limit: 2 } as const
      for (const descending of [false, true]) {
        const seen: string[] = []
        for (let offset = 0; offset < ids.length; offset += 2) {
          const { users } = await store.users.list('shop', { ...page, offset, descending })
          seen.push(...users.map(({ id }) => id))
        }
        expect(seen).toEqual(descending ? sorted.toReversed() : sorted)
      }
    },
    'users are found by what name, email or identifier begins with, in their app only':
      async () => {
        const people = [
          { id: '1', identifier: 'az:A1', name: 'Ann Lee', email: 'z@example.com' },
          { id: '2', identifier: 'az:a2', name: 'bea', email: 'ANNA@example.com' },
          { id: '3', identifier: 'az:A3', name: "A'nn", email: 'c_c@example.com' },
          { id: '4', identifier: 'az:A4', name: '李小龍', email: 'cxc@example.com' },
        ]
        for (const person of people) await store.users.upsert(buildUser(person), {})
        await store.apps.insert(buildApp({ id: 'news' }), new Map())
        await store.users.upsert(buildUser({ ...people[0], appId: 'news' }), {})
        const page = { offset: 0, limit: 10, sort: 'id', descending: false } as const
        const find = async (search: string) => {
          const { users, total } = await store.users.list('shop', { ...page, search })
          expect(total).toBe(users.length)
          return users.map(({ id }) => id)
        }
        expect(await find('ann')).toEqual(['1', '2'])
        expect(await find('ANN L')).toEqual(['1'])
        expect(await find('az:A')).toEqual(['1', '3', '4'])
        expect(await find("A'")).toEqual(['3'])
        expect(await find('c_')).toEqual(['3'])
        expect(await find('李')).toEqual(['4'])
        expect(await find('nn')).toEqual([])
        expect(await find('%')).toEqual([])
        const second = await store.users.list('shop', { ...page, search: 'a', offset: 1, limit: 1 })
        expect([second.users.map(({ id }) => id), second.total]).toEqual([['2'], 4])
      },

    'what is not there is undefined, and flags, times and what is null come back as they were':
      async () => {
        expect(await store.users.findById('shop', 'none')).toBeUndefined()
        expect(await store.users.renewTokenSecret(buildUser(), 'x', 1)).toBeUndefined()
        const user = buildUser({ profile: '{"phone":"555"}', scopes: 'profile', updatedAtMs: 1 })
        expect(await store.users.upsert(user, {})).toEqual(user)
        const plain = buildUser({ id: '2', identifier: 'az:2', createdAtMs: 4_102_444_800_123 })
        await store.users.upsert(plain, {})
        expect(await store.users.findById('shop', '2')).toEqual(plain)
      },
    'emails come back to the letter, and are told apart by it': async () => {
      const user = buildUser({ email: 'Ann.Lee@Example.com' })
      await store.users.upsert(user, {})
      expect((await store.users.findById('shop', '1001'))?.email).toBe('Ann.Lee@Example.com')
      expect(await store.users.findByEmail('shop', 'Ann.Lee@Example.com')).toEqual(user)
      const other = await store.users.findByEmail('shop', 'ann.lee@example.com')
      expect(other, 'another email than that of the user finds it').toBeUndefined()
    },
    'many users may have one email': async () => {
      await store.users.upsert(buildUser(), {})
      const second = buildUser({ id: '2', identifier: 'az:2' })
      expect(await store.users.upsert(second, {}), 'emails are taken for unique').toEqual(second)
    },
    'identifiers, ids and apps are told apart by case, and by every space': async () => {
      await store.users.upsert(buildUser({ identifier: 'az:a' }), {})
      for (const identifier of ['az:A', 'AZ:a', 'az:a ', ' az:a', 'az:á']) {
        const found = await store.users.findByIdentifier('shop', identifier)
        expect(found, `${JSON.stringify(identifier)} finds the user of "az:a"`).toBeUndefined()
      }
      expect(await store.users.findByIdentifier('SHOP', 'az:a')).toBeUndefined()
      const other = buildUser({ id: '2', identifier: 'az:A' })
      expect(await store.users.upsert(other, {}), 'two people are one user').toEqual(other)
    },
    'a user is found in its own app alone': async () => {
      await store.apps.insert(buildApp({ id: 'news' }), new Map())
      await store.users.upsert(buildUser(), {})
      const { email, id, identifier } = buildUser()
      const mistake = 'a user of one app is found in another'
      expect(await store.users.findById('news', id), mistake).toBeUndefined()
      expect(await store.users.findByIdentifier('news', identifier), mistake).toBeUndefined()
      expect(await store.users.findByEmail('news', email), mistake).toBeUndefined()
      expect(
        await store.users.update('news', id, { name: 'X', updatedAtMs: 5 }),
        mistake,
      ).toBeUndefined()
      expect(await store.users.delete('news', id, 5), mistake).toBe(false)
    },
    'an upsert for an app that is gone is refused with app_not_found': async () => {
      await store.apps.delete('shop', 5)
      const upsert = store.users.upsert(buildUser(), {})
      await expectRefusal(upsert, hasCode('app_not_found'), 'an AmazonAuthError app_not_found')
    },
    '50 first logins of one person at once make one user': async () => {
      const ids = Array.from({ length: 50 }, (_none, index) => String(index))
      const stored = await Promise.all(
        ids.map((id) => store.users.upsert(buildUser({ id }), { name: `Name ${id}` })),
      )
      const made = new Set(stored.map((user) => user?.id))
      expect(made.size, 'they have made several: looking and inserting has to be one step').toBe(1)
      expect((await store.users.list('shop', PAGE)).total).toBe(1)
    },
    'what is found is a copy': async () => {
      await store.users.upsert(buildUser(), {})
      const found = await store.users.findById('shop', '1001')
      await store.users.update('shop', '1001', { name: 'New', updatedAtMs: 5 })
      expect(found?.name, 'what was found changes with the store').toBe('Ann')
    },
    'a page may begin behind a user': async () => {
      await insertThree(store)
      const all = (await store.users.list('shop', PAGE)).users
      const page = { ...PAGE, limit: 1, after: all[0] }
      expect((await store.users.list('shop', page)).users).toEqual(all.slice(1, 2))
    },
    ...Object.fromEntries(
      ORDERS.map(([sort, descending, ids]) => [
        `they are listed by ${sort}, ${descending ? 'down' : 'up'}`,
        async () => {
          await insertThree(store)
          const listed = await store.users.list('shop', { ...PAGE, sort, descending })
          expect(listed.users.map(({ id }) => id)).toEqual(ids)
          expect(listed.total).toBe(3)
        },
      ]),
    ),
    ...Object.fromEntries(
      ODD_NAMES.map((name) => [
        `the name ${JSON.stringify(name)} comes back as it was given`,
        async () => {
          expect((await store.users.upsert(buildUser({ name }), {}))?.name).toBe(name)
          expect((await store.users.findById('shop', '1001'))?.name).toBe(name)
        },
      ]),
    ),
    ...Object.fromEntries(
      ODD_IDS.map((id) => [
        `an app, a setting and a user named ${id.slice(0, 30)} are unknown, then kept`,
        async () => {
          expect(await store.apps.findWhole(id)).toBeUndefined()
          expect(await store.users.findById('shop', id)).toBeUndefined()
          const user = buildUser({ appId: id, id, identifier: id, email: id, name: id })
          await store.apps.insert(buildApp({ id }), new Map([[id, id]]))
          await store.users.upsert(user, {})
          const { app, settings } = (await store.apps.findWhole(id)) ?? {}
          expect(app).toEqual(buildApp({ id }))
          expect(settings?.get(id)).toBe(id)
          expect(await store.users.findByIdentifier(id, id)).toEqual(user)
          expect((await store.apps.findWhole('shop'))?.settings.size).toBe(0)
        },
      ]),
    ),
  }),
}

const PAGE = { offset: 0, limit: 10, sort: 'id', descending: false } as const

async function insertThree(store: Scene['store']): Promise<void> {
  const rows = [
    { id: '1', name: 'c', email: 'b', createdAtMs: 1, updatedAtMs: 8 },
    { id: '2', name: 'a', email: 'c', createdAtMs: 2, updatedAtMs: 9 },
    { id: '3', name: 'b', email: 'a', createdAtMs: 3, updatedAtMs: 7 },
  ]
  for (const row of rows) {
    await store.users.upsert(buildUser({ ...row, identifier: `az:${row.id}` }), {})
  }
}
