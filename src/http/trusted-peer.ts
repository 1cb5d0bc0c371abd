import type { Request } from 'express'

/** How Express keeps its setting `trust proxy`. */
type TrustFunction = (address: string | undefined, hop: number) => boolean

const MAX_HOPS = 8
/** Some proxies add the port: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
const WITH_PORT = /^\[([^\]]+)\](?::\d+)?$|^([\d.]+):\d+$/

/** Whether the peer of this connection is a proxy that Express's `trust proxy` names. */
export function trustsPeer(req: Request): boolean {
  return trustOf(req)(peerOf(req), 0)
}

/**
 * Addresses on the way to the visitor, the peer's first: each but the last is a trusted proxy, which names the next one in
 * `X-Forwarded-For`. The peer's own is known, the others are what somebody claims.
 */
export function addressesOf(req: Request): readonly (string | undefined)[] {
  const trusts = trustOf(req)
  const way = [peerOf(req)]
  const claimed = String(req.headers['x-forwarded-for'] ?? '').split(',')
  while (way.length < MAX_HOPS && trusts(way.at(-1), way.length - 1)) {
    const next = claimed.pop()?.trim()
    if (next === undefined || next === '') break
    way.push(next.replace(WITH_PORT, '$1$2'))
  }
  return way
}

function trustOf(req: Request): TrustFunction {
  return (req.app.get('trust proxy fn') as TrustFunction | undefined) ?? (() => false)
}

/** Node.js knows no address of a peer on a Unix socket; it is on this machine. */
function peerOf({ socket }: Request): string | undefined {
  if (socket.remoteAddress !== undefined) return socket.remoteAddress
  const { server } = socket as { readonly server?: { address(): unknown } }
  return typeof server?.address() === 'string' ? '127.0.0.1' : undefined
}
