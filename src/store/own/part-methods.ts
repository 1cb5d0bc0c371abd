import type { OptionalPart, RequiredParts } from '../store'
import { ABSENT_PARTS } from './absent-parts'

/** Every method that a part has to have. */
export const REQUIRED_PARTS: {
  readonly [Part in keyof RequiredParts]: readonly (keyof RequiredParts[Part])[]
} = {
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

/** The same of those that may be absent: what stands in their place has them all. */
export const OPTIONAL_PARTS = Object.fromEntries(
  Object.entries<object>({ ...ABSENT_PARTS }).map(([part, methods]) => [part, methodsOf(methods)]),
) as Readonly<Record<OptionalPart, readonly string[]>>

function methodsOf(part: object): readonly string[] {
  return Object.entries(part).flatMap(([name, held]) => (typeof held === 'function' ? [name] : []))
}

/** A part, and what it is worth nothing without. */
export const NEEDED_BY: Readonly<Partial<Record<OptionalPart, OptionalPart>>> = {
  webhooks: 'deliveries',
  deliveries: 'webhooks',
  auditHistory: 'audit',
  stats: 'audit',
}
