import { randomText } from '../crypto/random'
import type { AmazonClients } from './create-axios'
import type { Endpoint } from './endpoints'
import { isFailure, type FailureKind } from './outcome'
import { CLIENT_ERRORS, parseRefusal } from './refusal'
import { parseJsonObject } from './request-json'
import { sendOnce } from './send-once'

/** A pair of keys to be tried, and where. */
export interface Probe {
  readonly clientId: string
  readonly clientSecret: string
  readonly redirectUri: string
  /** The token endpoint that the app of these keys uses. */
  readonly token: Endpoint
}

/**
 * What Amazon makes of a pair of keys.
 * - `good`: it refused the code alone, and so has taken the pair.
 * - `refused`: `error` is `invalid_client` or `unauthorized_client`.
 * - `unclear`: it answered neither; `status` is what it answered, or `failure` why nothing came.
 */
export type CredentialsVerdict =
  | { readonly verdict: 'good' }
  | { readonly verdict: 'refused'; readonly error: string }
  | {
      readonly verdict: 'unclear'
      readonly status?: number
      readonly error?: string | undefined
      readonly failure?: FailureKind
      readonly reason?: string | undefined
    }

/**
 * Tries a pair of keys by trading a code that was never issued. It is no login: nobody counts it, and the breaker does not
 * hear of it. That Amazon looks at the client before the code is how servers of OAuth work (RFC 6749, section 5.2), and
 * inferred of Amazon.
 *
 * @param limitMs Limit for the answer, connection included, in milliseconds.
 * @returns Never rejects; nothing of the pair is in it.
 */
export async function probeCredentials(
  { clientId, clientSecret, redirectUri, token }: Probe,
  { codes }: Pick<AmazonClients, 'codes'>,
  limitMs: number,
): Promise<CredentialsVerdict> {
  const form = {
    grant_type: 'authorization_code',
    code: `DOCTOR${randomText(10).replace(/[^A-Za-z0-9]/g, 'x')}`,
    redirect_uri: redirectUri,
    client_id: clientId,
    client_secret: clientSecret,
  }
  const outcome = await sendOnce({ method: 'POST', endpoint: token, form }, codes, limitMs)
  if (isFailure(outcome)) return { verdict: 'unclear', ...outcome }
  const { status, data } = outcome
  const { name, error } = parseRefusal({ status, body: parseJsonObject(data) ?? {} })
  if (error === undefined || status < 400 || status >= 500) {
    return { verdict: 'unclear', status, error }
  }
  if (CLIENT_ERRORS.has(name)) return { verdict: 'refused', error }
  return name === 'invalidgrant' ? { verdict: 'good' } : { verdict: 'unclear', status, error }
}
