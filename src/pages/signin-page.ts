import { html, type Html } from './html'
import type { Page } from './page'
import { plainPage } from './plain-page'
import { TEXTS } from './texts'

/**
 * Where people may begin to sign in to the root app.
 *
 * @param signsIn Whether it signs anybody in.
 */
export function signinPage(signsIn: boolean): Page {
  return plainPage(signsIn ? TEXTS.signIn : TEXTS.notSignedIn, notSignedIn(signsIn))
}

/** What people read who are not signed in: how to, or, where the root app signs nobody in, where else. */
export function notSignedIn(signsIn: boolean): Html {
  return html`<h1>${TEXTS.notSignedIn}</h1>
    ${signsIn ? SIGN_IN : ELSEWHERE}`
}

/** A plain text button: Amazon's own images are for the front ends of apps. */
const SIGN_IN = html`<p class="act">
  <a class="button" href="amazon_auth">${TEXTS.signIn}</a>
</p>`

const ELSEWHERE = html`<p>${TEXTS.signInElsewhere}</p>
  <p>
    ${TEXTS.forOperators} ${TEXTS.makeApp} <code>express-amazon-auth apps create</code>.
    ${TEXTS.openApp} <code>/amazon_auth?state=&lt;app&gt;</code>.
  </p>`
