import type { OptionalPart, OptionalParts, RequiredParts } from '../store'

/** Names of the methods of each part. */
type MethodsOf<Parts> = {
  readonly [P in keyof Parts]: readonly {
    [M in keyof Parts[P]]: Parts[P][M] extends (...args: never[]) => unknown ? M : never
  }[keyof Parts[P]][]
}

/** Every method that a part has to have. */
export const REQUIRED_PARTS: MethodsOf<RequiredParts> = {
  apps: [
    'find',
    'findWhole',
    'insert',
    'list',
    'count',
    'patch',
    'replaceSecret',
    'putSetting',
    'changeSettings',
    'deleteSetting',
    'replaceSettings',
    'delete',
    'removeDeleted',
    'listSealed',
    'reseal',
  ],
  users: [
    'findById',
    'findByIdentifier',
    'findByEmail',
    'upsert',
    'update',
    'renewTokenSecret',
    'delete',
    'list',
  ],
  sessions: ['find', 'put', 'replace', 'delete', 'deleteExpired'],
  singleUse: ['take', 'wasTaken', 'deleteExpired'],
  sealingKeys: ['list', 'add', 'keepOnly'],
}

/** The same of those that may be absent. */
export const OPTIONAL_PARTS: MethodsOf<OptionalParts> = {
  keptTokens: [
    'find',
    'put',
    'claim',
    'release',
    'replace',
    'end',
    'delete',
    'remove',
    'listDue',
    'count',
    'findApp',
    'deleteSome',
    'listSealed',
    'reseal',
  ],
  devices: ['insert', 'find', 'claim', 'settle', 'deleteExpired'],
  webhooks: [
    'list',
    'find',
    'insert',
    'update',
    'replaceSecrets',
    'switchOff',
    'noteFailing',
    'delete',
    'removeDeleted',
    'listSealed',
    'reseal',
  ],
  deliveries: [
    'append',
    'tell',
    'isInUse',
    'findWaiting',
    'findWaitingOf',
    'listDue',
    'findDueAt',
    'claim',
    'findHead',
    'settle',
    'release',
    'end',
    'giveUp',
    'list',
    'find',
    'resend',
    'deleteDoneBefore',
  ],
  audit: ['append', 'deleteBefore'],
  auditHistory: ['page', 'findLastSignIns'],
  stats: ['read', 'readFailures', 'listBusiest', 'deleteBefore'],
  userTraces: ['eraseDeleted'],
  bulk: [
    'insert',
    'find',
    'list',
    'countOpen',
    'listRunning',
    'add',
    'addPage',
    'step',
    'sample',
    'next',
    'apply',
    'finish',
    'removeOld',
  ],
  relinking: ['pageByEmail', 'findLastSignIn', 'relink', 'undo'],
  servingNodes: ['note', 'forget', 'listSeenSince', 'deleteSeenBefore'],
}

/** A part, and what it is worth nothing without. */
export const NEEDED_BY: Readonly<Partial<Record<OptionalPart, OptionalPart>>> = {
  webhooks: 'deliveries',
  deliveries: 'webhooks',
  auditHistory: 'audit',
  stats: 'audit',
}
