import { redirectAnswer, Refused, type Answer } from './answer'
import { allowsReturnUrl, type Clients, type EmulatorClient } from './clients'
import { parseCodeChallenge, type CodeChallenge } from './code-challenge'
import type { Html } from '../pages/html'
import { errorPage, repeatedParameter, unknownClient, unlistedReturnUrl } from './pages/error-page'
import { findRepeated } from './parameters'
import { isKnownScope, parseScopeData, type AskedScopes } from './scopes'

/** What the consent page hands on to the decision; anything else is dropped. */
export const AUTHORIZE_PARAMETERS: ReadonlySet<string> = new Set([
  'client_id',
  'redirect_uri',
  'response_type',
  'scope',
  'scope_data',
  'state',
  'code_challenge',
  'code_challenge_method',
])

/** A sound request for consent. */
export interface AuthorizeRequest {
  readonly client: EmulatorClient
  readonly redirectUri: string
  readonly scopes: AskedScopes
  readonly state: string | undefined
  readonly challenge: CodeChallenge | undefined
}

/** Where an answer to the app goes: its URL and its `state`. */
type ReturnTarget = Pick<AuthorizeRequest, 'redirectUri' | 'state'>

/**
 * Reads the parameters of `/ap/oa`.
 *
 * @throws {Refused} With a page when the client or its URL cannot be trusted, else with a redirect
 * that brings the error to the app.
 */
export function parseAuthorizeRequest(params: URLSearchParams, clients: Clients): AuthorizeRequest {
  const { client, ...target } = parseTarget(params, clients)
  refuseResponseType(params.get('response_type'), target)
  const challenge = parseCodeChallenge(
    params.get('code_challenge'),
    params.get('code_challenge_method'),
  )
  if (challenge === 'invalid') {
    const description = 'The request has an invalid parameter : code_challenge'
    throw new Refused(redirectError(target, 'invalid_request', description))
  }
  const scopes = parseScopeData(parseScope(params.get('scope'), target), params.get('scope_data'))
  if (scopes === undefined) {
    const description = 'The request has an invalid parameter : scope_data'
    throw new Refused(redirectError(target, 'invalid_request', description))
  }
  return { client, ...target, scopes, challenge }
}

/** The redirect that brings an error to the app, its parameters in Amazon's order. */
export function redirectError(target: ReturnTarget, error: string, description: string): Answer {
  return redirectTo(target.redirectUri, {
    error_description: description,
    state: target.state,
    error,
  })
}

/** The redirect that brings a code to the app, and tells the scopes that were granted. */
export function redirectCode(
  { redirectUri, state }: AuthorizeRequest,
  { code, scope }: { readonly code: string; readonly scope: string },
): Answer {
  return redirectTo(redirectUri, { code, scope, state })
}

function parseTarget(
  params: URLSearchParams,
  clients: Clients,
): ReturnTarget & { client: EmulatorClient } {
  const refuse = (what: Html) => new Refused(errorPage(what, params))
  const repeated = findRepeated(params)
  if (repeated !== undefined) throw refuse(repeatedParameter(repeated))
  const clientId = params.get('client_id') ?? ''
  const client = clients.find(clientId)
  if (client === undefined || client.kind === 'device') throw refuse(unknownClient(clientId))
  const redirectUri = params.get('redirect_uri') ?? ''
  if (!allowsReturnUrl(client, redirectUri)) {
    throw refuse(unlistedReturnUrl(redirectUri, client.name ?? clientId))
  }
  return { client, redirectUri, state: params.get('state') ?? undefined }
}

function refuseResponseType(responseType: string | null, target: ReturnTarget): void {
  if (responseType === 'code') return
  throw new Refused(
    responseType === null
      ? redirectError(target, 'invalid_request', missing('response_type'))
      : redirectError(
          target,
          'unsupported_response_type',
          'The authorization server does not support this response type',
        ),
  )
}

function parseScope(scope: string | null, target: ReturnTarget): string {
  if (scope === null || scope === '') {
    throw new Refused(redirectError(target, 'invalid_request', missing('scope')))
  }
  if (isKnownScope(scope)) return scope
  throw new Refused(redirectError(target, 'invalid_scope', 'An unknown scope was requested'))
}

function missing(name: string): string {
  return `The request is missing a required parameter : ${name}`
}

function redirectTo(redirectUri: string, params: Record<string, string | undefined>): Answer {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined) query.append(name, value)
  }
  return redirectAnswer(`${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${query.toString()}`)
}
