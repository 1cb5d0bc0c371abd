import { html, type Html } from './html'

/** What is told in English alone, as the log has it, on a page of any language. */
export function inEnglish(text: string): Html {
  return html`<span lang="en" dir="ltr">${text}</span>`
}
