import { html } from './html'
import type { Page } from './page'
import { plainPage } from './plain-page'
import type { Texts } from './texts/en'

/**
 * Asks a person whom another page has sent to sign out: only they may want it. The form goes to the page's own address.
 *
 * @param everywhere Whether it is about all their devices.
 */
export function signoutPage(texts: Texts, everywhere: boolean): Page {
  return plainPage(
    texts,
    texts.signOut,
    html`<h1>${everywhere ? texts.signOutEverywhereAsked : texts.signOutAsked}</h1>
      <form method="post"><button class="button">${texts.signOut}</button></form>`,
  )
}
