import { html } from './html'
import { plainPage } from './plain-page'
import { TEXTS } from './texts'

/** Asks a person whom another page has sent to sign out: only they may want it. The form goes to the page's own address. */
export const SIGNOUT_PAGE = plainPage(
  TEXTS.signOut,
  html`<h1>${TEXTS.signOutAsked}</h1>
    <form method="post"><button class="button">${TEXTS.signOut}</button></form>`,
)
