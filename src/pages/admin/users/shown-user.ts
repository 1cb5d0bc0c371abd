import { html, type Html } from '../../html'
import type { AdminTexts } from '../texts/en'

/** What pages show of a user. */
export interface ShownUser {
  readonly id: string
  readonly identifier: string
  readonly email: string
  readonly name: string
  readonly active: boolean
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** Blanks, marks that combine with what is before them, and characters that nobody sees. */
const NOTHING_TO_SEE = /^[\p{Z}\p{C}\p{M}\u115f\u1160\u3164\uffa0\u2800]*$/u

/** A text that somebody has chosen, kept from turning the line around it; where it shows nothing, the text for that. */
export function chosenText(text: string, none: string): Html {
  return NOTHING_TO_SEE.test(text)
    ? html`<span class="soft">${none}</span>`
    : html`<bdi>${text}</bdi>`
}

export function nameOf({ name }: Pick<ShownUser, 'name'>, { users }: AdminTexts): Html {
  return chosenText(name, users.noName)
}

/** As the label of a control, which holds no markup. */
export function nameForLabel({ name, id }: Pick<ShownUser, 'name' | 'id'>): string {
  // Isolated, as the text around it is in the language of the page.
  return NOTHING_TO_SEE.test(name) ? id : `\u2068${name}\u2069`
}

export function stateTag({ active }: Pick<ShownUser, 'active'>, { users }: AdminTexts): Html {
  return active
    ? html`<span class="tag good">${users.active}</span>`
    : html`<span class="tag alarm">${users.locked}</span>`
}
