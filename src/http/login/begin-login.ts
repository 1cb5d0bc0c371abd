import { createPkce } from '../../amazon/pkce'
import type { App } from '../../apps/app'
import { getClientCredentials } from '../../apps/client-credentials'
import { randomText } from '../../crypto/random'
import { AmazonAuthError } from '../../errors'
import { answerSignInFirst, redirect } from '../answer'
import { beginAddress, findPublicBegin } from './begin-address'
import { checkReturnTo, shortenHostUrl } from './choose-target'
import { ownOrigin, redirectUri, type LoginExchange } from './login-context'
import type { LoginRequest } from './parse-login-request'
import type { Transaction, TransactionCookies } from './transaction'

const NONCE_BYTES = 16
/** What a login remembers, as JSON, and its `redirect_uri`, as it is sent: an answer carries both, and proxies hold 4 KiB of headers. */
const MAX_KEPT_BYTES = 900
const MAX_REDIRECT_URI_CHARACTERS = 500

const NO_PAGE =
  'a script has asked to begin a sign-in, where only a browser that opens the address can: it was answered with 401 and `location`, the address to open. Said once per app.'

/**
 * First leg: sends the browser to Amazon's consent page, with a fresh nonce in `state` and the S256 challenge of a
 * fresh code verifier. Both wait in a sealed cookie, so any node can finish what this one began.
 *
 * A script, which can show no consent page, is told the address to open; a browser that has come to another host of ours
 * is sent to the public one first.
 *
 * @throws {AmazonAuthError} `callback_invalid`
 */
export function beginLogin(
  request: LoginRequest,
  app: App,
  exchange: LoginExchange,
  cookies: TransactionCookies,
): void {
  if (request.wantsJson) {
    exchange.warnOnce(app.id, NO_PAGE)
    answerSignInFirst(exchange.req, exchange.res, beginAddress(request, app, exchange))
    return
  }
  const elsewhere = findPublicBegin(request, app, exchange)
  if (elsewhere === undefined) sendToAmazon(request, app, exchange, cookies)
  else redirect(exchange.req, exchange.res, elsewhere)
}

function sendToAmazon(
  request: LoginRequest,
  app: App,
  exchange: LoginExchange,
  cookies: TransactionCookies,
): void {
  const { services } = exchange
  const { clientId } = getClientCredentials(app)
  const pkce = createPkce()
  const nonce = randomText(NONCE_BYTES)
  const returnTo = checkReturnTo(request.returnTo, app, ownOrigin(app, exchange))
  const hostUrl = shortenHostUrl(request.hostUrl)
  const needed = {
    kind: 'begun',
    nonce,
    codeVerifier: pkce.verifier,
    appId: app.id,
    mountPath: exchange.mountPath,
    redirectUri: requireShort(redirectUri(app, exchange)),
    ...(hostUrl !== undefined && { hostUrl }),
    ...(request.aliasIndex !== undefined && { aliasIndex: request.aliasIndex }),
    createdAtMs: services.now(),
  } as const
  const transaction = requireSmall(
    returnTo === undefined ? [needed] : [{ ...needed, returnTo }, needed],
  )
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

/** The first that is not too large. Without `returnTo` the login ends where its app says. */
function requireSmall(transactions: readonly Transaction[]): Transaction {
  const small = transactions.find(
    (transaction) => Buffer.byteLength(JSON.stringify(transaction)) <= MAX_KEPT_BYTES,
  )
  if (small !== undefined) return small
  throw new AmazonAuthError('callback_invalid', { reason: 'too much to remember' })
}

function requireShort(redirectUri: string): string {
  if (encodeURIComponent(redirectUri).length <= MAX_REDIRECT_URI_CHARACTERS) return redirectUri
  throw new AmazonAuthError('callback_invalid', { reason: 'redirect_uri too long' })
}
