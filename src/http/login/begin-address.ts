import type { App } from '../../apps/app'
import { textSetting } from '../../apps/typed-setting'
import { queryEntries } from '../read-parameters'
import { findRequestOrigin, requestHostname } from '../request-origin'
import type { LoginVisit } from '../installation'
import { isLocalPath } from '../local-path'
import { publicAddress, publicUrl, redirectUri } from '../public-address'
import { withQuery } from '../sign-in-address'
import { findOriginOn } from '../sign-in/choose-target'
import type { LoginRequest } from './parse-login-request'
import { takeReturnTo } from './return-to-cookie'

/** A header of the answer has to hold it. What makes an address longer is too long to be kept for a login, too. */
const MAX_ADDRESS_CHARACTERS = 2_048

const HOST_REWRITTEN =
  'A sign-in was begun under another host than public_url, and again after the browser was sent there: a proxy in front rewrites ' +
  'the Host header. Let it pass the header on (nginx: proxy_set_header Host $host) or set X-Forwarded-Host and `trust proxy`; or ' +
  'correct public_url. Said once per app.'

/**
 * Where a login is to begin, when the browser has come to another host than the one that Amazon sends it back to: the
 * cookie of the login would lie where it is not found. Hosts are compared, not schemes or ports: cookies know no ports, and
 * a proxy may not tell that the browser speaks https.
 *
 * @returns Undefined: here. So it is the second time, too, since then a proxy rewrites the host.
 */
export function findPublicBegin(
  request: LoginRequest,
  app: App,
  visit: LoginVisit,
): string | undefined {
  const configured = publicAddress(app, visit.services)
  if (configured === undefined || requestHostname(visit.req) === configured.hostname)
    return undefined
  const origin = findRequestOrigin(visit.req)
  const here = origin === undefined ? undefined : new URL(origin)
  if (here === undefined || here.hostname === configured.hostname) return undefined
  if (request.isSentOn) {
    const facts = { host: here.host, publicUrl: publicUrl(app, visit.services) }
    visit.warnOnce(app.id, HOST_REWRITTEN, facts)
    return undefined
  }
  const returnTo = returnToOn(here.host, request, app, visit)
  const changes = { sent_on: '1', ...(returnTo !== undefined && { returnto: returnTo }) }
  return beginAddress(request, app, visit, changes)
}

/** The address at which a browser begins the login that a request asks for, with all of its parameters. */
export function beginAddress(
  request: LoginRequest,
  app: App,
  visit: LoginVisit,
  changes: Readonly<Record<string, string>> = {},
): string {
  const [address = ''] = redirectUri(app, visit).split('?', 1)
  const parameters = new URLSearchParams(Array.from(queryEntries(visit.req)))
  for (const [name, value] of Object.entries(changes)) parameters.set(name, value)
  const isElsewhere = publicUrl(app, visit.services) !== undefined
  // What the host's hook makes of this request, it may not make of one to another host.
  if (isElsewhere && request.appId === undefined) parameters.set('appid', app.id)
  const whole = withQuery(address, parameters)
  if (whole.length <= MAX_ADDRESS_CHARACTERS) return whole
  const { tryLink } = request
  // A login that is only tried must not become one that counts.
  const tried = tryLink !== undefined && { try: tryLink }
  const least = new URLSearchParams({ appid: app.id, ...tried, ...changes })
  least.delete('returnto')
  return withQuery(address, least)
}

/** A path means a page of the host that the person has come from, where the app has named that host as one of its own. */
function returnToOn(
  host: string,
  request: LoginRequest,
  app: App,
  visit: LoginVisit,
): string | undefined {
  const hasTarget = textSetting(app, 'signin_success') !== undefined
  const returnTo = request.returnTo ?? (hasTarget ? undefined : takeReturnTo(visit))
  if (returnTo === undefined || !isLocalPath(returnTo)) return returnTo
  return `${findOriginOn(host, app) ?? ''}${returnTo}`
}
