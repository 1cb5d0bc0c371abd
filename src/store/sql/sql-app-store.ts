import { sql } from 'kysely'
import type { AppRecord, AppStore, SettingRecords } from '../../apps/app'
import type { Statement } from './define-query'
import { defineQuery } from './define-query'
import type { SqlExecutor } from './sql-executor'
import { whenViolated } from './sql-executor'

const APP_COLUMNS = [
  'apps.app_id as id',
  'apps.name',
  'apps.active',
  'apps.sealed_secret as sealedSecret',
  'apps.created_at as createdAtMs',
  'apps.updated_at as updatedAtMs',
] as const

type AppRow = Omit<AppRecord, 'active'> & { readonly active: number }

const findWithSettings = defineQuery((db, params: { id: string }) =>
  db
    .selectFrom('apps')
    .leftJoin('settings', 'settings.app_id', 'apps.app_id')
    .select(APP_COLUMNS)
    .select(['settings.name as settingName', 'settings.value as settingValue'])
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

const countApps = defineQuery((db, _params: object) =>
  db.selectFrom('apps').select((eb) => eb.fn.countAll<number>().as('total')),
)

const listApps = defineQuery((db, params: { afterId: string; offset: number; limit: number }) =>
  db
    .selectFrom('apps')
    .select(APP_COLUMNS)
    .where('app_id', '>', params.afterId)
    .orderBy('app_id')
    .limit(params.limit)
    .offset(params.offset),
)

const updateSecret = defineQuery(
  (db, params: { id: string; sealedSecret: string; nowMs: number }) =>
    db
      .updateTable('apps')
      .set({ sealed_secret: params.sealedSecret, updated_at: params.nowMs })
      .where('app_id', '=', params.id)
      .returning('app_id'),
)

const touchApp = defineQuery((db, params: { id: string; nowMs: number }) =>
  db
    .updateTable('apps')
    .set({ updated_at: params.nowMs })
    .where('app_id', '=', params.id)
    .returning('app_id'),
)

const upsertSetting = defineQuery((db, params: { id: string; name: string; value: string }) =>
  db
    .insertInto('settings')
    .values({ app_id: params.id, name: params.name, value: params.value })
    .onConflict((conflict) =>
      conflict.columns(['app_id', 'name']).doUpdateSet({ value: params.value }),
    ),
)

const deleteSetting = defineQuery((db, params: { id: string; name: string }) =>
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

const deleteApp = defineQuery((db, params: { id: string }) =>
  db.deleteFrom('apps').where('app_id', '=', params.id).returning('app_id'),
)

/**
 * Apps and their settings in SQL. Settings and users refer to their app by foreign key: they go with it, and none can be
 * written for an app that is being deleted.
 */
export function sqlAppStore(executor: SqlExecutor): AppStore {
  return {
    async find(id) {
      const rows = await executor.read(findWithSettings({ id }))
      const [row] = rows
      return row && { app: toAppRecord(row), settings: toSettings(rows) }
    },
    insert: async (app, settings) =>
      executor
        .write([insertApp(toAppRow(app)), ...upsertSettings(app.id, settings)])
        .then(() => true)
        .catch(whenViolated('unique', false)),
    async list({ afterId = '', offset = 0, limit }) {
      const rows = await executor.read(listApps({ afterId, offset, limit }))
      return rows.map(toAppRecord)
    },
    async count() {
      const [row] = await executor.read(countApps({}))
      return row?.total ?? 0
    },
    async replaceSecret(id, sealedSecret, nowMs) {
      const [apps] = await executor.write([updateSecret({ id, sealedSecret, nowMs })])
      return apps.length > 0
    },
    putSetting: async (id, name, value, nowMs) =>
      executor
        .write([touchApp({ id, nowMs }), upsertSetting({ id, name, value })])
        .then(() => true)
        .catch(whenViolated('foreign_key', false)),
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
    async delete(id) {
      const [apps] = await executor.write([deleteApp({ id })])
      return apps.length > 0
    },
  }
}

function upsertSettings(id: string, settings: SettingRecords): readonly Statement[] {
  return Array.from(settings, ([name, value]) => upsertSetting({ id, name, value }))
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
