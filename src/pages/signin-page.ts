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

/**
 * What people read who are not signed in: how to, or, where the root app signs nobody in, where else.
 *
 * @param operators Path of the pages for operators; undefined: they are not to be named.
 */
export function notSignedIn(signsIn: boolean, texts: Texts, operators?: string): Html {
  const link = operators && toOperators(operators, texts)
  return html`<h1>${texts.notSignedIn}</h1>
    ${signsIn ? signIn(texts) : html`<p>${texts.signInElsewhere}</p>`}
    ${signsIn && !link ? undefined : html`<p>${texts.forOperators} ${link} ${signsIn ? undefined : makeApp(texts)}</p>`}`
}

/** A plain text button: Amazon's own images are for the front ends of apps. */
function signIn(texts: Texts): Html {
  return html`<p class="act">
    <a class="button" href="amazon_auth">${texts.signIn}</a>
  </p>`
}

/** @param path Of the pages for operators. */
export function toOperators(path: string, texts: Texts): Html {
  return html`<a href="${path}" data-testid="operators">${texts.toOperators}</a>.`
}

function makeApp(texts: Texts): Html {
  const command = html`<code>express-amazon-auth apps create</code>`
  const address = html`<code>/amazon_auth?state=&lt;app&gt;</code>`
  return html`${fill(texts.makeApp, { command })} ${fill(texts.openApp, { address })}`
}
