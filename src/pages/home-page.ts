import { html, type Html } from './html'
import type { Page } from './page'
import { personal } from './personal'
import { plainPage } from './plain-page'
import { notSignedIn, toOperators } from './signin-page'
import type { Texts } from './texts/en'
import { fill } from './texts/fill'

/** Who is signed in, by name. */
export interface Visitor {
  readonly app: { readonly name: string } | undefined
  readonly user: { readonly name: string } | undefined
}

/**
 * Where people land after signing in to an app that has named no place of its own.
 *
 * @param offers.signsIn Whether the root app signs anybody in.
 * @param offers.operators Path of the pages for operators; undefined: they are not to be named.
 */
export function homePage(
  { app, user }: Visitor,
  { signsIn, operators }: { readonly signsIn: boolean; readonly operators: string | undefined },
  texts: Texts,
): Page {
  return app === undefined || user === undefined
    ? plainPage(texts, texts.notSignedIn, notSignedIn(signsIn, texts, operators))
    : plainPage(
        texts,
        texts.signedIn,
        html`${signedIn(user.name, app.name, texts)}
        ${operators && html`<p>${texts.forOperators} ${toOperators(operators, texts)}</p>`}`,
      )
}

function signedIn(name: string, appName: string, texts: Texts): Html {
  return html`<h1>${texts.signedIn}</h1>
    <p>${fill(texts.signedInAs, { name: bold(name), app: bold(appName) })}</p>
    <form method="post" action="amazon_auth/logout">
      <button class="button quiet">${texts.signOut}</button>
    </form>`
}

function bold(name: string): Html {
  return html`<b>${personal(name)}</b>`
}
