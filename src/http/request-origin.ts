import type { Request } from 'express'

import { AmazonAuthError } from '../errors'
import { isUrl } from '../to-url'
import { toldAddress, type ToldAddress } from './told-address'

/** A host name, IPv4 or bracketed IPv6 address, with or without a port. */
const HOST = /^([A-Za-z0-9](?:[A-Za-z0-9._-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\])(?::(\d{1,5}))?$/
const DEFAULT_PORTS = { http: 80, https: 443 }

/**
 * Scheme, host and port as the browser shows them, e.g. `https://shop.example.com`. What proxies say counts only from
 * those that Express's `trust proxy` names.
 *
 * @throws {AmazonAuthError} `callback_invalid`: the Host header is no host.
 */
export function requestOrigin(req: Request): string {
  const origin = findRequestOrigin(req)
  if (origin === undefined) throw new AmazonAuthError('callback_invalid', { header: 'host' })
  return origin
}

/** The same; undefined: the Host header is no host. */
export function findRequestOrigin(req: Request): string | undefined {
  const told = toldAddress(req)
  const [, name, ownPort] = HOST.exec(told.host ?? req.headers.host ?? '') ?? []
  if (name === undefined) return undefined
  const scheme = schemeOf(req, told)
  const port = ownPort === undefined ? told.port : Number(ownPort)
  const isShown = port !== undefined && !isHidden(port, scheme, told)
  const origin = `${scheme}://${name.toLowerCase()}${isShown ? `:${port}` : ''}`
  // 1.2.3.4.5, xn-- and port 99999 look like hosts, and are none.
  return isUrl(origin) ? origin : undefined
}

/** Host name as the browser shows it, without a port; undefined: the Host header is no host. */
export function requestHostname(req: Request): string | undefined {
  return HOST.exec(toldAddress(req).host ?? req.headers.host ?? '')?.[1]?.toLowerCase()
}

/** `http` or `https`, as the browser shows it. */
export function requestScheme(req: Request): 'http' | 'https' {
  return schemeOf(req, toldAddress(req))
}

/** Hosts, as headers have them, that the client may have named where a proxy has put another into this request. */
export function clientHosts(req: Request): readonly string[] {
  const { host } = toldAddress(req)
  const origin = host === undefined ? undefined : findRequestOrigin(req)
  return host === undefined || origin === undefined ? [] : [host, new URL(origin).host]
}

/** Path and query of a request target, which may hold the whole address (RFC 9112, 3.2.2): the Host header names the host. */
export function originForm(target: string): string {
  const path = target.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '')
  return path.startsWith('/') ? path : `/${path}`
}

function schemeOf({ socket }: Request, told: ToldAddress): 'http' | 'https' {
  if (told.scheme !== undefined) return told.scheme
  const isEncrypted = 'encrypted' in socket && socket.encrypted === true
  return isEncrypted || told.port === 443 || told.host?.endsWith(':443') === true ? 'https' : 'http'
}

/**
 * Browsers show no default port. Where a proxy speaks, neither of the two is shown: one that takes https and goes on by http
 * often tells the port of the wrong side.
 */
function isHidden(port: number, scheme: 'http' | 'https', told: ToldAddress): boolean {
  const isTold = told.scheme !== undefined || told.host !== undefined || told.port !== undefined
  if (isTold && Object.values(DEFAULT_PORTS).includes(port)) return true
  return port === DEFAULT_PORTS[scheme]
}
