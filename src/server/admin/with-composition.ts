import { compose, type Composition } from '../../compose'
import { describeKeys } from '../describe-keys'
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
  work: (composition: Composition) => Promise<void>,
): Promise<void> {
  const { config } = await loadCommandConfig(file)
  const composition = compose(config, { logger: silentLogger })
  try {
    await composition.ready()
    const keys = composition.firstKeys()
    if (keys !== undefined) console.error(describeKeys('root app', keys))
    await work(composition)
  } finally {
    await composition.close()
  }
}
