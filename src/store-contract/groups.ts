import type { Group } from './group'
import { apps } from './groups/apps'
import { auditTrail } from './groups/audit-trail'
import { devices } from './groups/devices'
import { keptTokens, keptTokensOfMany } from './groups/kept-tokens'
import { relinking } from './groups/relinking'
import { sealingKeys } from './groups/sealing-keys'
import { servingNodes } from './groups/serving-nodes'
import { sessions } from './groups/sessions'
import { severalProcesses } from './groups/several-processes'
import { singleUse } from './groups/single-use'
import { stats } from './groups/stats'
import { userTraces } from './groups/user-traces'
import { users } from './groups/users'
import { webhooks } from './groups/webhooks'

/** All there is to try, the parts that must be there first. */
export const GROUPS: readonly Group[] = [
  apps,
  users,
  sessions,
  singleUse,
  sealingKeys,
  severalProcesses,
  keptTokens,
  keptTokensOfMany,
  devices,
  webhooks,
  auditTrail,
  stats,
  userTraces,
  relinking,
  servingNodes,
]
