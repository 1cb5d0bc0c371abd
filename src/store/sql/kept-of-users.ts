import type { KeptOfUser } from '../../users/kept-of-user'
import { deliveriesOfUser } from './deliveries-of-user'
import { operatorChanges } from './operator-changes'
import { relinkedRecords } from './relinked-records'
import type { SqlExecutor } from './sql-executor'
import { keptTokensOfUser } from './sql-token-store'
import { userSignIns } from './user-sign-ins'

/**
 * All that is kept of users beside their rows. A table that names a user joins here: its rows are then in what a person
 * exports, and go when the user is deleted.
 */
export function keptOfUsers(executor: SqlExecutor): readonly KeptOfUser[] {
  return [
    userSignIns(executor),
    relinkedRecords(executor),
    keptTokensOfUser(executor),
    operatorChanges(executor),
    deliveriesOfUser(executor),
  ]
}
