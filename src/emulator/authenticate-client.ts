import { refusal, type Refused } from './answer'
import type { Clients, EmulatorClient } from './clients'
import type { EndpointRequest } from './endpoint'
import { getParameter, invalidRequest } from './parameters'

export interface AuthenticatedClient {
  readonly client: EmulatorClient
  /** False when no secret was sent, as apps do that cannot keep one. */
  readonly provedSecret: boolean
}

interface Credentials {
  readonly clientId: string
  readonly secret: string | undefined
}

/**
 * Finds the client of a token request and checks its secret, from the form or a Basic header.
 *
 * @throws {Refused} `invalid_client` 401, or `invalid_request` when both ways are used or none.
 */
export function authenticateClient(
  { form, headers }: EndpointRequest,
  clients: Clients,
): AuthenticatedClient {
  const { clientId, secret } = readCredentials(form, parseBasic(headers.authorization))
  const client = clients.find(clientId)
  if (client === undefined || (secret !== undefined && secret !== client.clientSecret)) {
    throw invalidClient()
  }
  return { client, provedSecret: secret !== undefined }
}

export function invalidClient(): Refused {
  return refusal(401, 'invalid_client', 'Client authentication failed')
}

/** The id and secret of a Basic header; undefined for any other header. */
export function parseBasic(authorization: string | undefined): Credentials | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/_=-]+)$/i.exec(authorization ?? '')?.[1]
  if (encoded === undefined) return undefined
  const [clientId = '', ...secret] = Buffer.from(encoded, 'base64').toString().split(':')
  return { clientId, secret: secret.join(':') }
}

function readCredentials(form: URLSearchParams, basic: Credentials | undefined): Credentials {
  if (basic === undefined) {
    return {
      clientId: getParameter(form, 'client_id'),
      secret: form.get('client_secret') ?? undefined,
    }
  }
  const clientId = form.get('client_id') ?? basic.clientId
  if (form.has('client_secret') || clientId !== basic.clientId) {
    throw invalidRequest('The request authenticates the client in more than one way')
  }
  return basic
}
