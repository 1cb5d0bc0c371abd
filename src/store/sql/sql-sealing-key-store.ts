import { sql } from 'kysely'

import type { SealingKeyStore } from '../../apps/sealing-keys'
import { KEY_ID_CHARACTERS } from '../../crypto/sealer'
import { defineQuery } from './define-query'
import { KEYS_TABLE } from './moved-tables'
import type { SqlExecutor } from './sql-executor'

const listKeys = defineQuery((db, _params: object) =>
  db.selectFrom('sealing_keys').select('key_id as id').orderBy('key_id'),
)

/** For stores that were made before keys were noted. */
const listUsedKeys = defineQuery((db, _params: object) =>
  db
    .selectFrom('apps')
    .select(sql<string>`substr(sealed_secret, 1, ${sql.lit(KEY_ID_CHARACTERS)})`.as('id'))
    .distinct(),
)

const deleteOthers = defineQuery((db, params: { id: string }) =>
  db.deleteFrom('sealing_keys').where('key_id', '!=', params.id),
)

/** Which keys may have sealed what is stored, in SQL. */
export function sqlSealingKeyStore(executor: SqlExecutor): SealingKeyStore {
  return {
    async list() {
      const noted = await executor.read(listKeys({}))
      const keys = noted.length > 0 ? noted : await executor.read(listUsedKeys({}))
      return keys.map(({ id }) => id)
    },
    async add(id) {
      await executor.write([KEYS_TABLE.put({ key_id: id })])
    },
    async keepOnly(id) {
      await executor.write([KEYS_TABLE.put({ key_id: id }), deleteOthers({ id })])
    },
  }
}
