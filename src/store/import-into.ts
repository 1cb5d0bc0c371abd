import type { Readable } from 'node:stream'

import type { Logger } from '../logger'
import { describeKeySource, type KeySource } from './master-key'
import { openSealer } from './open-sealer'
import { readLines } from './read-lines'
import { importApps, type Import } from './sql/import-apps'
import { openWhole } from './sql/open-sql-store'
import { sqlSealingKeyStore } from './sql/sql-sealing-key-store'
import { parseStoreUrl } from './store-url'
import { transferOptions } from './transfer-options'

export interface ImportInto
  extends KeySource, Omit<Import, 'to' | 'lines' | 'openSealer' | 'keySource'> {
  /** UTF-8; an export. */
  readonly text: Readable
  readonly logger: Logger
}

/**
 * Imports an export into a store, as fast as it can be written. A new SQLite store gets a master key when none is
 * configured, unless sealed texts come, which it could not open.
 *
 * @throws What {@link importApps} throws.
 */
export async function importInto({ text, logger, ...options }: ImportInto): Promise<void> {
  const { storeUrl, secretKeys } = options
  const to = await openWhole(parseStoreUrl(storeUrl), transferOptions(storeUrl, logger))
  try {
    const isNew = (await sqlSealingKeyStore(to).list()).length === 0
    await importApps({
      ...options,
      to,
      lines: readLines(text),
      keySource: describeKeySource(options),
      openSealer: ({ secrets }) =>
        openSealer(to, { secretKeys, storeUrl, mayCreate: isNew && !secrets }),
    })
  } finally {
    await to.close()
  }
}
