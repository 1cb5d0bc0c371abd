import { setImmediate } from 'node:timers/promises'

import { storeContract } from '../../../src/store-contract'
import type { SessionStore } from '../../../src/sessions/session-store'
import type { SingleUseStore } from '../../../src/tokens/single-use'
import type { AppStore } from '../../../src/apps/app'
import type { Store } from '../../../src/store/store'
import type { User, UserStore } from '../../../src/users/user'
import { StoreFile } from '../../support/store-file'
import { emptySqlite } from './empty-sqlite'
import { openStore } from './open-store'

type Users = (users: UserStore) => Partial<UserStore>

/** A store that is right, with one mistake put over it; and the words by which the suite has to name it. */
interface Mistake {
  readonly apps?: (apps: AppStore) => Partial<AppStore>
  readonly users?: Users
  readonly sessions?: (sessions: SessionStore) => Partial<SessionStore>
  readonly singleUse?: (singleUse: SingleUseStore) => Partial<SingleUseStore>
  readonly named: RegExp
}

/** Changes each user on its way out. */
function out(change: (user: User) => unknown): Users {
  const changed = (user: User | undefined) => user && (change(user) as User)
  return (users) => ({
    findById: async (...asked) => changed(await users.findById(...asked)),
    findByIdentifier: async (...asked) => changed(await users.findByIdentifier(...asked)),
    findByEmail: async (...asked) => changed(await users.findByEmail(...asked)),
    upsert: async (...asked) => changed(await users.upsert(...asked)),
    update: async (...asked) => changed(await users.update(...asked)),
  })
}

/** Changes each user on its way in. */
function into(change: (user: User) => User): Users {
  return (users) => ({
    upsert: (user, ...rest) => users.upsert(change(user), ...rest),
  })
}

const PAGE = { offset: 0, limit: 100, sort: 'id', descending: false } as const

const MISTAKES: Readonly<Record<string, Mistake>> = {
  'looks for a user and then inserts one': {
    users: (users) => ({
      async upsert(user, changes) {
        const known = await users.findByIdentifier(user.appId, user.identifier)
        await setImmediate()
        return known === undefined
          ? (await users.upsert(user, {})) && user
          : users.upsert(user, changes)
      },
    }),
    named: /50 first logins.*they have made several: looking and inserting has to be one step/s,
  },
  'gives null for what is not there': {
    users: (users) => ({
      findById: async (...asked) => (await users.findById(...asked)) ?? (null as never),
    }),
    named: /what is not there must be undefined, not null/,
  },
  'makes a text of null': {
    users: out((user) => ({ ...user, profile: String(user.profile) })),
    named: /profile is 'null'.*it was made a text on its way/,
  },
  'gives Dates': {
    users: out((user) => ({ ...user, createdAtMs: new Date(user.createdAtMs) })),
    named: /createdAtMs is 2023-.*times are milliseconds as numbers, not Dates/,
  },
  'gives times as text, as drivers do with 64-bit columns': {
    users: out((user) => ({ ...user, updatedAtMs: String(user.updatedAtMs) })),
    named: /updatedAtMs is '1700000000000'.*a number came back as text/,
  },
  'keeps times in seconds': {
    users: out((user) => ({ ...user, createdAtMs: user.createdAtMs / 1000 })),
    named: /times are milliseconds, not seconds/,
  },
  'gives ids as numbers': {
    users: out((user) => ({ ...user, id: Number(user.id) })),
    named: /id is 1001.*ids are texts/,
  },
  'gives flags as 0 and 1': {
    users: out((user) => ({ ...user, active: Number(user.active) })),
    named: /active is [01].*flags must be true and false/,
  },
  'writes emails in lower case': {
    users: into((user) => ({ ...user, email: user.email.toLowerCase() })),
    named: /'ann\.lee@example\.com'.*its case has changed/,
  },
  'takes emails for unique': {
    users: (users) => ({
      upsert: async (user, changes) =>
        (await users.findByEmail(user.appId, user.email)) ?? users.upsert(user, changes),
    }),
    named: /many users may have one email: .*emails are taken for unique/,
  },
  'compares identifiers as a collation without case does': {
    users: (users) => ({
      async findByIdentifier(appId, identifier) {
        const all = (await users.list(appId, PAGE)).users
        return all.find((user) => user.identifier.toLowerCase() === identifier.toLowerCase())
      },
    }),
    named: /"az:A" finds the user of "az:a"/,
  },
  'cuts texts off at 255 characters': {
    users: into((user) => ({ ...user, email: user.email.slice(0, 255) })),
    named: /it was cut off: the column is too short/,
  },
  'loses characters beyond three bytes': {
    users: into((user) => ({ ...user, name: user.name.replace(/[\u{10000}-\u{10ffff}]/gu, '?') })),
    named: /characters were lost: the column does not take all of Unicode/,
  },
  'trims names': {
    users: into((user) => ({ ...user, name: user.name.trim() })),
    named: /white space was trimmed/,
  },
  'finds users of other apps': {
    users: (users) => ({
      findByIdentifier: async (appId, identifier) =>
        (await users.findByIdentifier(appId, identifier)) ??
        users.findByIdentifier('shop', identifier),
    }),
    named: /a user of one app is found in another/,
  },
  'gives the same object each time': {
    users: (users) => {
      const seen = new Map<string, User>()
      const same = (user: User | undefined) => {
        if (user === undefined) return undefined
        const held = seen.get(user.identifier) ?? user
        seen.set(user.identifier, held)
        return Object.assign(held, user)
      }
      return {
        findById: async (...asked) => same(await users.findById(...asked)),
        update: async (...asked) => same(await users.update(...asked)),
      }
    },
    named: /what was found changes with the store/,
  },
  'updates a locked user': {
    users: (users) => ({
      async upsert(user, changes) {
        const stored = await users.upsert(user, changes)
        return stored ?? users.findByIdentifier(user.appId, user.identifier)
      },
    }),
    named: /an upsert of a locked user answers nothing and writes nothing/,
  },
  'renews a token secret without a look at the old one': {
    users: (users) => ({
      renewTokenSecret: ({ appId, id }, tokenSecret, updatedAtMs) =>
        users.update(appId, id, { tokenSecret, updatedAtMs }),
    }),
    named: /a token secret is renewed only while it is the one that was read/,
  },
  'sorts ids as texts': {
    users: (users) => ({
      async list(appId, page) {
        const all = (await users.list(appId, { ...page, offset: 0, limit: 100 })).users
        const sorted = page.sort === 'id' ? all.toSorted((a, b) => (a.id < b.id ? -1 : 1)) : all
        const { offset, limit } = page
        return { users: sorted.slice(offset, offset + limit), total: all.length }
      },
    }),
    named: /ids of different lengths are listed as the numbers they are/,
  },
  'has several who use one thing up': {
    singleUse: (singleUse) => ({
      async take(use) {
        if (await singleUse.wasTaken(use)) return false
        await setImmediate()
        await singleUse.take(use)
        return true
      },
    }),
    named: /several have it: looking and noting has to be one step/,
  },
  'finds sessions after their end': {
    sessions: (sessions) => ({ find: (hash) => sessions.find(hash, 0) }),
    named: /a session is found after its end/,
  },
  'brings a session back that was deleted': {
    sessions: (sessions) => ({ replace: (hash, session) => sessions.put(hash, session) }),
    named: /a request that ends after a sign-out signs in again/,
  },
  'writes all settings to change one': {
    apps: (apps) => ({
      async putSetting(id, { name, value }, nowMs) {
        const found = await apps.findWhole(id)
        if (found === undefined) return 'no_app'
        await setImmediate()
        const settings = new Map([...found.settings, [name, value] as const])
        await apps.replaceSettings(id, { settings, kept: [] }, nowMs)
        return 'done'
      },
    }),
    named: /a setting overwrites those that are put at the same time/,
  },
  'lets two add one app': {
    apps: (apps) => ({
      async insert(app, settings) {
        if ((await apps.find(app.id)) !== undefined) return false
        await setImmediate()
        await apps.insert(app, settings)
        return true
      },
    }),
    named: /several have added it, each with a secret of its own/,
  },
  'leaves the users of a deleted app': {
    apps: (apps) => {
      const deleted = new Set<string>()
      return {
        async delete(id, nowMs) {
          const isThere = (await apps.find(id)) !== undefined && !deleted.has(id)
          deleted.add(id)
          await apps.patch(id, { active: false }, nowMs)
          return isThere
        },
        find: async (id) => (deleted.has(id) ? undefined : apps.find(id)),
        findWhole: async (id) => (deleted.has(id) ? undefined : apps.findWhole(id)),
        list: async (page) => (await apps.list(page)).filter(({ id }) => !deleted.has(id)),
        count: async () => (await apps.count()) - deleted.size,
        listSealed: async (page) =>
          (await apps.listSealed(page)).filter(({ id }) => !deleted.has(id)),
        patch: async (id, ...rest) => !deleted.has(id) && apps.patch(id, ...rest),
        replaceSecret: async (id, ...rest) => !deleted.has(id) && apps.replaceSecret(id, ...rest),
        putSetting: async (id, ...rest) =>
          deleted.has(id) ? 'no_app' : apps.putSetting(id, ...rest),
        replaceSettings: async (id, change, nowMs) =>
          !deleted.has(id) && apps.replaceSettings(id, change, nowMs),
        removeDeleted: () => Promise.resolve(0),
        async insert(app, settings) {
          if (!deleted.delete(app.id)) return apps.insert(app, settings)
          await apps.replaceSettings(app.id, { settings, kept: [] }, app.updatedAtMs)
          return true
        },
      }
    },
    named: /a new app has the users of the one that was deleted/,
  },
}

const file = new StoreFile()
let right: Store
beforeAll(async () => {
  const opened = openStore(file.url)
  await opened.ready()
  const { apps, users, sessions, singleUse, sealingKeys } = opened
  right = { apps, users, sessions, singleUse, sealingKeys, close: () => opened.close() }
})
afterAll(async () => {
  await right.close?.()
  file.remove()
})

/** Names and messages of cases that fail, up to the first one that is as told. */
async function failuresOf(mistake: Mistake): Promise<readonly string[]> {
  const cases = storeContract({
    async open() {
      await emptySqlite(file.url)
      const { apps, users, sessions, singleUse, sealingKeys } = right
      return {
        sealingKeys,
        apps: { ...apps, ...mistake.apps?.(apps) },
        users: { ...users, ...mistake.users?.(users) },
        sessions: { ...sessions, ...mistake.sessions?.(sessions) },
        singleUse: { ...singleUse, ...mistake.singleUse?.(singleUse) },
      }
    },
  })
  const wrong = Object.keys(mistake).filter((part) => part !== 'named')
  const failures: string[] = []
  for (const { name, run } of cases) {
    if (!wrong.some((part) => name.startsWith(`${part}:`))) continue
    await run().catch((thrown: unknown) => failures.push(`${name}: ${(thrown as Error).message}`))
    if (failures.some((failure) => mistake.named.test(failure))) break
  }
  return failures
}

test.each(Object.entries(MISTAKES))('a store that %s is told so', async (_name, mistake) => {
  const failures = await failuresOf(mistake)
  expect(failures.filter((failure) => mistake.named.test(failure))).not.toEqual([])
})

test('a store that makes no mistake fails in nothing, and one that lacks a method is told which', async () => {
  expect(await failuresOf({ apps: () => ({}), users: () => ({}), named: /./ })).toEqual([])
  const [whole] = storeContract({ open: () => ({ apps: {} }) as unknown as Store })
  await expect(whole?.run()).rejects.toThrow('store.apps.find must be a function')
})

test('parts that are there and were not named, or the reverse, are told', async () => {
  const check = (parts: readonly 'devices'[], store: Partial<Store>) => {
    const open = () => {
      const { apps, users, sessions, singleUse, sealingKeys } = openStore('sqlite::memory:')
      return { apps, users, sessions, singleUse, sealingKeys, ...store }
    }
    return storeContract({ open, parts })[0]?.run()
  }
  await expect(check(['devices'], {})).rejects.toThrow('the store has no devices')
  const { devices } = openStore('sqlite::memory:')
  await expect(check([], { devices })).rejects.toThrow('the store has devices: add it')
  await expect(check(['devices'], { devices })).resolves.toBeUndefined()
  expect(() => storeContract({ open: () => ({}) as Store, parts: ['cats' as 'devices'] })).toThrow(
    'there is no part "cats"',
  )
})
