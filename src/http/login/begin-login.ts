import { createPkce } from '../../amazon/pkce'
import type { App } from '../../apps/app'
import { getClientCredentials } from '../../apps/client-credentials'
import { randomText } from '../../crypto/random'
import { AmazonAuthError } from '../../errors'
import { redirect } from '../answer'
import { checkReturnTo } from './choose-target'
import { ownOrigin, redirectUri, type LoginExchange } from './login-context'
import type { LoginRequest } from './parse-login-request'
import type { TransactionCookies } from './transaction'

const NONCE_BYTES = 16
/** Longer ones, as JSON, are not kept: browsers drop a cookie of more than 4 KiB, and with it the login. */
const MAX_KEPT_BYTES = 512
const MAX_REDIRECT_URI_CHARACTERS = 1024

/**
 * First leg: sends the browser to Amazon's consent page, with a fresh nonce in `state` and the S256 challenge of a
 * fresh code verifier. Both wait in a sealed cookie, so any node can finish what this one began.
 *
 * @throws {AmazonAuthError} `unauthorized` (a script cannot show a consent page), `callback_invalid`
 */
export function beginLogin(
  request: LoginRequest,
  app: App,
  exchange: LoginExchange,
  cookies: TransactionCookies,
): void {
  if (request.wantsJson) throw new AmazonAuthError('unauthorized')
  const { services } = exchange
  const { clientId } = getClientCredentials(app)
  const pkce = createPkce()
  const nonce = randomText(NONCE_BYTES)
  const returnTo = short(checkReturnTo(request.returnTo, app, ownOrigin(app, exchange)))
  const hostUrl = short(request.hostUrl)
  const transaction = {
    kind: 'begun',
    nonce,
    codeVerifier: pkce.verifier,
    appId: app.id,
    mountPath: exchange.mountPath,
    redirectUri: requireShort(redirectUri(app, exchange)),
    ...(hostUrl !== undefined && { hostUrl }),
    ...(request.aliasIndex !== undefined && { aliasIndex: request.aliasIndex }),
    ...(returnTo !== undefined && { returnTo }),
    createdAtMs: services.now(),
  } as const
  cookies.begin(transaction)
  redirect(
    exchange.req,
    exchange.res,
    services.amazon.authorizeUrl({
      clientId,
      scope: services.policy.scope,
      redirectUri: transaction.redirectUri,
      state: `${app.id}~${nonce}`,
      codeChallenge: pkce.challenge,
    }),
  )
}

function short(text: string | undefined): string | undefined {
  const json = JSON.stringify(text ?? '')
  return Buffer.byteLength(json) <= MAX_KEPT_BYTES ? text : undefined
}

function requireShort(redirectUri: string): string {
  if (redirectUri.length <= MAX_REDIRECT_URI_CHARACTERS) return redirectUri
  throw new AmazonAuthError('callback_invalid', { reason: 'redirect_uri too long' })
}
