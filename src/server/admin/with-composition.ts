import { compose, type Composition } from '../../compose/compose'
import { describeKeys } from '../describe-keys'
import type { LoadedConfig } from '../../config/resolve-config'
import { loadCommandConfig } from '../load-command-config'
import { silentLogger } from '../logging/create-logger'
import { requireStore } from '../require-store'

export interface StoreUse {
  /** Whether a store that is not there is made. Default: true. */
  readonly mayMakeStore?: boolean
}

/**
 * Opens the store that a configuration names, for one piece of work. The keys of a root app that this makes go to
 * standard error, since standard output belongs to the answer.
 *
 * @param file As {@link loadCommandConfig} takes it.
 * @throws {CommandError} There is no store, and none is to be made.
 */
export async function withComposition(
  file: string | undefined,
  work: (composition: Composition, loaded: LoadedConfig) => Promise<void>,
  { mayMakeStore = true }: StoreUse = {},
): Promise<void> {
  const loaded = await loadCommandConfig(file)
  if (!mayMakeStore) requireStore(loaded.config.store.url)
  const composition = compose(loaded.config, { logger: silentLogger })
  try {
    await composition.ready()
    const keys = composition.firstKeys()
    if (keys !== undefined) console.error(describeKeys('root app', keys))
    await work(composition, loaded)
  } finally {
    await composition.close()
  }
}
