import { html, type Html, type HtmlValue } from '../html'

/**
 * A text with what stands for the names in its braces.
 *
 * @example fill('Signed in to {app}.', { app: html`<b>${name}</b>` })
 */
export function fill(text: string, values: Readonly<Record<string, HtmlValue>>): Html {
  const parts = text.split(/\{(\w+)\}/)
  // Texts and names take turns.
  return html`${parts.map((part, at) => (at % 2 === 0 ? part : values[part]))}`
}

/** The same where it is no markup. */
export function fillText(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (_place, name: string) => String(values[name]))
}
