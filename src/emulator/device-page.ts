import type { Answer } from './answer'
import type { CodePair } from './code-pairs'
import type { EmulatorState, EndpointRequest } from './endpoint'
import { consentPage, parseDecision } from './pages/consent-page'
import { pageAnswer } from './pages/page'
import { html } from '../pages/html'
import type { AskedScopes } from './scopes'
import { userCodePage } from './pages/user-code-page'

/** `/us/code`: GET asks for the user code and then for consent, POST takes the decision. */
export function devicePage({ method, query, form }: EndpointRequest, state: EmulatorState): Answer {
  const params = method === 'POST' ? form : query
  const userCode = params.get('user_code')
  if (userCode === null) return userCodePage()
  const pair = state.codePairs.find(userCode)
  if (pair?.decision !== 'pending') return userCodePage(userCode)
  return method === 'POST' ? decide(pair, form, state) : ask(pair, state)
}

function ask({ clientId, scope, userCode }: CodePair, { clients, people }: EmulatorState): Answer {
  return consentPage({
    appName: clients.find(clientId)?.name ?? clientId,
    scopes: scopesOf(scope),
    people,
    action: '/us/code',
    hidden: { user_code: userCode },
  })
}

/** A device leaves nothing to choose. */
function scopesOf(scope: string): AskedScopes {
  return { all: scope.split(' '), voluntary: [] }
}

function decide(pair: CodePair, form: URLSearchParams, { people }: EmulatorState): Answer {
  const consent = parseDecision(form, people, scopesOf(pair.scope))
  if (consent === 'denied') {
    pair.decision = 'denied'
    return pageAnswer(
      200,
      'Cancelled',
      html`<p data-testid="done">The device is not signed in.</p>`,
    )
  }
  const { clientId, scope } = pair
  pair.decision = { clientId, scope, userId: consent.person.userId }
  return pageAnswer(200, 'Done', html`<p data-testid="done">Go back to your device.</p>`)
}
