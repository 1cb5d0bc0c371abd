import type { Store } from '../store'
import { NEEDED_BY, OPTIONAL_PARTS, REQUIRED_PARTS } from './part-methods'

/** What keeps an object from being a store: a place in it, and a few words. */
export interface Flaw {
  readonly place: string
  readonly problem: string
}

type Held = Readonly<Record<string, unknown>>

/** Whether somebody means a store of their own, rather than keys of the configuration. */
export function isStore(value: unknown): value is Store {
  return isObject(value) && [value.apps, value.users, value.sessions].some(isObject)
}

/** Undefined: nothing is wrong with it. */
export function findFlaw(store: Store): Flaw | undefined {
  const held = store as unknown as Held
  for (const [part, methods] of Object.entries(REQUIRED_PARTS)) {
    const flaw = flawOfPart(part, held[part], methods)
    if (flaw !== undefined) return flaw
  }
  for (const [part, methods] of Object.entries(OPTIONAL_PARTS)) {
    if (isAbsent(held[part])) continue
    const needed = NEEDED_BY[part as keyof typeof OPTIONAL_PARTS]
    if (needed !== undefined && isAbsent(held[needed])) {
      return { place: part, problem: `needs the part ${needed} beside it` }
    }
    const flaw = flawOfPart(part, held[part], methods)
    if (flaw !== undefined) return flaw
  }
  const odd = ['ready', 'isHealthy', 'close'].find(
    (name) => !isAbsent(held[name]) && typeof held[name] !== 'function',
  )
  if (odd !== undefined) return { place: odd, problem: 'must be a function' }
  const known = [...Object.keys(REQUIRED_PARTS), ...Object.keys(OPTIONAL_PARTS), ...AROUND]
  const unknown = Object.keys(held).find((name) => !known.includes(name) && isKey(name))
  return unknown === undefined ? undefined : { place: unknown, problem: BOTH }
}

const AROUND = ['changes', 'ready', 'isHealthy', 'close']
/** Keys of the configuration, which name a database of ours. A store may have members of its own beside its parts. */
const isKey = (name: string): boolean =>
  ['url', 'host', 'port', 'user', 'password', 'database', 'ssl', 'sslCa'].includes(name)
const BOTH = 'names a database, beside the parts of a store of your own: one of the two'

function flawOfPart(part: string, held: unknown, methods: readonly string[]): Flaw | undefined {
  if (!isObject(held)) {
    return { place: part, problem: 'must be an object: the store cannot do without this part' }
  }
  const missing = methods.find((method) => typeof held[method] !== 'function')
  return missing === undefined
    ? undefined
    : { place: `${part}.${missing}`, problem: 'must be a function' }
}

function isObject(value: unknown): value is Held {
  return typeof value === 'object' && value !== null
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null
}
