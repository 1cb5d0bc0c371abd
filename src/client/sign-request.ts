// aws4 is the maintained signer that brings nothing else along; Amazon's own comes with a tree of packages.
import { sign } from 'aws4'

import type { AppKeys } from '../apps/create-app'

export type Headers = Readonly<Record<string, string>>

/** A request as it will be sent. */
export interface OutgoingRequest {
  readonly method: string
  readonly url: URL
  readonly headers: Headers
  readonly body: Buffer | undefined
}

/**
 * Signs by AWS Signature Version 4, and says so in the headers that it returns.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signRequest(
  { method, url, headers, body }: OutgoingRequest,
  { accessKey, secretKey }: AppKeys,
): Headers {
  const signed = sign(
    {
      service: 'para',
      region: 'us-east-1',
      method,
      host: url.host,
      path: url.pathname + url.search,
      headers: { ...headers },
      ...(body !== undefined && { body }),
    },
    { accessKeyId: accessKey, secretAccessKey: secretKey },
  )
  const entries = Object.entries(signed.headers ?? {})
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]))
}
