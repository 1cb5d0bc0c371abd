import { Readable } from 'node:stream'

import type { Logger } from '../logger'
import { exportApps, type Export } from './sql/export-apps'
import { openWhole } from './sql/open-sql-store'
import { parseStoreUrl } from './store-url'
import { transferOptions } from './transfer-options'

export interface ExportFrom extends Omit<Export, 'from'> {
  /** As `store.url` has it. */
  readonly url: string
  readonly logger: Logger
  /** Takes the text to its end. */
  readonly write: (text: Readable) => Promise<void>
}

/**
 * Exports apps of a store, as text that is made as fast as it is taken.
 *
 * @throws {AmazonAuthError} `store_unavailable`. And what {@link exportApps} and `write` throw.
 */
export async function exportFrom({ url, logger, write, ...options }: ExportFrom): Promise<void> {
  const from = await openWhole(parseStoreUrl(url), transferOptions(url, logger))
  try {
    await write(Readable.from(exportApps({ from, ...options })))
  } finally {
    await from.close()
  }
}
