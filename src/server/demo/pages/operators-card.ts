import { html, type Html } from '../../../pages/html'
import { OPERATORS_PATH } from '../operators'

/** The way to the other side of the counter. */
export function operatorsCard(): Html {
  return html`<section class="card operators" aria-labelledby="operators-title">
    <h2 id="operators-title">And what those see who run it</h2>
    <p class="soft">
      Who signs in, what fails and why, settings, users and keys of both shops. A month of sign-ins
      is made up for you; yours are the latest. In life one needs the keys of an app to get in; here
      a press does.
    </p>
    <form method="post" action="${OPERATORS_PATH}">
      <button class="button" data-testid="operators">Open the pages for operators</button>
    </form>
  </section>`
}
