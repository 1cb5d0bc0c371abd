import type { AppAdmin } from '../apps/app-admin'
import { compose } from '../compose'
import { describeKeys } from './describe-keys'
import { loadCommandConfig } from './load-command-config'
import { silentLogger } from './logging/create-logger'

/**
 * Opens the configured store for one piece of administration. The keys of a root app that this makes go to standard
 * error, since standard output belongs to the answer.
 */
export async function withAdmin(
  file: string | undefined,
  work: (admin: AppAdmin) => Promise<void>,
): Promise<void> {
  const { config } = await loadCommandConfig(file)
  const composition = compose(config, { logger: silentLogger })
  try {
    await composition.ready()
    const keys = composition.firstKeys()
    if (keys !== undefined) console.error(describeKeys('root app', keys))
    await work(composition.admin)
  } finally {
    await composition.close()
  }
}
