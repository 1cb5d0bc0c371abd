import { errorAnswer, Refused } from './answer'
import type { EndpointRequest } from './endpoint'
import type { EmulatorState } from './emulator-state'
import { missingParameter, refuseRepeated } from './parameters'

/** The access token of a request, from either header or the query; undefined when there is none. */
export function findAccessToken({ headers, query }: EndpointRequest): string | undefined {
  const own = headers['x-amz-access-token']
  if (typeof own === 'string') return own
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
  return bearer ?? query.get('access_token') ?? undefined
}

/**
 * What the request's access token gives access to. Throws `Refused` with Amazon's `invalid_token`.
 */
export function resolveAccessToken(
  request: EndpointRequest,
  { grants }: EmulatorState,
): NonNullable<ReturnType<EmulatorState['grants']['findAccessToken']>> {
  refuseRepeated(request.query)
  const token = findAccessToken(request)
  if (token === undefined || token === '') throw missingParameter('access_token')
  const grant = grants.findAccessToken(token)
  if (grant !== undefined) return grant
  const description = 'The request has an invalid parameter : access_token'
  throw new Refused(errorAnswer(400, 'invalid_token', description))
}
