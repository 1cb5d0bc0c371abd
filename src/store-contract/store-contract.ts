import { OPTIONAL_PARTS } from '../store/own/part-methods'
import { findFlaw } from '../store/own/is-store'
import type { OptionalPart, Store } from '../store/store'
import { ensure } from './expect'
import type { Group, Scene } from './group'
import { GROUPS } from './groups'
import { buildApp } from './samples'

export interface StoreContractOptions {
  /** Opens an empty store, anew for each case, which closes it (`store.close()`) at its end. */
  readonly open: () => Store | Promise<Store>
  /**
   * Opens the data of a store once more, as another process would: for what must hold among several. Default: what needs
   * it is left out.
   */
  readonly reopen?: (store: Store) => Store | Promise<Store>
  /** Parts that the store has, of those that may be absent. Default: none. */
  readonly parts?: readonly OptionalPart[]
}

/** One thing that a store has to do. */
export interface ContractCase {
  /** A fact, e.g. `users: 50 first logins of one person at once make one user`. */
  readonly name: string
  /** @throws {AssertionError} It is not so; the message says what is wrong, most likely. */
  readonly run: () => Promise<void>
}

/**
 * What every store has to do, as cases for any test runner: each opens a store of its own.
 *
 * @throws {TypeError} `parts` names something that is no part.
 * @example
 * for (const { name, run } of storeContract({ open: () => createStore() })) test(name, run)
 */
export function storeContract(options: StoreContractOptions): readonly ContractCase[] {
  const { parts = [], reopen } = options
  const odd = parts.find((part) => !Object.hasOwn(OPTIONAL_PARTS, part))
  if (odd !== undefined) throw new TypeError(`storeContract: there is no part "${odd}"`)
  const groups = GROUPS.filter(
    ({ needs, reopens }) =>
      needs.every((part) => parts.includes(part)) && (reopen !== undefined || reopens !== true),
  )
  return [
    { name: WHOLE, run: () => checkParts(options, parts) },
    ...groups.flatMap((group) => casesOf(group, options)),
  ]
}

const WHOLE = 'store: has every method of its parts, and no part that was not named'

async function checkParts(
  { open }: StoreContractOptions,
  parts: readonly OptionalPart[],
): Promise<void> {
  const store = await open()
  try {
    const flaw = findFlaw(store)
    ensure(flaw === undefined, `store.${flaw?.place ?? ''} ${flaw?.problem ?? ''}`)
    for (const part of Object.keys(OPTIONAL_PARTS) as OptionalPart[]) {
      const isThere = store[part] != null
      ensure(isThere || !parts.includes(part), `the store has no ${part}: take it out of "parts"`)
      ensure(!isThere || parts.includes(part), `the store has ${part}: add it to "parts"`)
    }
  } finally {
    await store.close?.()
  }
}

function casesOf(group: Group, options: StoreContractOptions): readonly ContractCase[] {
  // The names alone; no case runs here.
  return Object.keys(group.cases({} as Scene)).map((title) => ({
    name: `${group.part}: ${title}`,
    run: () => runCase(group, title, options),
  }))
}

async function runCase(
  group: Group,
  title: string,
  { open, reopen }: StoreContractOptions,
): Promise<void> {
  const opened: Store[] = []
  async function add(opening: Store | Promise<Store>): Promise<Store> {
    const store = await opening
    opened.push(store)
    await store.ready?.()
    return store
  }
  try {
    const store = await add(open())
    const scene = {
      store: store as Scene['store'],
      reopen: () => add(reopen?.(store) ?? store),
    }
    await store.apps.insert(buildApp(), new Map())
    await group.arrange?.(scene)
    await group.cases(scene)[title]?.()
  } finally {
    for (const store of opened.reverse()) await store.close?.()
  }
}
