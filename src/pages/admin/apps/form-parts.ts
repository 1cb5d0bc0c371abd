import { html, type Html } from '../../html'
import { appPath } from '../app-path'

/** What every page of an app knows. */
export interface OfApp {
  /** Path that all pages lie below. */
  readonly base: string
  readonly formToken: string
  readonly app: { readonly appIdentifier: string; readonly name: string; readonly active: boolean }
}

export interface Field {
  readonly id: string
  readonly label: string
  readonly help?: string | Html | undefined
  readonly problem?: string | Html | undefined
}

/** @param control The field itself, which gets what ties it to its texts. */
export function field({ id, label, help, problem }: Field, control: (ties: Html) => Html): Html {
  const tied = [help && `${id}-help`, problem && `${id}-error`].filter(Boolean).join(' ')
  const ties = html`id="${id}"${tied ? html` aria-describedby="${tied}"` : undefined}${
    problem ? html` aria-invalid="true"` : undefined
  }`
  return html`<div class="field">
    <label for="${id}">${label}</label>
    ${help ? html`<p class="help" id="${id}-help">${help}</p>` : undefined} ${control(ties)}
    ${problem ? html`<p class="error" id="${id}-error">${problem}</p>` : undefined}
  </div>`
}

/** A field of one line. */
export function lineField(
  of: Field & { readonly name: string; readonly value: string; readonly isRequired?: boolean },
): Html {
  const required = of.isRequired === true ? html` required` : undefined
  return field(
    of,
    (ties) =>
      html`<input
        ${ties}
        name="${of.name}"
        value="${of.value}"
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        ${required}
      />`,
  )
}

/** A field whose text is not seen, and never comes from the server. */
export function secretField(of: Field & { readonly name: string }): Html {
  return field(
    of,
    (ties) => html`<input ${ties} name="${of.name}" type="password" autocomplete="new-password" />`,
  )
}

export function alarm(text: string | Html | undefined): Html | undefined {
  return text === undefined ? undefined : html`<p class="notice alarm" role="alert">${text}</p>`
}

export function pathOfApp({ base, app }: Pick<OfApp, 'base' | 'app'>): string {
  return base + appPath(app.appIdentifier)
}
