import { buildAuthorizeUrl } from '../../amazon/build-authorize-url'
import { createPkce } from '../../amazon/pkce'
import { getClientCredentials } from '../../apps/client-credentials'
import { randomText } from '../../crypto/random'
import { AmazonAuthError } from '../../errors'
import { answerSignInFirst, redirect } from '../answer'
import { ownOrigin, redirectUri } from '../public-address'
import { askedScopes } from '../sign-in/asked-scopes'
import { checkReturnTo, shortenHostUrl } from '../sign-in/choose-target'
import { beginAddress, findPublicBegin } from './begin-address'
import type { Leg } from './login'
import type { BegunLogin } from './login-cookies'
import type { TryLink } from './try/try-link'

const NONCE_BYTES = 16
/** As it is sent: an answer carries it beside what the login remembers, and proxies hold 4 KiB of headers. */
const MAX_REDIRECT_URI_CHARACTERS = 500

/** It goes into a token, which stands in an address. */
const TOKEN_NONCE = /^[\x21-\x7e]+$/

const NO_PAGE =
  'a script has asked to begin a sign-in, where only a browser that opens the address can: it was answered with 401 and `location`, the address to open. Said once per app.'

/**
 * First leg: sends the browser to Amazon's consent page, with a fresh nonce in `state` and the S256 challenge of a
 * fresh code verifier. Both wait in a sealed cookie, so any node can finish what this one began.
 *
 * A script, which can show no consent page, is told the address to open; a browser that has come to another host of ours
 * is sent to the public one first.
 *
 * @param link It is only tried, by this link.
 * @throws {AmazonAuthError} `callback_invalid`
 */
export function beginLogin(leg: Leg, link?: TryLink): void {
  const { app, request, attempt } = leg
  const { req, res } = attempt
  if (request.wantsJson) {
    attempt.warnOnce(app.id, NO_PAGE)
    answerSignInFirst(req, res, beginAddress(request, app, attempt))
    return
  }
  redirect(req, res, findPublicBegin(request, app, attempt) ?? consentAddress(leg, link))
}

/** The address of Amazon's consent page for a login that is remembered from now on. */
function consentAddress(
  { app, request, attempt, cookies }: Leg,
  link: TryLink | undefined,
): string {
  const { services, mountPath } = attempt
  const { clientId } = getClientCredentials(app)
  const { verifier: codeVerifier, challenge: codeChallenge } = createPkce()
  const nonce = randomText(NONCE_BYTES)
  const returnTo = checkReturnTo(request.returnTo, app, ownOrigin(app, attempt))
  const begun: BegunLogin = {
    kind: 'begun',
    nonce,
    codeVerifier,
    appId: app.id,
    mountPath,
    redirectUri: requireShort(redirectUri(app, attempt)),
    hostUrl: shortenHostUrl(request.hostUrl),
    aliasIndex: request.aliasIndex,
    createdAtMs: services.now(),
    returnTo,
    tokenNonce: requireNonce(request.tokenNonce),
    tryUntilMs: link?.expiresAtMs,
    isOfGuide: link?.isOfGuide === true ? true : undefined,
  }
  // Without `returnTo` the login ends where its app says.
  if (!cookies.begin(begun) && !cookies.begin({ ...begun, returnTo: undefined })) {
    throw new AmazonAuthError('callback_invalid', { reason: 'too much to remember' })
  }
  // Whoever only tries is not counted.
  if (link === undefined) services.audit.countBegin(app.id, begun.createdAtMs)
  return buildAuthorizeUrl(services.amazon.endpointsOf(app).authorize, {
    clientId,
    scopes: askedScopes(app, services),
    redirectUri: begun.redirectUri,
    state: `${app.id}~${nonce}`,
    codeChallenge,
  })
}

/** @throws {AmazonAuthError} `callback_invalid`: no token could hold it, and the site would wait for it in vain. */
function requireNonce(nonce: string | undefined): string | undefined {
  if (nonce === undefined || nonce === '') return undefined
  if (TOKEN_NONCE.test(nonce)) return nonce
  throw new AmazonAuthError('callback_invalid', { parameter: 'nonce' })
}

function requireShort(redirectUri: string): string {
  if (encodeURIComponent(redirectUri).length <= MAX_REDIRECT_URI_CHARACTERS) return redirectUri
  throw new AmazonAuthError('callback_invalid', { reason: 'redirect_uri too long' })
}
