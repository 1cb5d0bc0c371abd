import { html, type Html } from '../html'
import { tokenField } from './admin-layout'
import type { AdminTexts } from './texts/en'

/** What stands in the form of an endpoint. */
export interface WebhookValues {
  readonly url: string
  readonly events: readonly string[]
}

/** A form that adds or changes an endpoint. */
export interface WebhookForm {
  readonly action: string
  readonly formToken: string
  readonly values: WebhookValues
  /** Names of all events there are. */
  readonly allEvents: readonly string[]
  readonly button: string
  /** Why what was sent was not taken. */
  readonly problem?: string | undefined
}

export function webhookForm(
  { action, formToken, values, allEvents, button, problem }: WebhookForm,
  { webhooks }: AdminTexts,
): Html {
  return html`<form class="form" method="post" action="${action}">
    ${tokenField(formToken)}
    <p class="field">
      <label for="url">${webhooks.url}</label>
      <small class="help" id="url_help">${webhooks.urlHelp}</small>
      <input
        id="url"
        name="url"
        type="url"
        required
        maxlength="2048"
        value="${values.url}"
        spellcheck="false"
        ${
          problem === undefined
            ? html`aria-describedby="url_help"`
            : html`aria-invalid="true" aria-describedby="url_help url_error"`
        }
      />
      ${problem === undefined ? undefined : html`<span class="error" id="url_error">${problem}</span>`}
    </p>
    <fieldset class="field" aria-describedby="events_help">
      <legend>${webhooks.events}</legend>
      <small class="help" id="events_help">${webhooks.eventsHelp}</small>
      ${allEvents.map(
        (event) =>
          html`<label class="choice"
            ><input
              type="checkbox"
              name="events"
              value="${event}"
              ${values.events.includes(event) ? html`checked` : undefined}
            /><code>${event}</code></label
          >`,
      )}
    </fieldset>
    <p class="buttons"><button class="button">${button}</button></p>
  </form>`
}
