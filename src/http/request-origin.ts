import type { Request } from 'express'

import { AmazonAuthError } from '../errors'

/** A host name, IPv4 or bracketed IPv6 address, with or without a port. */
const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/

/**
 * Scheme, host and port the browser used, e.g. `https://shop.example.com`. Forwarded headers count only from proxies
 * that Express's `trust proxy` names.
 *
 * @throws {AmazonAuthError} `callback_invalid`: the Host header is no host.
 */
export function requestOrigin(req: Request): string {
  const host = forwarded(req, 'x-forwarded-host') ?? req.headers.host ?? ''
  if (!HOST.test(host)) throw new AmazonAuthError('callback_invalid', { header: 'host' })
  return `${requestScheme(req)}://${host.toLowerCase()}`
}

/** `http` or `https`; any other forwarded value counts as not sent. */
export function requestScheme(req: Request): 'http' | 'https' {
  const proto = forwarded(req, 'x-forwarded-proto') ?? forwarded(req, 'cloudfront-forwarded-proto')
  if (proto === 'http' || proto === 'https') return proto
  return 'encrypted' in req.socket && req.socket.encrypted === true ? 'https' : 'http'
}

/** First value of a header that a trusted proxy has set. */
function forwarded(req: Request, header: string): string | undefined {
  const value = req.headers[header]
  if (typeof value !== 'string' || !trustsPeer(req)) return undefined
  return value.split(',', 1)[0]?.trim()
}

/** How Express keeps its setting `trust proxy`. */
type TrustFunction = (address: string | undefined, hop: number) => boolean

function trustsPeer(req: Request): boolean {
  const trusts = req.app.get('trust proxy fn') as TrustFunction | undefined
  return trusts?.(req.socket.remoteAddress, 0) === true
}
