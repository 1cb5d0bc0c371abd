import type { AppRecord, SettingRecords } from '../../apps/app'
import { BITE_ROWS } from '../start-purge'
import { defineQuery } from './define-query'
import { sqlAppStore } from './sql-app-store'
import type { SqlExecutor } from './sql-executor'

export interface StoredApp {
  readonly app: AppRecord
  readonly settings: SettingRecords
}

const findEvenDeleted = defineQuery((db, params: { appId: string }) =>
  db.selectFrom('apps').select('app_id').where('app_id', '=', params.appId),
)

/** Finds an app by whose name another is to be made: one that is being deleted is out of the way afterwards. */
export async function findLiveApp(to: SqlExecutor, appId: string): Promise<StoredApp | undefined> {
  const store = sqlAppStore(to)
  const found = await store.findWhole(appId)
  if (found !== undefined) return found
  const [deleted] = await to.read(findEvenDeleted({ appId }))
  while (deleted !== undefined && (await store.removeDeleted(BITE_ROWS)) === BITE_ROWS);
  return undefined
}
