import type { Request, Response } from 'express'

import type { AuditEvent } from '../audit/audit-event'
import { MASKED, networkOf } from './limits/network-of'
import { addressesOf } from './trusted-peer'

const PLAIN_ID = /^[\w.-]{8,64}$/

/** What an event of the audit trail tells of the request that it comes from. */
export function requestTrace(
  req: Request,
  res: Response,
): Pick<AuditEvent, 'requestId' | 'network'> {
  // Whoever gives requests their ids also sends them back; a proxy in front sends them along.
  const requestId = res.getHeader('x-request-id') ?? req.headers['x-request-id']
  return {
    requestId: typeof requestId === 'string' && PLAIN_ID.test(requestId) ? requestId : undefined,
    network: networkOf(addressesOf(req).at(-1), MASKED),
  }
}
