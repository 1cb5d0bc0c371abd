import { Refused, type Answer } from '../answer'
import type { Person } from '../people'
import { describeScope } from '../scopes'
import { html, type Html } from '../../pages/html'
import { errorPage } from './error-page'
import { pageAnswer } from './page'

/** A person's decision, as the form sends it: field `decision` and field `person`. */
export interface ConsentForm {
  readonly appName: string
  readonly scope: string
  readonly people: readonly Person[]
  /** Path the form posts to. */
  readonly action: string
  /** Goes back with the decision. */
  readonly hidden: Readonly<Record<string, string>>
}

/** Asks a person whether the app may sign them in: who it is, what the app gets, and the buttons. */
export function consentPage({ appName, scope, people, action, hidden }: ConsentForm): Answer {
  const form = html`<p>If you allow it, <b>${appName}</b> gets:</p>
    <ul class="asks" data-testid="scopes">
      ${scope.split(' ').map((name) => html`<li>${describeScope(name)}</li> `)}
    </ul>
    ${scope === 'profile:user_id' ? ID_ONLY : undefined}
    <form method="post" action="${action}">
      ${Object.entries(hidden).map(hiddenField)}
      <fieldset>
        <legend>Who signs in?</legend>
        ${people.map((person, at) => personCard(person, at, people))}
      </fieldset>
      <div class="buttons">
        <button class="primary" id="allow" data-testid="allow" name="decision" value="allow">
          Allow
        </button>
        <button id="cancel" data-testid="cancel" name="decision" value="cancel">Cancel</button>
      </div>
    </form>`
  return pageAnswer(200, `Sign in to ${appName}`, form)
}

/** Who allowed, or `denied`. Throws `Refused` with a page when the form is not one of ours. */
export function parseDecision(form: URLSearchParams, people: readonly Person[]): Person | 'denied' {
  const decision = form.get('decision')
  if (decision === 'cancel') return 'denied'
  const person = people.find(({ userId }) => userId === form.get('person'))
  if (decision === 'allow' && person !== undefined) return person
  throw new Refused(errorPage(html`<p>Choose a person and press Allow or Cancel.</p>`, form))
}

const ID_ONLY = html`<p class="soft" data-testid="id-only">
  Only an id is shared. Amazon shows no page for this scope.
</p>`

function hiddenField([name, value]: readonly [string, string]): Html {
  return html`<input type="hidden" name="${name}" value="${value}" /> `
}

function personCard(person: Person, at: number, people: readonly Person[]): Html {
  const id = `person-${at + 1}`
  return html`<label class="person" data-testid="${id}" for="${id}">
    <input
      type="radio"
      id="${id}"
      name="person"
      value="${person.userId}"
      ${at === 0 ? html` checked` : undefined}
    />
    <span
      ><b>${person.name ?? html`<span class="missing">No name</span>`}</b>
      <span class="soft"
        >${person.email ?? html`<span class="missing">No e-mail address</span>`}</span
      >${sharedTag(person, people)}</span
    >
  </label> `
}

function sharedTag({ userId, email }: Person, people: readonly Person[]): Html | undefined {
  const twin = people.find((other) => other.email === email && other.userId !== userId)
  if (email === undefined || twin === undefined) return undefined
  return html` <span class="tag">same e-mail as ${twin.name ?? 'another'}</span>`
}
