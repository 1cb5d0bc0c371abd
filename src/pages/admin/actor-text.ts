import { html, type HtmlValue } from '../html'
import { fill } from '../texts/fill'
import type { AdminTexts } from './texts/en'

/** Who has changed something, as far as whoever looks may know. */
export type ShownActor =
  /** By the keys of the root app. */
  | { readonly by: 'root' }
  /** By the keys of an app. */
  | { readonly by: 'keys'; readonly app: string }
  | { readonly by: 'operator'; readonly name: string }
  /** One of those who see all apps: whose name is not for everybody. */
  | { readonly by: 'someOperator' }
  | { readonly by: 'somebody' }

/** That in words. */
export function actorText(actor: ShownActor, { signIns }: AdminTexts): HtmlValue {
  switch (actor.by) {
    case 'root':
      return signIns.byRoot
    case 'keys':
      return fill(signIns.byKeys, { app: actor.app })
    case 'operator':
      return fill(signIns.byOperator, { name: html`<bdi>${actor.name}</bdi>` })
    case 'someOperator':
      return signIns.bySomeOperator
    case 'somebody':
      return signIns.bySomebody
  }
}
