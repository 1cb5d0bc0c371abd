import { basename } from 'node:path'

import { losesCharacters, MAX_APP_ID_CHARACTERS, normalizeAppId } from '../../apps/app-id'
import { CommandError } from '../command-error'

const MAX_CHARACTERS = 100
/** Names of packages that the project itself needs, one that npm keeps to itself, and the root app's. */
const TAKEN = ['express', 'express-amazon-auth', 'typescript', 'tsx', 'node_modules', 'para']
/** What no file of Windows is called, nor contains, nor ends in: a folder like that cannot be checked out there. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const FORBIDDEN = /[<>:"|?*\\\u0000-\u001f]|[. ]$/

/**
 * The name of a project in a folder: a name of a package as npm takes it, and an app id too.
 *
 * @param folder Absolute path.
 * @throws {CommandError} No folder can be called so on Windows.
 */
export function projectNameOf(folder: string): string {
  const name = basename(folder)
  if (RESERVED.test(name) || FORBIDDEN.test(name)) {
    throw new CommandError(
      `${JSON.stringify(name)} cannot be the name of a folder on Windows. Name another one.`,
    )
  }
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_CHARACTERS)
    .replace(/^-+|-+$/g, '')
  if (plain === '') return 'my-amazon-app'
  return TAKEN.includes(plain) ? `${plain}-app` : plain
}

/**
 * Reads an app id that somebody typed.
 *
 * @throws {CommandError} It would be another one in the store, is too long, or is the root app's.
 */
export function readAppId(typed: string): string {
  const id = normalizeAppId(typed)
  if (id === '' || losesCharacters(typed)) {
    throw new CommandError(
      `${JSON.stringify(typed)} is no name of an app: letters, digits, dash, underscore and dot.`,
    )
  }
  if (id.length > MAX_APP_ID_CHARACTERS) {
    throw new CommandError(`A name of an app has at most ${MAX_APP_ID_CHARACTERS} characters.`)
  }
  if (id === 'para') throw new CommandError('para is the name of the root app. Choose another one.')
  return id
}
