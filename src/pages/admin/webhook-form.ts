import { html, type Html, type HtmlValue } from '../html'
import { tokenField } from './admin-layout'
import type { AdminTexts } from './texts/en'

/** What stands in the form of an endpoint. */
export interface WebhookValues {
  readonly url: string
  readonly events: readonly string[]
}

/** What is wrong with what was sent, and with which of it. */
export interface WebhookProblem {
  readonly of: 'url' | 'events'
  readonly text: HtmlValue
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
  readonly problem?: WebhookProblem | undefined
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
        ${ties('url', problem)}
      />
      ${error('url', problem)}
    </p>
    <fieldset class="field" ${ties('events', problem)}>
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
      ${error('events', problem)}
    </fieldset>
    <p class="buttons"><button class="button">${button}</button></p>
  </form>`
}

/** What tells a field its help, and what is wrong with it. */
function ties(field: WebhookProblem['of'], problem: WebhookProblem | undefined): Html {
  if (problem?.of !== field) return html`aria-describedby="${field}_help"`
  const invalid = field === 'url' ? html`aria-invalid="true" ` : undefined
  const ids = `${field}_help ${field}_error`
  return html`${invalid}aria-describedby="${ids}"`
}

function error(field: WebhookProblem['of'], problem: WebhookProblem | undefined): Html | undefined {
  if (problem?.of !== field) return undefined
  return html`<span class="error" id="${field}_error">${problem.text}</span>`
}
