import { byWireName } from '../wire-names'
import { KEYS, type Key } from './keys'

/** A key, and where it lies in code: `security.linkByEmail`, the name of its option. */
export interface PlacedKey extends Key<unknown> {
  readonly path: string
}

/** Every key by its name in a file, without the prefix `para.`: `security.link_by_email`. */
export const PLACED_KEYS: ReadonlyMap<string, PlacedKey> = byWireName<Key<unknown>>(KEYS)

/** What Para calls some of them. Both names count; in one layer Para's wins. */
export const PARA_NAMES: ReadonlyMap<string, string> = new Map([
  ['security.one_session_per_user', 'one_session_per_user'],
  // Para reads settings of the root app in the file, too.
  ['signin_success', 'security.signin_success'],
  ['signin_failure', 'security.signin_failure'],
  // How long a browser stays signed in; tokens have jwt_expires_after.
  ['session_timeout', 'session.absolute_timeout'],
])

/** Every name that a key may be written by. */
export const WRITTEN_NAMES: readonly string[] = [...PLACED_KEYS.keys(), ...PARA_NAMES.keys()]

/** The key that is written by this name, which may be Para's. */
export function findKey(name: string): PlacedKey | undefined {
  return PLACED_KEYS.get(PARA_NAMES.get(name) ?? name)
}

/** The names of a key, the one that counts first. */
export function namesOfKey(name: string): readonly string[] {
  const ofPara = Array.from(PARA_NAMES).filter(([, meant]) => meant === name)
  return [...ofPara.map(([written]) => written), name]
}

/** `para_amazon_api_url` for `amazon.api_url`. */
export function environmentVariable(name: string): string {
  return `para_${name.replace(/[.-]/g, '_')}`
}
