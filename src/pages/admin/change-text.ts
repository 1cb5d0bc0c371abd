import { html, type HtmlValue } from '../html'
import type { AdminTexts } from './texts/en'

/**
 * What an operator has changed, in words.
 *
 * @param action As the audit trail names it. What no words are known of, as a newer version may have written, is shown as
 * it is.
 */
export function changeText(action: string, { changes }: AdminTexts): HtmlValue {
  const words = new Map<string, string>(Object.entries(changes))
  return words.get(action) ?? html`<code>${action}</code>`
}
