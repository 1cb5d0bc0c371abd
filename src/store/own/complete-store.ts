import { NO_NEWS } from '../../apps/app-changes'
import type { StoreFacts } from '../../doctor/site'
import { toAmazonAuthError } from '../../errors'
import { textForLog } from '../../text-for-log'
import type { OptionalPart, OptionalParts, RequiredParts, Store, WholeStore } from '../store'
import { ABSENT_PARTS } from './absent-parts'
import { guard, guardPart } from './guard-part'
import { guardUsers } from './guard-users'
import { OPTIONAL_PARTS, REQUIRED_PARTS } from './part-methods'

/**
 * A store of the host's own as the rest of the package works with it: what it lacks is said where somebody asks for it, and
 * whatever it throws is `store_unavailable`.
 *
 * @param limits.timeoutMs How long one call may take, in milliseconds.
 * @param limits.openMs How long it may take to open it.
 */
export function completeStore(
  store: Store,
  limits: { readonly timeoutMs: number; readonly openMs: number },
): WholeStore {
  const { timeoutMs } = limits
  const names = Object.keys(OPTIONAL_PARTS) as OptionalPart[]
  const isAbsent = (name: OptionalPart): boolean => store[name] == null
  const required = guardAll(store, REQUIRED_PARTS, timeoutMs) as RequiredParts
  const own = names.filter((name) => !isAbsent(name))
  const ownMethods = Object.fromEntries(own.map((name) => [name, OPTIONAL_PARTS[name]]))
  const optional = guardAll(store, ownMethods, timeoutMs) as Partial<OptionalParts>
  const { bulk, userTraces } = store
  const isHealthy = () => store.isHealthy?.() ?? store.sealingKeys.list().then(() => true)
  const answers = () => guard('isHealthy', isHealthy, timeoutMs)
  return {
    ...ABSENT_PARTS,
    ...required,
    users: guardUsers(required.users),
    ...optional,
    // What is no method of theirs.
    ...(bulk && optional.bulk && { bulk: { ...optional.bulk, longBiteMs: bulk.longBiteMs } }),
    ...(userTraces &&
      optional.userTraces && { userTraces: { ...optional.userTraces, kinds: userTraces.kinds } }),
    lacks: new Set(names.filter(isAbsent)),
    changes: store.changes ?? NO_NEWS,
    ready: () => guard('ready', async () => store.ready?.(), limits.openMs),
    isHealthy: () => answers().catch(() => false),
    inspect: () => inspect(answers),
    async close() {
      await store.close?.()
    },
  }
}

function guardAll(
  store: Store,
  methods: Readonly<Record<string, readonly string[] | undefined>>,
  timeoutMs: number,
): unknown {
  const held = store as unknown as Readonly<Record<string, Record<string, unknown>>>
  const parts = Object.entries(methods).map(([name, own = []]) => [
    name,
    guardPart(name, held[name] ?? {}, own, timeoutMs),
  ])
  return Object.fromEntries(parts)
}

async function inspect(answers: () => Promise<boolean>): Promise<StoreFacts> {
  const facts = { place: 'the store of this host', knownVersion: undefined }
  try {
    return { ...facts, state: (await answers()) ? 'open' : 'broken' }
  } catch (thrown) {
    return { ...facts, state: 'broken', problem: describe(thrown) }
  }
}

function describe(thrown: unknown): string {
  const { cause } = toAmazonAuthError(thrown)
  return cause instanceof Error ? textForLog(cause.message) : 'it does not answer'
}
