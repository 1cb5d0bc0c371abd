import { html } from './html'
import type { Page } from './page'
import { STYLE } from './style'
import { TEXTS } from './texts'

/** Asks a person whom another page has sent to sign out: only they may want it. The form goes to the page's own address. */
export const SIGNOUT_PAGE: Page = {
  title: TEXTS.signOut,
  styles: [STYLE],
  content: html`<main>
    <h1>${TEXTS.signOutAsked}</h1>
    <form method="post"><button class="button">${TEXTS.signOut}</button></form>
  </main>`,
}
