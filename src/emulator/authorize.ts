import type { Answer } from './answer'
import {
  AUTHORIZE_PARAMETERS,
  parseAuthorizeRequest,
  redirectCode,
  redirectError,
  type AuthorizeRequest,
} from './authorize-request'
import type { EmulatorState, EndpointRequest } from './endpoint'
import { consentPage, parseDecision } from './pages/consent-page'

/**
 * GET shows the consent page of `/ap/oa`; POST takes the decision, with the parameters again in
 * the form.
 */
export function authorize({ method, query, form }: EndpointRequest, state: EmulatorState): Answer {
  const params = method === 'POST' ? form : query
  const request = parseAuthorizeRequest(params, state.clients)
  return method === 'POST' ? decide(request, form, state) : ask(request, params, state)
}

function ask(
  { client, scopes }: AuthorizeRequest,
  params: URLSearchParams,
  { people }: EmulatorState,
): Answer {
  return consentPage({
    appName: client.name ?? client.clientId,
    scopes,
    people,
    action: '/ap/oa',
    hidden: Object.fromEntries([...params].filter(([name]) => AUTHORIZE_PARAMETERS.has(name))),
  })
}

function decide(request: AuthorizeRequest, form: URLSearchParams, state: EmulatorState): Answer {
  const decision = parseDecision(form, state.people, request.scopes)
  if (decision === 'denied') return redirectError(request, 'access_denied', 'Access not permitted.')
  const { client, redirectUri, challenge } = request
  const { clientId } = client
  const { person, scope } = decision
  const code = state.grants.issueCode({
    clientId,
    userId: person.userId,
    scope,
    redirectUri,
    challenge,
  })
  return redirectCode(request, { code, scope })
}
