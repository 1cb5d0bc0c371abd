import { html, type Html } from '../pages/html'
import { redirectAnswer, type Answer } from './answer'
import type { EmulatorState, EndpointRequest } from './endpoint'
import type { Grant } from './grants'
import { pageAnswer } from './pages/page'
import { getParameter } from './parameters'
import { describeScope } from './scopes'

const PATH = '/ap/adam'

/**
 * Where people see which apps they allow, and remove them: GET shows, POST removes one. (Amazon has it in a person's
 * account, as "Manage Login with Amazon".)
 */
export function consentsPage({ method, form }: EndpointRequest, state: EmulatorState): Answer {
  if (method === 'POST') {
    const [clientId, userId] = [getParameter(form, 'client_id'), getParameter(form, 'person')]
    state.grants.withdraw({ clientId, userId })
    return redirectAnswer(PATH)
  }
  const consents = state.grants.listConsents()
  const content =
    consents.length === 0
      ? html`<p data-testid="none">Nobody allows any app to read anything.</p>`
      : consents.map((consent) => describe(consent, state))
  return pageAnswer(200, 'Apps that people allow', html`${content}`)
}

function describe({ clientId, userId, scope }: Grant, { clients, people }: EmulatorState): Html {
  const app = clients.find(clientId)?.name ?? clientId
  const person = people.find((one) => one.userId === userId)
  const who = person?.name ?? userId
  return html`<form method="post" action="${PATH}" data-testid="consent">
    <p><b>${who}</b> lets <b>${app}</b> read ${describeScopes(scope)}.</p>
    <input type="hidden" name="client_id" value="${clientId}" />
    <input type="hidden" name="person" value="${userId}" />
    <div class="buttons">
      <button
        class="button quiet danger"
        data-testid="remove"
        aria-label="Remove ${app}, of ${who}"
      >
        Remove
      </button>
    </div>
  </form>`
}

function describeScopes(scope: string): string {
  return scope.split(' ').map(describeScope).join(', ')
}
