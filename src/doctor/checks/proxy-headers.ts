import { isLoopback } from '../../is-loopback'
import { failure, ok, warning, type Finding, type HostCheck, type Surroundings } from '../check'
import { publicUrlOf } from '../checked-app'
import type { SeenRequest } from '../seen'

const TRUST =
  "Name the proxy: app.set('trust proxy', 1) for one before an Express host, trust_proxy for the stand-alone server (docs/proxies.md)."

/** What proxies have made of the request that asks: sent to the public address, it has come as logins do. */
export const proxyHeaders: HostCheck = {
  id: 'proxy_headers',
  of: 'host',
  isForApps: true,
  explains: ['signature_invalid', 'state_missing', 'state_mismatch', 'too_many_requests'],
  look(around) {
    const { request, site, sole } = around
    if (request === undefined) return undefined
    const configured = sole === undefined ? site.publicUrl : publicUrlOf(sole, site)?.url
    const found = [
      noHost(request),
      untrusted(request, configured),
      differs(request, configured, around),
    ].filter((finding) => finding !== undefined)
    return found.length > 0 ? found : ok(describe(request))
  },
}

function noHost({ origin }: SeenRequest): Finding | undefined {
  if (origin !== undefined) return undefined
  return failure(
    'the Host header of this request is no host name',
    'Let the proxy pass the Host header on as the browser sent it (nginx: proxy_set_header Host $host).',
  )
}

/** Without `public_url` the address that Amazon is told comes out wrong; with it, limits by address and `req.secure` do. */
function untrusted(request: SeenRequest, configured: string | undefined): Finding | undefined {
  const names = Object.keys(request.forwarded)
  if (names.length === 0 || request.isTrusted) return undefined
  const seen = `${names.join(', ')} came, from a proxy that is not trusted: ignored`
  return configured === undefined
    ? failure(`${seen}, so this host takes itself for ${String(request.origin)}`, TRUST)
    : warning(`${seen}, so all visitors behind it count as one`, TRUST)
}

function differs(
  request: SeenRequest,
  configured: string | undefined,
  { site }: Surroundings,
): Finding | undefined {
  if (configured === undefined || request.origin === undefined) return undefined
  const [told, wanted] = [new URL(request.origin), new URL(configured)]
  // Called on this machine itself, past every proxy.
  const isLocal = isLoopback(told) && Object.keys(request.forwarded).length === 0
  if (told.origin === wanted.origin || isLocal) return undefined
  const origin = site.originOf('public_url')
  if (told.hostname !== wanted.hostname) {
    return warning(
      `this request came under ${told.host}, and public_url is ${wanted.host}`,
      'Where you have called the public address, a proxy rewrites the Host header: let it pass that on, or send X-Forwarded-Host from a proxy that is trusted. Else call that address.',
      origin,
    )
  }
  if (told.port !== wanted.port) {
    return warning(
      `this request came under port ${told.port || 'of the scheme'}, and public_url has ${wanted.port || 'none'}`,
      'Let the proxy send the port that browsers use (X-Forwarded-Port, or in X-Forwarded-Host), or correct public_url.',
      origin,
    )
  }
  return warning(
    `this request came by ${told.protocol.slice(0, -1)} as far as is told, and public_url is ${wanted.protocol.slice(0, -1)}`,
    'Let the proxy that speaks https send X-Forwarded-Proto, and trust it: hosts that look at req.secure go wrong otherwise.',
    origin,
  )
}

function describe({ origin, forwarded }: SeenRequest): string {
  const names = Object.keys(forwarded)
  return `this request came under ${String(origin)}${names.length === 0 ? '' : ` (by ${names.join(', ')})`}`
}
