import { AmazonAuthError, type ErrorCode } from '../errors'
import { parseTokens, type AmazonTokens } from './parse-tokens'
import { CLIENT_ERRORS, parseRefusal } from './refusal'
import { requestJson, type AmazonAnswer, type AmazonHttp, type RegionalCall } from './request-json'

export interface CodeGrant {
  readonly code: string
  /** Byte for byte the one of the authorization request. */
  readonly redirectUri: string
  readonly clientId: string
  readonly clientSecret: string
  /** Absent when the login was not begun here. */
  readonly codeVerifier?: string | undefined
}

const MAX_CODE_CHARACTERS = 2_048
const MAX_URL_CHARACTERS = 2_048
const MAX_KEY_CHARACTERS = 256

/**
 * Trades an authorization code for tokens. Never sent twice: a code works once. Tried again only where nobody was reached.
 *
 * @returns Never logged, and stored only where the app keeps tokens.
 * @throws {AmazonAuthError} `code_rejected`, `client_rejected`, `amazon_malformed`, or what {@link requestJson} throws.
 * @see https://developer.amazon.com/docs/login-with-amazon/authorization-code-grant.html
 */
export async function exchangeCode(
  grant: CodeGrant,
  http: AmazonHttp,
  call: RegionalCall,
): Promise<AmazonTokens> {
  requireBounded(grant)
  const form = {
    grant_type: 'authorization_code',
    code: grant.code,
    redirect_uri: grant.redirectUri,
    client_id: grant.clientId,
    client_secret: grant.clientSecret,
    ...(grant.codeVerifier !== undefined && { code_verifier: grant.codeVerifier }),
  }
  const endpoint = call.endpoints.token
  const answer = await requestJson({ method: 'POST', endpoint, form }, http, call)
  if (answer.status !== 200) throw refusal(answer)
  return parseTokens(answer.body, endpoint)
}

/**
 * What is longer than anything of Amazon's is not sent: whatever would answer 413 or 414, or hang up, would look as if
 * Amazon failed.
 */
function requireBounded({ code, redirectUri, clientId, clientSecret }: CodeGrant): void {
  const reason = 'too long to be sent'
  if (clientId.length > MAX_KEY_CHARACTERS || clientSecret.length > MAX_KEY_CHARACTERS) {
    throw new AmazonAuthError('client_rejected', { reason })
  }
  if (code.length > MAX_CODE_CHARACTERS || redirectUri.length > MAX_URL_CHARACTERS) {
    throw new AmazonAuthError('code_rejected', { reason })
  }
}

function refusal(answer: AmazonAnswer): AmazonAuthError {
  const { name, error, parameter } = parseRefusal(answer)
  const code: ErrorCode = CLIENT_ERRORS.has(name) ? 'client_rejected' : 'code_rejected'
  return new AmazonAuthError(code, {
    upstreamStatus: answer.status,
    upstreamError: error,
    ...(parameter !== undefined && { upstreamParameter: parameter }),
  })
}
