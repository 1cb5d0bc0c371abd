import type { WholeStore } from '../../store/store'
import { expect } from '../expect'
import type { Group } from '../group'
import { buildApp, buildUser } from '../samples'

/** What apps and their settings are kept by. */
export const apps: Group = {
  part: 'apps',
  needs: [],
  cases: ({ store }) => ({
    'an inserted app is found with its settings': async () => {
      const app = buildApp({ id: 'news', active: false, updatedAtMs: 1_800_000_000_000 })
      const settings = new Map([
        ['az_app_id', '"amzn1.x"'],
        ['a.b', '{"deep":[1,null]}'],
      ])
      expect(await store.apps.insert(app, settings)).toBe(true)
      expect(await store.apps.findWhole('news')).toEqual({ app, settings })
    },
    'an app without settings is found with none': async () => {
      expect(await store.apps.findWhole('shop')).toEqual({ app: buildApp(), settings: new Map() })
    },
    'an insert with a taken id changes neither the app nor its settings': async () => {
      await store.apps.putSetting('shop', { name: 'a', value: '1' }, 5)
      const before = await store.apps.findWhole('shop')
      const second = buildApp({ name: 'Other', sealedSecret: 'k1.other' })
      expect(await store.apps.insert(second, new Map([['a', '2']]))).toBe(false)
      expect(await store.apps.findWhole('shop')).toEqual(before)
    },
    'apps are listed by id, page after page': async () => {
      for (const id of ['b', 'a', 'c']) await store.apps.insert(buildApp({ id }), new Map())
      const first = await store.apps.list({ limit: 2 })
      const second = await store.apps.list({ afterId: 'b', limit: 2 })
      expect([first, second].map((page) => page.map((app) => app.id))).toEqual([
        ['a', 'b'],
        ['c', 'shop'],
      ])
      expect(second[1]).toEqual(buildApp())
    },
    'a replaced secret is found; an unknown app has none to replace': async () => {
      expect(await store.apps.replaceSecret('shop', 'k1.new', 9)).toBe(true)
      expect(await store.apps.replaceSecret('nope', 'k1.new', 9)).toBe(false)
      const found = await store.apps.findWhole('shop')
      expect(found?.app).toEqual(buildApp({ sealedSecret: 'k1.new', updatedAtMs: 9 }))
    },
    'an app is switched and renamed, each alone or both, and an unknown one is not': async () => {
      const state = async () => {
        const app = (await store.apps.find('shop'))?.app
        return [app?.name, app?.active, app?.updatedAtMs]
      }
      expect(await store.apps.patch('shop', { active: false }, 7)).toBe(true)
      expect(await state()).toEqual(['The shop', false, 7])
      expect(await store.apps.patch('shop', { name: 'Laden' }, 8)).toBe(true)
      expect(await state()).toEqual(['Laden', false, 8])
      expect(await store.apps.patch('shop', { name: 'Shop', active: true }, 9)).toBe(true)
      expect(await state()).toEqual(['Shop', true, 9])
      expect(await store.apps.patch('nope', { active: false }, 9)).toBe(false)
    },
    'a setting is put, put again and deleted, and each time the app is updated': async () => {
      expect(await store.apps.putSetting('shop', { name: 'a', value: '1' }, 7)).toBe('done')
      expect(await store.apps.putSetting('shop', { name: 'a', value: '2' }, 8)).toBe('done')
      expect(await store.apps.findWhole('shop')).toEqual({
        app: buildApp({ updatedAtMs: 8 }),
        settings: new Map([['a', '2']]),
      })
      await store.apps.deleteSetting('shop', 'a', 9)
      await store.apps.deleteSetting('shop', 'never-there', 10)
      expect(await store.apps.findWhole('shop')).toEqual({
        app: buildApp({ updatedAtMs: 10 }),
        settings: new Map(),
      })
    },
    'settings are changed together where they are still what they were, and only there':
      async () => {
        await store.apps.putSetting('shop', { name: 'kept', value: '1' }, 5)
        await store.apps.putSetting('shop', { name: 'going', value: '2' }, 5)
        const changes = [
          { name: 'kept', from: '1', to: '"new"' },
          { name: 'fresh', from: undefined, to: 'true' },
          { name: 'going', from: '2', to: undefined },
          { name: 'nowhere', from: '9', to: undefined },
          { name: 'other', from: '9', to: '10' },
        ]
        expect(await store.apps.changeSettings('shop', changes, 6)).toEqual([
          'kept',
          'fresh',
          'going',
        ])
        const found = await store.apps.findWhole('shop')
        expect(found?.app.updatedAtMs).toBe(6)
        expect(found?.settings.get('kept')).toBe('"new"')
        expect(found?.settings.get('fresh')).toBe('true')
        expect(['going', 'other'].some((name) => found?.settings.has(name))).toBe(false)
        expect(await store.apps.changeSettings('shop', changes, 7)).toEqual([])
        expect(await store.apps.changeSettings('nope', [], 7)).toBeUndefined()
      },
    'of 20 who change one setting at once, having seen the same, one does': async () => {
      const done = await Promise.all(
        Array.from({ length: 20 }, (_none, at) =>
          store.apps.changeSettings(
            'shop',
            [{ name: 'raced', from: undefined, to: String(at) }],
            9,
          ),
        ),
      )
      expect(done.flat()).toEqual(['raced'])
    },
    'an app gets no more settings than it may have, however many are put at once': async () => {
      const all = Array.from({ length: 990 }, (_, n) => [`k${n}`, '1'] as const)
      await store.apps.replaceSettings('shop', only(all), 7)
      const names = Array.from({ length: 40 }, (_, n) => `more${n}`)
      const outcomes = await Promise.all(
        names.map((name) => store.apps.putSetting('shop', { name, value: '1' }, 8)),
      )
      expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(10)
      expect(outcomes.filter((outcome) => outcome === 'no_room')).toHaveLength(30)
      expect((await store.apps.findWhole('shop'))?.settings.size).toBe(1000)
      const known = { name: 'k1', value: '2' }
      expect(await store.apps.putSetting('shop', known, 9)).toBe('done')
    },
    'an app gets no larger settings than it may have, and a refused one changes nothing':
      async () => {
        const half = 'é'.repeat(64 * 1024)
        expect(await store.apps.putSetting('shop', { name: 'a', value: half }, 7)).toBe('done')
        const outcomes = await Promise.all(
          ['b', 'c', 'd', 'e'].map((name) =>
            store.apps.putSetting('shop', { name, value: half.slice(2) }, 8),
          ),
        )
        expect(outcomes.sort()).toEqual(['done', 'no_room', 'no_room', 'no_room'])
        const before = await store.apps.findWhole('shop')
        expect(await store.apps.putSetting('shop', { name: 'f', value: half }, 9)).toBe('no_room')
        expect(await store.apps.putSetting('shop', { name: 'a', value: `${half}${half}` }, 9)).toBe(
          'no_room',
        )
        expect(await store.apps.findWhole('shop')).toEqual(before)
        expect(await store.apps.putSetting('shop', { name: 'a', value: '1' }, 9)).toBe('done')
        expect(await store.apps.putSetting('shop', { name: 'f', value: half }, 9)).toBe('done')
      },
    'of all settings a login reads those that have a meaning, by ours and by Para’s names':
      async () => {
        const known: [string, string][] = [
          ['az_app_id', '"id"'],
          ['security.one_session_per_user', 'true'],
        ]
        await store.apps.replaceSettings('shop', only([...known, ['colour', '"red"']]), 7)
        const found = await store.apps.find('shop')
        expect(found?.app).toEqual(buildApp({ updatedAtMs: 7 }))
        for (const [name, value] of known) expect(found?.known.get(name)).toBe(value)
        expect((await store.apps.findWhole('shop'))?.settings.size).toBe(3)
      },
    'replaced settings keep nothing of the old ones': async () => {
      await store.apps.putSetting('shop', { name: 'old', value: '1' }, 7)
      expect(await store.apps.replaceSettings('shop', only([['new', '2']]), 8)).toBe(true)
      expect((await store.apps.findWhole('shop'))?.settings).toEqual(new Map([['new', '2']]))
      expect(await store.apps.replaceSettings('shop', only([]), 9)).toBe(true)
      expect((await store.apps.findWhole('shop'))?.settings).toEqual(new Map())
    },
    'kept settings stay as they are, whatever their names hold': async () => {
      const names = ['az_secret', 'secret', 'a.b%_', 'çé 🔑', "x'y"]
      for (const name of names) await store.apps.putSetting('shop', { name, value: name }, 7)
      const kept = ['az_secret', 'a.b%_', "x'y"]
      const settings = new Map([['new', '1']])
      await store.apps.replaceSettings('shop', { settings, kept }, 8)
      expect((await store.apps.findWhole('shop'))?.settings).toEqual(
        new Map([...kept.map((name) => [name, name] as const), ['new', '1']]),
      )
    },
    'sealed texts are listed by app, and replaced where they are still the same': async () => {
      await store.apps.insert(buildApp({ id: 'a' }), new Map([['x', '1']]))
      await store.apps.putSetting('shop', { name: 'y', value: '2' }, 5)
      const [first] = await store.apps.listSealed({ afterId: '', limit: 1 })
      expect(first).toEqual({
        id: 'a',
        sealedSecret: 'k1.sealed',
        settings: new Map([['x', '1']]),
      })
      const rest = await store.apps.listSealed({ afterId: 'a', limit: 9 })
      expect(rest.map(({ id, settings }) => [id, settings.get('y')])).toEqual([['shop', '2']])
      const changes = [
        { appId: 'a', setting: undefined, from: 'k1.sealed', to: 'k2.sealed' },
        { appId: 'shop', setting: 'y', from: '2', to: '3' },
        { appId: 'shop', setting: 'y', from: '2', to: '4' },
        { appId: 'nope', setting: undefined, from: 'k1.sealed', to: 'k2.sealed' },
      ]
      expect(await store.apps.reseal(changes)).toBe(2)
      expect((await store.apps.findWhole('a'))?.app).toEqual(
        buildApp({ id: 'a', sealedSecret: 'k2.sealed' }),
      )
      expect((await store.apps.findWhole('shop'))?.settings).toEqual(new Map([['y', '3']]))
    },
    'apps are counted, and passed over by an offset': async () => {
      for (const id of ['b', 'a']) await store.apps.insert(buildApp({ id }), new Map())
      expect(await store.apps.count()).toBe(3)
      const page = await store.apps.list({ offset: 1, limit: 5 })
      expect(page.map((app) => app.id)).toEqual(['b', 'shop'])
    },
    'apps are found by what id or name begins with': async () => {
      await store.apps.insert(buildApp({ id: 'shop-2', name: 'Bakery' }), new Map())
      await store.apps.insert(buildApp({ id: 'news', name: 'Shopping News' }), new Map())
      const find = async (search: string) => {
        const apps = await store.apps.list({ limit: 9, search })
        expect(await store.apps.count(search)).toBe(apps.length)
        return apps.map(({ id }) => id)
      }
      expect(await find('shop')).toEqual(['news', 'shop', 'shop-2'])
      expect(await find('BAK')).toEqual(['shop-2'])
      expect(await find('x')).toEqual([])
      const behind = await store.apps.list({ afterId: 'news', limit: 1, search: 'shop' })
      expect(behind.map(({ id }) => id)).toEqual(['shop'])
    },
    'an unknown app takes no settings and does not come to be by them': async () => {
      expect(await store.apps.putSetting('nope', { name: 'a', value: '1' }, 7)).toBe('no_app')
      expect(await store.apps.replaceSettings('nope', only([['a', '1']]), 7)).toBe(false)
      expect(await store.apps.replaceSettings('nope', only([]), 7)).toBe(false)
      await store.apps.deleteSetting('nope', 'a', 7)
      expect(await store.apps.findWhole('nope')).toBeUndefined()
    },

    'settings put one by one at once are all there': async () => {
      const names = Array.from({ length: 30 }, (_none, n) => `s${n}`)
      await Promise.all(names.map((name) => store.apps.putSetting('shop', { name, value: '1' }, 7)))
      const { size } = (await store.apps.findWhole('shop'))?.settings ?? new Map()
      expect(size, 'a setting overwrites those that are put at the same time').toBe(30)
    },
    'of 20 who add one app at once, one does': async () => {
      const added = await Promise.all(
        Array.from({ length: 20 }, () => store.apps.insert(buildApp({ id: 'new' }), new Map())),
      )
      const done = added.filter(Boolean)
      expect(done, 'several have added it, each with a secret of its own').toHaveLength(1)
    },
    'a deleted app is found in no way, takes nothing, and its name is free when all of it is gone':
      async () => {
        await store.apps.putSetting('shop', { name: 'a', value: '1' }, 4)
        for (const id of ['1', '2', '3']) {
          await store.users.upsert(buildUser({ id, identifier: id }), {})
        }
        expect(await store.apps.delete('shop', 5)).toBe(true)
        expect(await store.apps.delete('shop', 6)).toBe(false)
        expect(await store.apps.find('shop')).toBeUndefined()
        expect(await store.apps.findWhole('shop')).toBeUndefined()
        expect(await store.apps.list({ limit: 5 })).toEqual([])
        expect(await store.apps.count()).toBe(0)
        expect(await store.apps.listSealed({ afterId: '', limit: 5 })).toEqual([])
        expect(await store.apps.patch('shop', { active: true }, 9)).toBe(false)
        expect(await store.apps.replaceSecret('shop', 'k1.new', 9)).toBe(false)
        expect(await store.apps.putSetting('shop', { name: 'a', value: '1' }, 9)).toBe('no_app')
        expect(await store.apps.replaceSettings('shop', only([['a', '1']]), 9)).toBe(false)
        await removeDeleted(store)
        expect(await store.apps.insert(buildApp(), new Map())).toBe(true)
        const { settings } = (await store.apps.findWhole('shop')) ?? {}
        expect(settings, 'a new app has the settings of the one that was deleted').toEqual(
          new Map(),
        )
        const page = { offset: 0, limit: 9, sort: 'id', descending: false } as const
        const { total } = await store.users.list('shop', page)
        expect(total, 'a new app has the users of the one that was deleted').toBe(0)
        expect(await store.users.findById('shop', '1')).toBeUndefined()
      },
    'a deleted app takes its own users and settings along, and leaves those of others':
      async () => {
        await store.apps.insert(buildApp({ id: 'news' }), new Map([['a', '1']]))
        await store.apps.putSetting('shop', { name: 'a', value: '2' }, 5)
        await store.users.upsert(buildUser({ appId: 'news' }), {})
        await store.users.upsert(buildUser(), {})
        await store.apps.delete('news', 5)
        await removeDeleted(store)
        expect(await store.users.findById('shop', '1001')).toEqual(buildUser())
        expect((await store.apps.findWhole('shop'))?.settings).toEqual(new Map([['a', '2']]))
      },
    'what is given and what is found are copies': async () => {
      const settings = new Map([['a', '1']])
      await store.apps.insert(buildApp({ id: 'copy' }), settings)
      settings.set('b', '2')
      const found = await store.apps.findWhole('copy')
      expect(found?.settings, 'the store keeps the very Map that it was given').toEqual(
        new Map([['a', '1']]),
      )
      await store.apps.putSetting('copy', { name: 'a', value: '9' }, 7)
      expect(found?.settings.get('a'), 'what was found changes with the store').toBe('1')
    },
    'apps are listed by id, in the order of their code units': async () => {
      for (const id of ['Z', 'a-b', 'a_b', 'aB'])
        await store.apps.insert(buildApp({ id }), new Map())
      const ids = (await store.apps.list({ limit: 9 })).map(({ id }) => id)
      expect(ids, 'the database sorts by the rules of a language').toEqual(ids.toSorted())
    },
  }),
}

function only(entries: readonly (readonly [string, string])[]) {
  return { settings: new Map(entries), kept: [] }
}

async function removeDeleted(store: Pick<WholeStore, 'apps'>): Promise<void> {
  while ((await store.apps.removeDeleted(100)) >= 100);
}
