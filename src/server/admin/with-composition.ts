import { compose, type Composition } from '../../compose/compose'
import { describeKeys } from '../describe-keys'
import type { LoadedConfig } from '../../config/resolve-config'
import { loadCommandConfig } from '../load-command-config'
import { silentLogger } from '../logging/create-logger'

/**
 * Opens the store that a configuration names, for one piece of work. The keys of a root app that this makes go to
 * standard error, since standard output belongs to the answer.
 *
 * @param file As {@link loadCommandConfig} takes it.
 */
export async function withComposition(
  file: string | undefined,
  work: (composition: Composition, loaded: LoadedConfig) => Promise<void>,
): Promise<void> {
  const loaded = await loadCommandConfig(file)
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
