import type { Request } from 'express'

import type { SignedRequest } from '../../request-auth/signed-request'
import { clientHosts, originForm } from '../request-origin'
import { toldPrefixes } from '../told-address'

/** A signed request, as it came: once for each form its body may have had on the wire. */
export function signedForms(req: Request, bodies: readonly Buffer[]): readonly SignedRequest[] {
  const headers = Array.from({ length: req.rawHeaders.length / 2 }, (_none, n) => {
    const [name = '', value = ''] = req.rawHeaders.slice(2 * n, 2 * n + 2)
    return [name, value] as const
  })
  const { method } = req
  return bodies.map((body) => ({ method, target: originForm(req.originalUrl), headers, body }))
}

/**
 * The same as its client may have signed it before a proxy put another host into it, or took a prefix off its path: with
 * what trusted proxies tell of both, and what `public_url` says of them.
 */
export function clientForms(
  req: Request,
  forms: readonly SignedRequest[],
  publicUrl: string | undefined,
): readonly SignedRequest[] {
  const known = publicUrl === undefined ? undefined : new URL(publicUrl)
  const here = req.headers.host ?? ''
  const hosts = new Set([here, ...clientHosts(req), known?.host ?? here])
  const prefixes = new Set(['', ...toldPrefixes(req), known?.pathname.replace(/\/+$/, '') ?? ''])
  return Array.from(hosts, (host) =>
    Array.from(prefixes, (prefix) =>
      host === here && prefix === '' ? [] : forms.map((form) => moved(form, host, prefix)),
    ),
  ).flat(2)
}

function moved(form: SignedRequest, host: string, prefix: string): SignedRequest {
  return {
    ...form,
    target: prefix + form.target,
    headers: form.headers.map(([name, value]) => [
      name,
      name.toLowerCase() === 'host' ? host : value,
    ]),
  }
}
