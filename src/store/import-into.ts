import type { Readable } from 'node:stream'

import type { Logger } from '../logger'
import { describeKeySource, type KeySource } from './master-key'
import { openSealer } from './open-sealer'
import { readLines } from './read-lines'
import { importApps, type Import } from './sql/import-apps'
import type { HeaderLine } from './sql/export-format'
import { openWhole } from './sql/open-sql-store'
import { readExport, type ExportPart } from './sql/read-export'
import { sqlSealingKeyStore } from './sql/sql-sealing-key-store'
import { transferOptions } from './transfer-options'

export interface ImportInto
  extends KeySource, Omit<Import, 'to' | 'parts' | 'openSealer' | 'keySource'> {
  /** UTF-8; an export. */
  readonly text: Readable
  /** Called before the store is opened. What it throws ends the import. */
  readonly onHeader: (header: HeaderLine) => Promise<void>
  readonly logger: Logger
}

/**
 * Imports an export into a store, as fast as it can be written. A new SQLite store gets a master key when none is
 * configured, unless sealed texts come, which it could not open.
 *
 * @throws What {@link importApps} throws.
 */
export async function importInto({
  text,
  logger,
  onHeader,
  ...options
}: ImportInto): Promise<void> {
  const { storeUrl, secretKeys } = options
  const parts = readExport(readLines(text))
  const first = await parts.next()
  if (first.done !== true && first.value.kind === 'header') await onHeader(first.value.header)
  const to = await openWhole(transferOptions(storeUrl, logger))
  try {
    const isNew = (await sqlSealingKeyStore(to).list()).length === 0
    await importApps({
      ...options,
      to,
      parts: behind(first, parts),
      keySource: describeKeySource(options),
      openSealer: ({ secrets }) =>
        openSealer(to, { secretKeys, storeUrl, mayCreate: isNew && !secrets }),
    })
  } finally {
    await to.close()
  }
}

/** What was read already, and then the rest. */
async function* behind(
  first: IteratorResult<ExportPart, unknown>,
  rest: AsyncIterable<ExportPart>,
): AsyncGenerator<ExportPart> {
  if (first.done !== true) yield first.value
  yield* rest
}
