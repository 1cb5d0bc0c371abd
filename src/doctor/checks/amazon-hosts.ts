import { isFailure, type Failure } from '../../amazon/outcome'
import { isLoopback } from '../../is-loopback'
import { failure, ok, warning, type Finding, type HostNetworkCheck, type Reachable } from '../check'
import { describeUnreached } from '../describe-unreached'
import type { Site } from '../site'

/**
 * Whether Amazon's hosts can be reached as logins reach them: one HEAD request to each. That of the consent page is left
 * alone where one app is asked about, since `consent_page` asks it.
 */
export const amazonHosts: HostNetworkCheck = {
  id: 'amazon_hosts',
  of: 'host-network',
  explains: ['amazon_timeout', 'amazon_unreachable', 'amazon_unavailable', 'amazon_malformed'],
  async look(around) {
    const { site, sole } = around
    const endpoints = sole === undefined ? site.allEndpoints() : [site.endpointsOf(sole.app)]
    const api = endpoints.flatMap(({ token, profile, tokenInfo }) => [
      token.origin,
      profile.origin,
      tokenInfo.origin,
    ])
    const pages = sole === undefined ? endpoints.map(({ authorize }) => authorize) : []
    const found = await Promise.all([
      ...[...new Set(api)].map((origin) => lookAtApi(origin, around)),
      ...[...new Set(pages)].map((page) => lookAtPage(page, around)),
    ])
    return found
  },
}

async function lookAtApi(host: string, { network, site }: Reachable): Promise<Finding> {
  const origin = site.originOf('amazon.api_url')
  const knock = await network.knock(`${host}/`)
  if (isFailure(knock)) {
    const way = site.proxy === undefined ? '' : ` through the proxy ${site.proxy}`
    const seen = `${host} cannot be reached${way}: ${describeUnreached(knock)}`
    return isOfProxy(knock, site)
      ? failure(seen, deadProxy(site), site.originOf('amazon.proxy'))
      : failure(seen, adviceOn(knock.reason, site), origin)
  }
  if (knock.status >= 500 || knock.status === 429) {
    return warning(`${host} answers ${knock.status}`, 'It most likely passes by itself.', origin)
  }
  return standIn(host, site.env, origin) ?? ok(`${host} answers`, origin)
}

/** This page guards itself against programs, so that any answer is one. */
async function lookAtPage(page: string, { network, site }: Reachable): Promise<Finding> {
  const origin = site.originOf('amazon.authorize_url')
  const knock = await network.knock(page)
  const { host } = new URL(page)
  if (!isFailure(knock)) return ok(`${host} answers (the consent page)`, origin)
  const way = site.proxy === undefined ? '' : ` through the proxy ${site.proxy}`
  return warning(
    `${host} (the consent page) is not reached from here${way}: ${describeUnreached(knock)}`,
    'Browsers have to reach it, this host does not. See whether it opens in a browser, and correct amazon.authorize_url where not.',
    origin,
  )
}

function standIn(host: string, env: string, origin: string | undefined): Finding | undefined {
  if (!isLoopback(new URL(host))) return undefined
  const seen = `${host} answers, on this machine: an emulator, where anyone signs in as anyone`
  return env === 'production'
    ? failure(seen, 'Leave amazon.api_url and amazon.authorize_url out in production.', origin)
    : ok(seen, origin)
}

/** What a proxy cannot reach is told by its status: where there is no connection, or none in time, it is the one to the proxy. */
function isOfProxy({ reason = '', failure: kind }: Failure, { proxy }: Site): boolean {
  return proxy !== undefined && kind === 'unconnected' && !reason.startsWith('PROXY_')
}

function deadProxy({ proxy }: Site): string {
  return `The proxy ${String(proxy)} itself cannot be reached: start it, or correct amazon.proxy (docs/network.md). Where Amazon can be reached without one, leave amazon.proxy out.`
}

function adviceOn(reason = '', { proxy, unusedProxy }: Site): string {
  if (reason.startsWith('PROXY_')) {
    return 'The proxy does not let it through: see amazon.proxy, and have it allow CONNECT to that host (docs/network.md).'
  }
  if (unusedProxy !== undefined) {
    return `${unusedProxy} is set and not used: where only a proxy leads out, set amazon.proxy to "environment" (docs/network.md).`
  }
  if (reason === 'ENOTFOUND' || reason === 'EAI_AGAIN') {
    return 'The name is not found: see to the DNS of this host, correct amazon.api_url, or set amazon.proxy where only a proxy leads out (docs/network.md).'
  }
  if (/CERT|TLS|SSL|SELF_SIGNED/.test(reason)) {
    return 'Its certificate does not hold: a proxy that opens TLS is in between (NODE_EXTRA_CA_CERTS), or the clock of this host is wrong.'
  }
  if (proxy !== undefined) {
    return `See whether the proxy ${proxy} answers, and have it allow CONNECT to that host (docs/network.md).`
  }
  return 'Let this host connect to it on port 443. Where only a proxy leads out, set amazon.proxy (docs/network.md).'
}
