import { Refused, type Answer } from '../answer'
import type { Person } from '../people'
import { describeScope, type AskedScopes } from '../scopes'
import { html, type Html } from '../../pages/html'
import { errorPage } from './error-page'
import { pageAnswer } from './page'

/**
 * A person's decision, as the form sends it: fields `decision` and `person`, and `grant:<scope>` for each voluntary scope
 * that is left ticked.
 */
export interface ConsentForm {
  readonly appName: string
  readonly scopes: AskedScopes
  readonly people: readonly Person[]
  /** Path the form posts to. */
  readonly action: string
  /** Goes back with the decision. */
  readonly hidden: Readonly<Record<string, string>>
}

/** Asks a person whether the app may sign them in: who it is, what the app gets, and the buttons. */
export function consentPage({ appName, scopes, people, action, hidden }: ConsentForm): Answer {
  const essential = scopes.all.filter((name) => !scopes.voluntary.includes(name))
  const form = html`<p>If you allow it, <b>${appName}</b> gets:</p>
    <ul class="asks" data-testid="scopes">
      ${essential.map((name) => html`<li>${describeScope(name)}</li> `)}
    </ul>
    ${scopes.all.join(' ') === ID_SCOPE ? ID_ONLY : undefined}
    <form class="form" method="post" action="${action}">
      ${Object.entries(hidden).map(hiddenField)}
      ${scopes.voluntary.length > 0 ? choices(scopes.voluntary) : undefined}
      <fieldset>
        <legend>Who signs in?</legend>
        ${people.map((person, at) => personCard(person, at, people))}
      </fieldset>
      <div class="buttons">
        <button class="button" id="allow" data-testid="allow" name="decision" value="allow">
          Allow
        </button>
        <button
          class="button quiet"
          id="cancel"
          data-testid="cancel"
          name="decision"
          value="cancel"
        >
          Cancel
        </button>
      </div>
    </form>`
  return pageAnswer(200, `Sign in to ${appName}`, form)
}

/** Who allows, and which scopes, separated by spaces. */
export interface Consent {
  readonly person: Person
  readonly scope: string
}

/** What is allowed, or `denied`. Throws `Refused` with a page when the form is not one of ours. */
export function parseDecision(
  form: URLSearchParams,
  people: readonly Person[],
  scopes: AskedScopes,
): Consent | 'denied' {
  const decision = form.get('decision')
  if (decision === 'cancel') return 'denied'
  const person = people.find(({ userId }) => userId === form.get('person'))
  if (decision === 'allow' && person !== undefined) {
    return { person, scope: grantedScope(form, scopes) }
  }
  throw new Refused(errorPage(html`<p>Choose a person and press Allow or Cancel.</p>`, form))
}

/** Whoever signs in shares an id at least. */
const ID_SCOPE = 'profile:user_id'

function grantedScope(form: URLSearchParams, { all, voluntary }: AskedScopes): string {
  const granted = all.filter((name) => !voluntary.includes(name) || form.has(`grant:${name}`))
  return granted.join(' ') || ID_SCOPE
}

function choices(voluntary: readonly string[]): Html {
  return html`<fieldset data-testid="voluntary">
    <legend>You may also share</legend>
    ${voluntary.map(
      (name) =>
        html`<label class="person" for="grant:${name}">
          <input type="checkbox" id="grant:${name}" name="grant:${name}" checked />
          <span>${describeScope(name)}</span>
        </label> `,
    )}
  </fieldset>`
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
