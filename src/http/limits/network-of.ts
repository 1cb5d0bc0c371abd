import { isIPv4, isIPv6 } from 'node:net'

import type { Request } from 'express'

import { addressesOf } from '../trusted-peer'

/** Bits of an address that are kept. */
export interface Prefix {
  /** A multiple of 8. */
  readonly v4: number
  /** A multiple of 16. */
  readonly v6: number
}

/** One visitor: providers give each at least a /64, out of which he may pick any address. */
export const VISITOR: Prefix = { v4: 32, v6: 64 }
/** Enough to tell where trouble comes from, not from whom. */
export const MASKED: Prefix = { v4: 24, v6: 48 }

/** The network that an address lies in, e.g. `192.0.2.0/24`; `unknown` for what is no address. */
export function networkOf(address: string | undefined, { v4, v6 }: Prefix): string {
  const plain = (address ?? '').replace(/^::ffff:(?=[\d.]+$)/i, '')
  if (isIPv4(plain)) return `${keep(plain.split('.'), v4 / 8).join('.')}/${v4}`
  if (isIPv6(plain))
    return `${groupsOf(plain)
      .slice(0, v6 / 16)
      .join(':')}::/${v6}`
  return 'unknown'
}

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

function keep(octets: readonly string[], count: number): readonly string[] {
  return octets.map((octet, index) => (index < count ? octet : '0'))
}

/** The groups of an IPv6 address, with those that `::` stands for. */
function groupsOf(address: string): readonly string[] {
  const [left = [], right = []] = address
    .split('::')
    .map((part) => part.split(':').filter((group) => group !== ''))
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0')
  return [...left, ...zeros, ...right].map((group) => parseInt(group, 16).toString(16))
}
