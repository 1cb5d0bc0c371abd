import { AsyncLocalStorage } from 'node:async_hooks'

import type { AuditEvent } from '../../audit/audit-event'
import type { Logger } from '../../logger'

/** A request under way, of which the log gets one line when it is over. */
export interface RequestLine {
  readonly requestId: string
  /** The attempt to sign in that it was: the line then tells of both. */
  login?: AuditEvent
  isWritten: boolean
}

/** The request that is being answered: so that every line about it names it. */
export const currentRequest = new AsyncLocalStorage<RequestLine>()

/** Leaves attempts to sign in to the line of their request; one whose request is over gets a line of its own. */
export function logLogins(logger: Logger): (event: AuditEvent) => void {
  return (event) => {
    const line = currentRequest.getStore()
    const isFree = line?.isWritten === false && line.login === undefined
    if (isFree && line.requestId === event.requestId) line.login = event
    else logger.info(event, 'audit')
  }
}
