import { html, type Html } from '../html'

/** A time to the second, in UTC: pages for operators say so where they show times. */
export function utcTime(atMs: number): Html {
  const iso = new Date(atMs).toISOString()
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')}</time>`
}
