import { html, type Html } from './html'
import type { Page } from './page'
import { notSignedIn } from './signin-page'
import { STYLE } from './style'
import { TEXTS } from './texts'

/** Who is signed in, by name. */
export interface Visitor {
  readonly app: { readonly name: string } | undefined
  readonly user: { readonly name: string } | undefined
}

/**
 * Where people land after signing in to an app that has named no place of its own.
 *
 * @param signsIn Whether the root app signs anybody in.
 */
export function homePage({ app, user }: Visitor, signsIn: boolean): Page {
  const isIn = app !== undefined && user !== undefined
  return {
    title: isIn ? TEXTS.signedIn : TEXTS.notSignedIn,
    styles: [STYLE],
    content: html`<main>${isIn ? signedIn(user.name, app.name) : notSignedIn(signsIn)}</main>`,
  }
}

function signedIn(name: string, appName: string): Html {
  return html`<h1>${TEXTS.signedIn}</h1>
    <p>Signed in as <b>${name}</b> to <b>${appName}</b>.</p>
    <form method="post" action="amazon_auth/logout">
      <button class="button quiet">${TEXTS.signOut}</button>
    </form>`
}
