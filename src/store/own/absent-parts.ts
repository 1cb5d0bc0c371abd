import { AmazonAuthError } from '../../errors'
import type { OptionalPart, OptionalParts } from '../store'

const nothing = () => Promise.resolve(undefined)
const done = () => Promise.resolve()
const none = () => Promise.resolve(0)
const empty = () => Promise.resolve([])
const no = () => Promise.resolve(false)

/** What takes the place of parts that a store lacks: nothing is there, and whoever wants something kept is told why not. */
export const ABSENT_PARTS: OptionalParts = {
  keptTokens: {
    find: nothing,
    put: done,
    claim: nothing,
    release: done,
    replace: no,
    end: no,
    delete: done,
    remove: done,
    listDue: empty,
    count: refuse('keptTokens', "no tokens of Amazon's"),
    findApp: nothing,
    deleteSome: none,
    listSealed: empty,
    reseal: none,
  },
  devices: {
    insert: refuse('devices', 'no logins of devices'),
    find: nothing,
    claim: nothing,
    settle: no,
    deleteExpired: none,
  },
  webhooks: {
    list: refuse('webhooks', 'no webhooks'),
    find: refuse('webhooks', 'no webhooks'),
    insert: refuse('webhooks', 'no webhooks'),
    update: refuse('webhooks', 'no webhooks'),
    replaceSecrets: no,
    switchOff: no,
    noteFailing: done,
    delete: refuse('webhooks', 'no webhooks'),
    removeDeleted: none,
    listSealed: empty,
    reseal: none,
  },
  deliveries: {
    append: done,
    tell: done,
    isInUse: no,
    findWaiting: nothing,
    findWaitingOf: nothing,
    listDue: empty,
    findDueAt: nothing,
    claim: nothing,
    findHead: nothing,
    settle: done,
    release: done,
    end: done,
    giveUp: none,
    countWaiting: () => Promise.resolve({ count: 0, edge: undefined }),
    giveUpBefore: none,
    list: refuse('webhooks', 'no webhooks'),
    find: refuse('webhooks', 'no webhooks'),
    resend: refuse('webhooks', 'no webhooks'),
    deleteDoneBefore: none,
  },
  audit: { append: done, deleteBefore: none },
  auditHistory: {
    page: () => Promise.resolve({ events: [], next: undefined, isCutOff: false }),
    findLastSignIns: () => Promise.resolve(new Map()),
  },
  stats: {
    read: refuse('stats', 'no sums of sign-ins'),
    readFailures: refuse('stats', 'no sums of sign-ins'),
    listBusiest: refuse('stats', 'no sums of sign-ins'),
    deleteBefore: none,
  },
  userTraces: { kinds: [], eraseDeleted: none },
  bulk: {
    longBiteMs: 0,
    insert: refuse('bulk', 'no changes of many users'),
    find: nothing,
    list: empty,
    countOpen: none,
    listRunning: empty,
    add: refuse('bulk', 'no changes of many users'),
    addPage: refuse('bulk', 'no changes of many users'),
    step: nothing,
    sample: empty,
    next: empty,
    apply: nothing,
    finish: no,
    removeOld: none,
  },
  relinking: {
    pageByEmail: refuse('relinking', 'nothing to relink users by'),
    findLastSignIn: nothing,
    relink: refuse('relinking', 'nothing to relink users by'),
    undo: refuse('relinking', 'nothing to relink users by'),
  },
  servingNodes: { note: done, forget: done, listSeenSince: empty, deleteSeenBefore: none },
}

/** Says to whoever wants something kept that the store keeps none of it. */
export function refuse(part: OptionalPart, what: string): () => Promise<never> {
  const problem = `The store of this host keeps ${what}: it lacks the part "${part}".`
  return () => Promise.reject(new AmazonAuthError('store_part_missing', { part, problem }))
}
