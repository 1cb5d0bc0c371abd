// A store in Maps, with the parts that have to be there: what another database needs, each in the fewest lines. JavaScript runs
// one call at a time between two awaits, so whatever has to be one step has no await in it; a database does it by a
// unique key, a condition in the statement, or a transaction.
import {
  AmazonAuthError,
  SETTING_BOUNDS,
  settingBytes,
  UserIdTakenError,
} from 'express-amazon-auth/store'

/** What is given out is a copy: nobody changes what is kept, or sees it change. */
const copy = (value) => value && globalThis.structuredClone(value)
const byText = (a, b) => (a < b ? -1 : Number(a > b))
const folded = (text) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
const keyOf = (...parts) => JSON.stringify(parts)

export function createMemoryStore() {
  const apps = new Map() // id → { app, settings }
  const users = new Map() // [app, id] → user
  const sessions = new Map() // hash → session
  const uses = new Map() // [app, name] → when it may be forgotten
  const keys = new Set()
  return {
    apps: appsIn(apps, users),
    users: usersIn(users, apps),
    sessions: sessionsIn(sessions),
    singleUse: {
      take: async ({ appId, name, expiresAtMs }) => {
        const key = keyOf(appId, name)
        if (uses.has(key)) return false
        uses.set(key, expiresAtMs)
        return true
      },
      wasTaken: async ({ appId, name }) => uses.has(keyOf(appId, name)),
      deleteExpired: async (nowMs, limit) => removeSome(uses, (endMs) => endMs <= nowMs, limit),
    },
    sealingKeys: {
      list: async () => [...keys].sort(byText),
      add: async (id) => void keys.add(id),
      keepOnly: async (id) => {
        keys.clear()
        keys.add(id)
      },
    },
  }
}

function appsIn(apps, users) {
  const fits = (settings) => {
    const bytes = [...settings].reduce((sum, [name, value]) => sum + settingBytes(name, value), 0)
    return settings.size <= SETTING_BOUNDS.maxCount && bytes <= SETTING_BOUNDS.maxBytes
  }
  /** Changes an app, and when; false: there is none. */
  const change = (id, nowMs, work) => {
    const found = apps.get(id)
    if (found === undefined) return false
    work(found)
    found.app.updatedAtMs = nowMs
    return true
  }
  const listed = (search = '') =>
    [...apps.values()]
      .map(({ app }) => app)
      .filter(({ id, name }) => id.startsWith(search) || folded(name).startsWith(folded(search)))
      .sort((a, b) => byText(a.id, b.id))
  return {
    // It may give settings without a meaning here, too.
    find: async (id) => {
      const found = copy(apps.get(id))
      return found && { app: found.app, known: found.settings }
    },
    findWhole: async (id) => copy(apps.get(id)),
    insert: async (app, settings) => {
      if (apps.has(app.id)) return false
      apps.set(app.id, copy({ app, settings }))
      return true
    },
    list: async ({ afterId = '', offset = 0, limit, search }) => {
      const behind = listed(search).filter(({ id }) => id > afterId)
      return copy(behind.slice(offset, offset + limit))
    },
    count: async (search) => listed(search).length,
    patch: async (id, patch, nowMs) => change(id, nowMs, ({ app }) => Object.assign(app, patch)),
    replaceSecret: async (id, sealedSecret, nowMs) =>
      change(id, nowMs, ({ app }) => Object.assign(app, { sealedSecret })),
    putSetting: async (id, { name, value }, nowMs) => {
      const found = apps.get(id)
      if (found === undefined) return 'no_app'
      if (!fits(new Map(found.settings).set(name, value))) return 'no_room'
      change(id, nowMs, ({ settings }) => settings.set(name, value))
      return 'done'
    },
    changeSettings: async (id, changes, nowMs) => {
      const found = apps.get(id)
      if (found === undefined) return undefined
      const after = new Map(found.settings)
      const done = changes.filter(({ name, from }) => after.get(name) === from)
      for (const { name, to } of done) to === undefined ? after.delete(name) : after.set(name, to)
      if (!fits(after)) throw new AmazonAuthError('setting_invalid')
      const changed = done.filter(({ from, to }) => from !== to).map(({ name }) => name)
      if (changed.length > 0) change(id, nowMs, (app) => (app.settings = after))
      return changed
    },
    deleteSetting: async (id, name, nowMs) =>
      void change(id, nowMs, ({ settings }) => settings.delete(name)),
    replaceSettings: async (id, { settings, kept }, nowMs) =>
      change(id, nowMs, (found) => {
        const stay = [...found.settings].filter(([name]) => kept.includes(name))
        found.settings = new Map([...stay, ...settings])
      }),
    delete: async (id) => {
      for (const [key, user] of users) if (user.appId === id) users.delete(key)
      return apps.delete(id)
    },
    // A database that cannot delete a million users at once does so here, bit by bit.
    removeDeleted: async () => 0,
    listSealed: async ({ afterId, limit }) =>
      listed()
        .filter(({ id }) => id > afterId)
        .slice(0, limit)
        .map(({ id, sealedSecret }) => ({
          id,
          sealedSecret,
          settings: copy(apps.get(id).settings),
        })),
    reseal: async (changes) => {
      const done = changes.filter(({ appId, setting, from, to }) => {
        const { app, settings } = apps.get(appId) ?? {}
        const is = setting === undefined ? app?.sealedSecret : settings?.get(setting)
        if (is === undefined || is !== from) return false
        if (setting === undefined) app.sealedSecret = to
        else settings.set(setting, to)
        return true
      })
      return done.length
    },
  }
}

function usersIn(users, apps) {
  const of = (appId) => [...users.values()].filter((user) => user.appId === appId)
  const ofIdentifier = (appId, identifier) =>
    of(appId).find((user) => user.identifier === identifier)
  const write = (user, { endsSessions = false, ...changes }) => {
    const named = Object.entries(changes).filter(([, value]) => value !== undefined)
    Object.assign(user, Object.fromEntries(named))
    user.sessionEpoch += Number(endsSessions)
    return copy(user)
  }
  return {
    findById: async (appId, id) => copy(users.get(keyOf(appId, id))),
    findByIdentifier: async (appId, identifier) => copy(ofIdentifier(appId, identifier)),
    findByEmail: async (appId, email) =>
      copy(
        of(appId)
          .filter((user) => user.email === email)
          .sort((a, b) => a.createdAtMs - b.createdAtMs)[0],
      ),
    upsert: async (user, changes) => {
      const { appId, id, identifier, updatedAtMs } = user
      if (!apps.has(appId)) throw new AmazonAuthError('app_not_found', { appId })
      const known = ofIdentifier(appId, identifier)
      if (known !== undefined) {
        return known.active ? write(known, { ...changes, updatedAtMs }) : undefined
      }
      if (users.has(keyOf(appId, id))) throw new UserIdTakenError(id)
      users.set(keyOf(appId, id), copy(user))
      return copy(user)
    },
    update: async (appId, id, changes) => {
      const user = users.get(keyOf(appId, id))
      const owner = changes.identifier && ofIdentifier(appId, changes.identifier)
      return user === undefined || (owner && owner !== user) ? undefined : write(user, changes)
    },
    renewTokenSecret: async ({ appId, id, tokenSecret: old }, tokenSecret, updatedAtMs) => {
      const user = users.get(keyOf(appId, id))
      return user?.tokenSecret === old ? write(user, { tokenSecret, updatedAtMs }) : undefined
    },
    delete: async (appId, id) => users.delete(keyOf(appId, id)),
    list: async (appId, { offset, limit, sort, descending, search = '', after }) => {
      const text = folded(search)
      const sign = descending ? -1 : 1
      const compare = (a, b) => sign * (ORDERS[sort](a, b) || ORDERS.id(a, b))
      const all = of(appId)
        .filter(
          ({ name, email, identifier }) =>
            folded(name).startsWith(text) ||
            folded(email).startsWith(text) ||
            identifier.startsWith(search),
        )
        .sort(compare)
      const behind = after === undefined ? all : all.filter((user) => compare(user, after) > 0)
      return { users: copy(behind.slice(offset, offset + limit)), total: all.length }
    },
  }
}

const ORDERS = {
  timestamp: (a, b) => a.createdAtMs - b.createdAtMs,
  updated: (a, b) => a.updatedAtMs - b.updatedAtMs,
  name: (a, b) => byText(folded(a.name), folded(b.name)),
  email: (a, b) => byText(folded(a.email), folded(b.email)),
  // Ids are numbers of up to nineteen digits.
  id: (a, b) => a.id.length - b.id.length || byText(a.id, b.id),
}

function sessionsIn(sessions) {
  return {
    find: async (hash, nowMs) => {
      const session = sessions.get(hash)
      return session && session.expiresAtMs > nowMs ? copy(session) : undefined
    },
    put: async (hash, session) => void sessions.set(hash, copy(session)),
    // Who has signed out stays so, though another request of theirs ends only now.
    replace: async (hash, session) =>
      void (sessions.has(hash) && sessions.set(hash, copy(session))),
    delete: async (hash) => void sessions.delete(hash),
    deleteExpired: async (nowMs, limit) =>
      removeSome(sessions, ({ expiresAtMs }) => expiresAtMs <= nowMs, limit),
  }
}

function removeSome(map, isOver, limit) {
  const over = [...map].filter(([, value]) => isOver(value)).slice(0, limit)
  for (const [key] of over) map.delete(key)
  return over.length
}
