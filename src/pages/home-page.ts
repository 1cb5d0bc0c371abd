import { html, type Html } from './html'
import type { Page } from './page'
import { plainPage } from './plain-page'
import { notSignedIn } from './signin-page'
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
  return app === undefined || user === undefined
    ? plainPage(TEXTS.notSignedIn, notSignedIn(signsIn))
    : plainPage(TEXTS.signedIn, signedIn(user.name, app.name))
}

function signedIn(name: string, appName: string): Html {
  return html`<h1>${TEXTS.signedIn}</h1>
    <p>Signed in as <b>${name}</b> to <b>${appName}</b>.</p>
    <form method="post" action="amazon_auth/logout">
      <button class="button quiet">${TEXTS.signOut}</button>
    </form>`
}
