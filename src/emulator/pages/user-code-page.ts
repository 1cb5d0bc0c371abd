import type { Answer } from '../answer'
import { html } from '../../pages/html'
import { pageAnswer } from './page'

/** Asks for the code a device shows; with `refused`, says that this one was none. */
export function userCodePage(refused?: string): Answer {
  const problem = html`<p class="notice alarm" id="problem" role="alert" data-testid="error">
    <b>${refused}</b> is not a code that waits. It may be mistyped, used or older than ten minutes.
  </p>`
  return pageAnswer(
    refused === undefined ? 200 : 400,
    'Sign in on a device',
    html`<p>Enter the code that your device shows.</p>
      ${refused === undefined ? undefined : problem}
      <form class="form" method="get" action="/us/code">
        <div class="field">
          <label for="user-code">Code</label>
          <input
            class="typed"
            type="text"
            id="user-code"
            data-testid="user-code"
            name="user_code"
            required
            maxlength="20"
            autocomplete="off"
            autocapitalize="characters"
            spellcheck="false"
            ${refused === undefined ? undefined : html`aria-invalid="true" aria-describedby="problem"`}
          />
        </div>
        <div class="buttons">
          <button class="button" id="continue" data-testid="continue">Continue</button>
        </div>
      </form>`,
  )
}
