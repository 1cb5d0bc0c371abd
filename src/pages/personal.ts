import { html, type Html } from './html'

/** A name that somebody has chosen, in whatever script: it turns nothing around it the other way. */
export function personal(name: string): Html {
  return html`<bdi>${name}</bdi>`
}
