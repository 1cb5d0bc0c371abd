import { Readable } from 'node:stream'

import type { Logger } from '../logger'
import { exportApps, type Export, type ExportTotals } from './sql/export-apps'
import { openWhole } from './sql/open-sql-store'
import { transferOptions } from './transfer-options'

export interface ExportFrom extends Omit<Export, 'from'> {
  /** As `store.url` has it. */
  readonly url: string
  readonly logger: Logger
  /** Takes the text to its end. */
  readonly write: (text: Readable) => Promise<void>
}

/** What an export has come to. */
export interface ExportReport extends ExportTotals {
  readonly bytes: number
}

/**
 * Exports apps of a store, as text that is made as fast as it is taken.
 *
 * @throws {AmazonAuthError} `store_unavailable`. And what {@link exportApps} and `write` throw.
 */
export async function exportFrom({
  url,
  logger,
  write,
  ...options
}: ExportFrom): Promise<ExportReport> {
  const from = await openWhole(transferOptions(url, logger))
  const report = { apps: 0, users: 0, bytes: 0 }
  async function* texts(): AsyncGenerator<Buffer> {
    const exported = exportApps({ from, ...options })
    for (let next = await exported.next(); ; next = await exported.next()) {
      if (next.done === true) {
        Object.assign(report, next.value)
        return
      }
      const bytes = Buffer.from(next.value)
      report.bytes += bytes.length
      yield bytes
    }
  }
  try {
    await write(Readable.from(texts()))
    return report
  } finally {
    await from.close()
  }
}
