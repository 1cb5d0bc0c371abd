import { existsSync } from 'node:fs'

import { parseStoreUrl } from '../store/store-url'
import { CommandError } from './command-error'

/**
 * For commands that make none: opening would make a store that is not there.
 *
 * @throws {CommandError} There is none.
 */
export function requireStore(url: string): void {
  const location = parseStoreUrl(url)
  if (location.kind === 'memory') {
    throw new CommandError('A store in memory holds nothing: set store.url to one that stays.')
  }
  if (location.kind === 'file' && !existsSync(location.file)) {
    throw new CommandError(
      `There is no store ${location.file}: name it in store.url (options in code are not seen here), or start the server that makes it.`,
    )
  }
}
