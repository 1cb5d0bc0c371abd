import type { IncomingHttpHeaders } from 'node:http'

import type { Request } from 'express'

import { trustsPeer } from './trusted-peer'

/** What trusted proxies say of the address that the browser used; what is absent they have not said. */
export interface ToldAddress {
  readonly scheme?: 'http' | 'https' | undefined
  /** With or without a port; not checked. */
  readonly host?: string | undefined
  readonly port?: number | undefined
}

const NOTHING: ToldAddress = {}
const QUOTED = /"(?:[^"\\]|\\.)*"/g
/** One `name=value` of RFC 7239; values that must be quoted are taken without quotes, too. */
const FORWARDED_PAIR = /([\w!#$%&'*+.^`|~-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s",;]*))/g

/**
 * Reads `X-Forwarded-Proto`, `-Host` and `-Port`, `CloudFront-Forwarded-Proto`, or else `Forwarded`. Of several values the
 * first is that of the proxy nearest to the browser. `Forwarded` counts only where no proxy has written anything else:
 * one that does not know it passes on what the visitor wrote there.
 */
export function toldAddress(req: Request): ToldAddress {
  if (!trustsPeer(req)) return NOTHING
  const { headers } = req
  if (headers.forwarded !== undefined && !Object.keys(headers).some(isOlderHeader)) {
    return readForwarded(headers.forwarded)
  }
  return {
    // The load balancer behind CloudFront tells how CloudFront came, not how the browser did.
    scheme:
      schemeOf(first(headers, 'cloudfront-forwarded-proto')) ??
      schemeOf(first(headers, 'x-forwarded-proto')),
    host: first(headers, 'x-forwarded-host'),
    port: portOf(first(headers, 'x-forwarded-port')),
  }
}

/**
 * Paths that trusted proxies may have taken off the front of this request's: of several, the first alone, or all of them
 * one after the other.
 */
export function toldPrefixes(req: Request): readonly string[] {
  const all = trustsPeer(req) ? valuesOf(req.headers, 'x-forwarded-prefix') : []
  const joined = all.map((prefix) => prefix.replace(/\/+$/, '')).join('')
  return [joined, all[0]?.replace(/\/+$/, '') ?? ''].filter((prefix) => PREFIX.test(prefix))
}

/** Plain segments: no dot segment and no escape, which other programs may read in another way. */
const PREFIX = /^(?:\/[\w~-][\w.~-]*){1,16}$/

function isOlderHeader(name: string): boolean {
  return name.startsWith('x-forwarded-') || name === 'cloudfront-forwarded-proto'
}

function readForwarded(value: string): ToldAddress {
  // A quote that is never closed: what stands behind it is not what it seems.
  if (value.replace(QUOTED, '').includes('"')) return NOTHING
  const pairs = Array.from(value.matchAll(FORWARDED_PAIR), ([, name = '', quoted, plain = '']) => ({
    name: name.toLowerCase(),
    value: quoted?.replace(/\\(.)/g, '$1') ?? plain,
  }))
  const find = (wanted: string) => pairs.find(({ name }) => name === wanted)?.value
  return { scheme: schemeOf(find('proto')), host: nonEmpty(find('host')) }
}

function first(headers: IncomingHttpHeaders, name: string): string | undefined {
  return nonEmpty(valuesOf(headers, name)[0])
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value
}

function valuesOf(headers: IncomingHttpHeaders, name: string): readonly string[] {
  const value = headers[name]
  if (typeof value !== 'string') return []
  return value.split(',').map((part) => part.trim().replace(/^"(.*)"$/, '$1'))
}

/** Any other value counts as not sent. */
function schemeOf(value: string | undefined): ToldAddress['scheme'] {
  const scheme = value?.toLowerCase()
  return scheme === 'http' || scheme === 'https' ? scheme : undefined
}

function portOf(value = ''): number | undefined {
  const port = /^\d{1,5}$/.test(value) ? Number(value) : 0
  return port > 0 && port < 65_536 ? port : undefined
}
