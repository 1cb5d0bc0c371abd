import { ERRORS } from '../../errors'
import { html, type Html } from '../html'
import type { AdminTexts } from './texts/en'
import { WAYS } from './way-text'

/** What the fields of a filter hold, as it was typed. */
export interface FilterValues {
  readonly app: string
  readonly outcome: string
  readonly reason: string
  readonly person: string
  readonly way: string
  readonly since: string
  readonly until: string
}

interface Shown {
  readonly app: object | undefined
  readonly values: FilterValues
  readonly links: { readonly path: string; readonly query: string }
}

/** The form that a list of sign-ins is narrowed by. Persons are of an app, so they are asked for on its pages alone. */
export function filterForm({ app, values, links }: Shown, { signIns }: AdminTexts): Html {
  const ways = WAYS.map((way) => [way, signIns[way]] as const)
  const outcomes = (['success', 'declined', 'failure'] as const).map(
    (name) => [name, signIns[name]] as const,
  )
  return html`<form
    class="form row card"
    method="get"
    action="${links.path}"
    role="search"
    aria-label="${signIns.filter}"
  >
    ${
      app === undefined
        ? textField('app', signIns.app, values.app)
        : textField('person', signIns.person, values.person, signIns.personHelp)
    }
    ${selectField('outcome', signIns.outcome, values.outcome, [['', signIns.any], ...outcomes])}
    <p class="field">
      <label for="reason">${signIns.reason}</label>
      <input
        id="reason"
        name="reason"
        value="${values.reason}"
        list="reasons"
        spellcheck="false"
        autocapitalize="none"
      />
      <datalist id="reasons">
        ${Object.keys(ERRORS).map((code) => html`<option value="${code}"></option>`)}
      </datalist>
    </p>
    ${selectField('way', signIns.way, values.way, [['', signIns.any], ...ways])}
    ${timeField('since', signIns.since, values.since)}
    ${timeField('until', signIns.until, values.until)}
    <p class="buttons">
      <button class="button">${signIns.show}</button>
      ${links.query === '' ? undefined : html`<a class="button quiet" href="${links.path}">${signIns.clear}</a>`}
    </p>
  </form>`
}

function textField(name: string, label: string, value: string, help?: string): Html {
  const helpId = `${name}_help`
  return html`<p class="field">
    <label for="${name}">${label}</label>
    <input
      id="${name}"
      name="${name}"
      value="${value}"
      spellcheck="false"
      autocapitalize="none"
      ${help === undefined ? undefined : html`aria-describedby="${helpId}"`}
    />
    ${help === undefined ? undefined : html`<small class="help" id="${helpId}">${help}</small>`}
  </p>`
}

function timeField(name: string, label: string, value: string): Html {
  return html`<p class="field">
    <label for="${name}">${label}</label>
    <input id="${name}" name="${name}" type="datetime-local" value="${value}" />
  </p>`
}

function selectField(
  name: string,
  label: string,
  value: string,
  options: readonly (readonly [string, string])[],
): Html {
  return html`<p class="field">
    <label for="${name}">${label}</label>
    <select id="${name}" name="${name}">
      ${options.map(([key, text]) =>
        key === value
          ? html`<option value="${key}" selected>${text}</option>`
          : html`<option value="${key}">${text}</option>`,
      )}
    </select>
  </p>`
}
