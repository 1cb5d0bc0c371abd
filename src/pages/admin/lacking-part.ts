import { html, type Html } from '../html'
import { fill } from '../texts/fill'
import type { AdminTexts } from './texts/en'

/** That the store of this host does not keep what a page shows, and which part of it would. */
export function lackingPart(part: string, { common }: AdminTexts): Html {
  const why = new Map<string, string>([
    ['auditHistory', common.noTrail],
    ['stats', common.noFigures],
    ['webhooks', common.noWebhooks],
    ['bulk', common.noBulk],
  ])
  return html`${why.get(part) ?? common.notKept}
  ${fill(common.lacksPart, { part: html`<code>${part}</code>` })}`
}
