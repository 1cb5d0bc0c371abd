import { howGivenUp, relinkedIdentifier } from '../../users/identity-provider'
import type { RelinkOutcome, RelinkPair } from '../../users/relink'
import type { UserRow } from './user-row'

type Found = Pick<UserRow, 'identifier' | 'active'> | undefined

/** Why nothing was done about a pair, by what its two users are now. */
export type ExplainPair = (pair: RelinkPair, old: Found, fresh: Found) => RelinkOutcome

export const explainRelink: ExplainPair = (pair, old, fresh) => {
  // Whatever has become of the new one's record since.
  if (old?.identifier === pair.newIdentifier) return 'already'
  if (old === undefined || fresh === undefined) return whoIsGone(old, fresh)
  if (old.identifier !== pair.oldIdentifier) return 'old_changed'
  if (howGivenUp(fresh.identifier) === 'relinked') return 'new_relinked'
  if (fresh.identifier !== pair.newIdentifier) return 'new_changed'
  return fresh.active === 1 ? 'changed' : 'new_locked'
}

export const explainUndo: ExplainPair = (pair, old, fresh) => {
  if (old === undefined || fresh === undefined) return whoIsGone(old, fresh)
  const isOldBack = old.identifier === pair.oldIdentifier
  if (isOldBack && fresh.identifier === pair.newIdentifier) return 'already'
  if (old.identifier !== pair.newIdentifier) return 'old_changed'
  if (fresh.identifier !== relinkedIdentifier(pair.oldId, pair.newId)) return 'new_changed'
  return fresh.active === 1 ? 'new_unlocked' : 'changed'
}

function whoIsGone(old: Found, fresh: Found): RelinkOutcome {
  if (old === undefined) return fresh === undefined ? 'both_gone' : 'old_gone'
  return 'new_gone'
}
