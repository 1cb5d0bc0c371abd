import { html, type Html } from './html'
import type { Page } from './page'
import { plainPage } from './plain-page'
import type { Texts } from './texts/en'
import { fill } from './texts/fill'

/**
 * Where people may begin to sign in to the root app.
 *
 * @param signsIn Whether it signs anybody in.
 */
export function signinPage(signsIn: boolean, texts: Texts): Page {
  const title = signsIn ? texts.signIn : texts.notSignedIn
  return plainPage(texts, title, notSignedIn(signsIn, texts))
}

/** What people read who are not signed in: how to, or, where the root app signs nobody in, where else. */
export function notSignedIn(signsIn: boolean, texts: Texts): Html {
  return html`<h1>${texts.notSignedIn}</h1>
    ${signsIn ? signIn(texts) : elsewhere(texts)}`
}

/** A plain text button: Amazon's own images are for the front ends of apps. */
function signIn(texts: Texts): Html {
  return html`<p class="act">
    <a class="button" href="amazon_auth">${texts.signIn}</a>
  </p>`
}

function elsewhere(texts: Texts): Html {
  const command = html`<code>express-amazon-auth apps create</code>`
  const address = html`<code>/amazon_auth?state=&lt;app&gt;</code>`
  return html`<p>${texts.signInElsewhere}</p>
    <p>
      ${texts.forOperators} ${fill(texts.makeApp, { command })} ${fill(texts.openApp, { address })}
    </p>`
}
