import { Refused } from './answer'
import { errorPage } from './pages/error-page'
import { html } from '../pages/html'
import type { Person } from './people'

/** Who allowed, or `denied`. Throws `Refused` with a page when the form is not one of ours. */
export function parseDecision(form: URLSearchParams, people: readonly Person[]): Person | 'denied' {
  const decision = form.get('decision')
  if (decision === 'cancel') return 'denied'
  const person = people.find(({ userId }) => userId === form.get('person'))
  if (decision === 'allow' && person !== undefined) return person
  throw new Refused(errorPage(html`<p>Choose a person and press Allow or Cancel.</p>`, form))
}
