import type { Request } from 'express'

import { addressesOf } from '../trusted-peer'
import { networkOf, VISITOR } from './network-of'

/**
 * Names a visitor for limits: by the address of the peer and, where that is a trusted proxy, the whole way it tells. What
 * somebody claims over one way so counts against nobody who comes by another: no limit locks out an address that a
 * stranger, from a network that is trusted as a whole, has only put into a header.
 */
export function visitorOf(req: Request): string {
  return addressesOf(req)
    .map((address) => networkOf(address, VISITOR))
    .join(' for ')
}
