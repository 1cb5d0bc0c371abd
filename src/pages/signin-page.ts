import { html } from './html'
import type { Page } from './page'
import { STYLE } from './style'
import { TEXTS } from './texts'

/** A plain text button: Amazon's own images are for the front ends of apps. */
export const SIGN_IN = html`<p class="act">
  <a class="button" href="amazon_auth">${TEXTS.signIn}</a>
</p>`

/** Where people may begin to sign in to the root app. */
export const SIGNIN_PAGE: Page = {
  title: TEXTS.signIn,
  styles: [STYLE],
  content: html`<main>
    <h1>${TEXTS.notSignedIn}</h1>
    ${SIGN_IN}
  </main>`,
}
