import { sql, type Kysely, type RawBuilder } from 'kysely'
import type {
  AppPatch,
  AppRecord,
  AppStore,
  Resealing,
  SettingChange,
  SettingRecords,
} from '../../apps/app'
import { SETTING_BOUNDS, settingBytes } from '../../apps/setting-bounds'
import { KNOWN_SETTING_NAMES } from '../../apps/known-settings'
import { defineQuery, type Statement } from './define-query'
import { folded, startsWith, textRange, type TextRange } from './folded'
import { SETTINGS_TABLE } from './moved-tables'
import type { Schema } from './schema'
import { deleteDeviceLogins } from './sql-device-login-store'
import { deleteStatsOfApp } from './sql-stats-store'
import { whenViolated, type SqlExecutor } from './sql-executor'
import { splitEvents } from './sql-outbox'
import { markWebhooksDeleted } from './sql-webhook-store'

const APP_COLUMNS = [
  'apps.app_id as id',
  'apps.name',
  'apps.active',
  'apps.sealed_secret as sealedSecret',
  'apps.created_at as createdAtMs',
  'apps.updated_at as updatedAtMs',
] as const

/** What else a login needs of an app; see noteEvents. */
const EVENTS_COLUMN = 'apps.webhook_events as webhookEvents'

const SETTING_COLUMNS = ['settings.name as settingName', 'settings.value as settingValue'] as const

type AppRow = Omit<AppRecord, 'active'> & { readonly active: number }

/** Apps that are not being deleted. */
function liveApps(db: Kysely<Schema>) {
  return db.selectFrom('apps').where('apps.deleted_at', 'is', null)
}

function updateLiveApp(db: Kysely<Schema>, id: string) {
  return db
    .updateTable('apps')
    .where('app_id', '=', id)
    .where('deleted_at', 'is', null)
    .returning('app_id')
}

const findWithSettings = defineQuery((db, params: { id: string }) =>
  liveApps(db)
    .leftJoin('settings', 'settings.app_id', 'apps.app_id')
    .select([...APP_COLUMNS, ...SETTING_COLUMNS])
    .where('apps.app_id', '=', params.id),
)

/** What a login needs: an app may keep a thousand other settings, and is read again every other second. */
const findWithKnownSettings = defineQuery((db, params: { id: string }) =>
  liveApps(db)
    .leftJoin('settings', (join) =>
      join
        .onRef('settings.app_id', '=', 'apps.app_id')
        .on('settings.name', 'in', KNOWN_SETTING_NAMES),
    )
    .select([...APP_COLUMNS, EVENTS_COLUMN, ...SETTING_COLUMNS])
    .where('apps.app_id', '=', params.id),
)

const insertApp = defineQuery((db, params: AppRow) =>
  db.insertInto('apps').values({
    app_id: params.id,
    name: params.name,
    active: params.active,
    sealed_secret: params.sealedSecret,
    created_at: params.createdAtMs,
    updated_at: params.updatedAtMs,
  }),
)

interface Page {
  readonly afterId: string
  readonly offset: number
  readonly limit: number
}

function pageOfApps(db: Kysely<Schema>, { afterId, offset, limit }: Page) {
  return liveApps(db)
    .select(APP_COLUMNS)
    .where('app_id', '>', afterId)
    .orderBy('app_id')
    .limit(limit)
    .offset(offset)
}

const total = sql<number>`count(*)`.as('total')
const countApps = defineQuery((db, _params: object) => liveApps(db).select(total))
const listApps = defineQuery((db, params: Page) => pageOfApps(db, params))

/** Apps that a search finds by each of id and name. */
const MAX_FOUND = 1_000

const countFound = defineQuery((db, params: TextRange) =>
  liveApps(db).select(total).where(isFound(params)),
)
const listFound = defineQuery((db, params: TextRange & Page) =>
  pageOfApps(db, params).where(isFound(params)),
)

function isFound({ from, to, exactFrom, exactTo }: TextRange) {
  const ids = (column: RawBuilder<unknown>, least: string, end: string) =>
    sql`select app_id from (select app_id from apps where ${startsWith(column, least, end)} order by ${column} limit ${sql.lit(MAX_FOUND)}) as found`
  return sql<boolean>`app_id in (${ids(folded('name'), from, to)} union ${ids(sql`app_id collate binary`, exactFrom, exactTo)})`
}

const updateSecret = defineQuery(
  (db, params: { id: string; sealedSecret: string; nowMs: number }) =>
    updateLiveApp(db, params.id).set({
      sealed_secret: params.sealedSecret,
      updated_at: params.nowMs,
    }),
)

/** Null leaves a column as it is. */
const patchApp = defineQuery(
  (
    db,
    params: { id: string; name: string | undefined; active: number | undefined; nowMs: number },
  ) =>
    updateLiveApp(db, params.id).set({
      name: sql`coalesce(${params.name}, name)`,
      active: sql`coalesce(${params.active}, active)`,
      updated_at: params.nowMs,
    }),
)

const touchApp = defineQuery((db, params: { id: string; nowMs: number }) =>
  updateLiveApp(db, params.id).set({ updated_at: params.nowMs }),
)

interface PutParams {
  readonly id: string
  readonly name: string
  readonly value: string
  readonly maxOthers: number
}

/** Puts a setting, unless the app would have more settings, or larger ones, than it may. Returns what it has set. */
const upsertSettingWithin = defineQuery((db, params: PutParams) => putWithin(db, params))

/** The same for one that has this value now; null: that is not there. */
const putSettingIf = defineQuery((db, params: PutParams & { from: string | undefined }) =>
  putWithin(
    db,
    params,
    sql<boolean>`(select value from settings where app_id = ${params.id} and name = ${params.name}) is not distinct from ${params.from}`,
  ),
)

function putWithin(db: Kysely<Schema>, params: PutParams, condition = sql<boolean>`1 = 1`) {
  const others = db
    .selectFrom('settings as others')
    .where('others.app_id', '=', params.id)
    .where('others.name', '!=', params.name)
  const count = others.select((eb) => eb.fn.countAll<number>().as('count'))
  const bytes = others.select(
    sql<number>`coalesce(sum(octet_length(name) + octet_length(value)), 0)`.as('bytes'),
  )
  return db
    .insertInto('settings')
    .columns(['app_id', 'name', 'value'])
    .expression(
      db
        .selectNoFrom([
          sql<string>`${params.id}`.as('app_id'),
          sql<string>`${params.name}`.as('name'),
          sql<string>`${params.value}`.as('value'),
        ])
        .where(condition)
        .where(count, '<', SETTING_BOUNDS.maxCount)
        .where(bytes, '<=', params.maxOthers),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['app_id', 'name'])
        .doUpdateSet((eb) => ({ value: eb.ref('excluded.value') })),
    )
    .returning('name')
}

/** Removes a setting that has this value now. */
const deleteSettingIf = defineQuery((db, params: { id: string; name: string; from: string }) =>
  db
    .deleteFrom('settings')
    .where('app_id', '=', params.id)
    .where('name', '=', params.name)
    .where('value', '=', params.from)
    .returning('name'),
)

/** Changes nothing, but holds the app's row: writes of one app at the same time are done one after the other. */
const holdApp = defineQuery((db, params: { id: string }) =>
  updateLiveApp(db, params.id).set((eb) => ({ updated_at: eb.ref('updated_at') })),
)

/** As {@link touchApp}, if the setting has this value now. */
const touchAppIfSet = defineQuery(
  (db, params: { id: string; name: string; value: string; nowMs: number }) =>
    db
      .updateTable('apps')
      .set({ updated_at: params.nowMs })
      .where('app_id', '=', params.id)
      .where((eb) =>
        eb.exists(
          eb
            .selectFrom('settings')
            .select('name')
            .where('app_id', '=', params.id)
            .where('name', '=', params.name)
            .where('value', '=', params.value),
        ),
      ),
)

export const deleteSetting = defineQuery((db, params: { id: string; name: string }) =>
  db.deleteFrom('settings').where('app_id', '=', params.id).where('name', '=', params.name),
)

/** Separates the names of settings that stay, in one text; SQL has no list that both dialects take as a parameter. */
const SEPARATOR = '\x1f'

/** Deletes all settings whose name does not stand in `kept`: removing it from there changes nothing. */
const deleteSettings = defineQuery((db, params: { id: string; kept: string }) =>
  db
    .deleteFrom('settings')
    .where('app_id', '=', params.id)
    .where(
      sql`replace(${params.kept}, ${SEPARATOR} || name || ${SEPARATOR}, '')`,
      '=',
      params.kept,
    ),
)

const markDeleted = defineQuery((db, params: { id: string; nowMs: number }) =>
  updateLiveApp(db, params.id).set({ deleted_at: params.nowMs }),
)

const deleteAllSettings = defineQuery((db, params: { id: string }) =>
  db.deleteFrom('settings').where('app_id', '=', params.id),
)

const findDeleted = defineQuery((db, _params: object) =>
  db
    .selectFrom('apps')
    .select('app_id as id')
    .where('deleted_at', 'is not', null)
    .orderBy('deleted_at')
    .limit(1),
)

/** At most `limit` of the users of an app. */
export const deleteSomeUsers = defineQuery((db, params: { id: string; limit: number }) =>
  db
    .deleteFrom('users')
    .where('app_id', '=', params.id)
    .where('id', 'in', (some) =>
      some.selectFrom('users').select('id').where('app_id', '=', params.id).limit(params.limit),
    )
    .returning('id'),
)

const removeApp = defineQuery((db, params: { id: string }) =>
  db.deleteFrom('apps').where('app_id', '=', params.id).where('deleted_at', 'is not', null),
)

const settingsBetween = defineQuery((db, params: { afterId: string; lastId: string }) =>
  db
    .selectFrom('settings')
    .selectAll()
    .where('app_id', '>', params.afterId)
    .where('app_id', '<=', params.lastId),
)

const resealSecret = defineQuery((db, params: { appId: string; from: string; to: string }) =>
  db
    .updateTable('apps')
    .set({ sealed_secret: params.to })
    .where('app_id', '=', params.appId)
    .where('sealed_secret', '=', params.from)
    .returning('app_id'),
)

const resealSetting = defineQuery(
  (db, params: { appId: string; setting: string; from: string; to: string }) =>
    db
      .updateTable('settings')
      .set({ value: params.to })
      .where('app_id', '=', params.appId)
      .where('name', '=', params.setting)
      .where('value', '=', params.from)
      .returning('app_id'),
)

/**
 * Apps and their settings in SQL. Settings and users refer to their app by foreign key. An app that is deleted is marked
 * at first, which hides it from everything here, and its row goes when its users have gone: there may be a million, and
 * SQLite would remove them all in one go, on the event loop.
 */
export function sqlAppStore(executor: SqlExecutor): AppStore {
  return {
    async find(id) {
      const rows = await executor.read(findWithKnownSettings({ id }))
      const [row] = rows
      const webhookEvents = splitEvents(row?.webhookEvents ?? null)
      return row && { app: toAppRecord(row), known: toSettings(rows), webhookEvents }
    },
    async findWhole(id) {
      const rows = await executor.read(findWithSettings({ id }))
      const [row] = rows
      return row && { app: toAppRecord(row), settings: toSettings(rows) }
    },
    insert: async (app, settings) =>
      executor
        .write([insertApp(toAppRow(app)), ...upsertSettings(app.id, settings)])
        .then(() => true)
        .catch(whenViolated('unique', false)),
    async list({ afterId = '', offset = 0, limit, search }) {
      const page = { afterId, offset, limit }
      const rows = await executor.read(
        search === undefined ? listApps(page) : listFound({ ...page, ...textRange(search) }),
      )
      return rows.map(toAppRecord)
    },
    async count(search) {
      const [row] = await executor.read(
        search === undefined ? countApps({}) : countFound(textRange(search)),
      )
      return row?.total ?? 0
    },
    async patch(id, { name, active }: AppPatch, nowMs) {
      const flag = active === undefined ? undefined : Number(active)
      const [apps] = await executor.write([patchApp({ id, name, active: flag, nowMs })])
      return apps.length > 0
    },
    async replaceSecret(id, sealedSecret, nowMs) {
      const [apps] = await executor.write([updateSecret({ id, sealedSecret, nowMs })])
      return apps.length > 0
    },
    putSetting: async (id, { name, value }, nowMs) => {
      const maxOthers = SETTING_BOUNDS.maxBytes - settingBytes(name, value)
      return executor
        .write([
          holdApp({ id }),
          upsertSettingWithin({ id, name, value, maxOthers }),
          touchAppIfSet({ id, name, value, nowMs }),
        ])
        .then(([apps, settings]) => outcomeOf(apps.length > 0, settings.length > 0))
        .catch(whenViolated('foreign_key', 'no_app' as const))
    },
    async changeSettings(id, changes, nowMs) {
      const [apps, ...done] = await executor.write([
        touchApp({ id, nowMs }),
        ...changes.map((change) => toChange(id, change)),
      ])
      return apps.length === 0 ? undefined : done.flat().map(({ name }) => name)
    },
    async deleteSetting(id, name, nowMs) {
      await executor.write([touchApp({ id, nowMs }), deleteSetting({ id, name })])
    },
    replaceSettings: async (id, { settings, kept }, nowMs) =>
      executor
        .write([
          touchApp({ id, nowMs }),
          deleteSettings({ id, kept: joinNames(kept) }),
          ...upsertSettings(id, settings),
        ])
        .then(([apps]) => apps.length > 0)
        .catch(whenViolated('foreign_key', false)),
    async delete(id, nowMs) {
      const [apps] = await executor.write([
        markDeleted({ id, nowMs }),
        deleteAllSettings({ id }),
        deleteDeviceLogins({ id }),
        markWebhooksDeleted({ id, nowMs }),
      ])
      return apps.length > 0
    },
    async removeDeleted(limit) {
      for (let removed = 0; ; removed += 1) {
        const [app] = removed < limit ? await executor.read(findDeleted({})) : []
        if (app === undefined) return removed
        const rest = limit - removed
        const [users] = await executor.write([deleteSomeUsers({ id: app.id, limit: rest })])
        if (users.length === rest) return limit
        removed += users.length
        const counts = await deleteStatsOfApp(executor, app.id, limit - removed)
        removed += counts
        if (removed >= limit) return limit
        await executor.write([removeApp({ id: app.id })])
      }
    },
    async listSealed({ afterId, limit }) {
      const apps = await executor.read(listApps({ afterId, offset: 0, limit }))
      const lastId = apps.at(-1)?.id ?? afterId
      const rows = await executor.read(settingsBetween({ afterId, lastId }))
      const settingsOf = (id: string): SettingRecords =>
        new Map(rows.filter((row) => row.app_id === id).map(({ name, value }) => [name, value]))
      return apps.map(({ id, sealedSecret }) => ({ id, sealedSecret, settings: settingsOf(id) }))
    },
    async reseal(changes) {
      const done = await executor.write(changes.map(toUpdate))
      return done.flat().length
    },
  }
}

function outcomeOf(isThere: boolean, isSet: boolean): 'done' | 'no_app' | 'no_room' {
  if (!isThere) return 'no_app'
  return isSet ? 'done' : 'no_room'
}

function toUpdate({ setting, ...change }: Resealing): Statement<{ app_id: string }> {
  return setting === undefined ? resealSecret(change) : resealSetting({ ...change, setting })
}

function toChange(
  id: string,
  { name, from, to }: SettingChange,
): Statement<{ readonly name: string }> {
  // What is to go and is not there, is gone: an empty value is none that is stored.
  if (to === undefined) return deleteSettingIf({ id, name, from: from ?? '' })
  const maxOthers = SETTING_BOUNDS.maxBytes - settingBytes(name, to)
  return putSettingIf({ id, name, value: to, from, maxOthers })
}

function upsertSettings(id: string, settings: SettingRecords): readonly Statement[] {
  return Array.from(settings, ([name, value]) => SETTINGS_TABLE.put({ app_id: id, name, value }))
}

function joinNames(names: readonly string[]): string {
  return names.map((name) => SEPARATOR + name).join('') + SEPARATOR
}

function toAppRow(app: AppRecord): AppRow {
  return { ...app, active: Number(app.active) }
}

function toAppRecord(row: AppRow): AppRecord {
  const { id, name, active, sealedSecret, createdAtMs, updatedAtMs } = row
  return { id, name, active: active === 1, sealedSecret, createdAtMs, updatedAtMs }
}

function toSettings(
  rows: readonly { settingName: string | null; settingValue: string | null }[],
): SettingRecords {
  const settings = new Map<string, string>()
  for (const { settingName, settingValue } of rows) {
    if (settingName !== null && settingValue !== null) settings.set(settingName, settingValue)
  }
  return settings
}
