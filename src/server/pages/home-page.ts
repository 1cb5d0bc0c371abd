import { html, type Html } from '../../emulator/pages/html'
import type { RequestAuth } from '../../http/request-auth'
import type { Page } from './page'
import { SIGN_IN } from './signin-page'
import { STYLE } from './style'

/** Where people land after signing in to an app that has named no place of its own. */
export function homePage({ app, user }: RequestAuth): Page {
  const isIn = app !== undefined && user !== undefined
  return {
    title: isIn ? 'Signed in' : 'Not signed in',
    styles: [STYLE],
    content: html`<main>${isIn ? signedIn(user.name, app.name) : NOT_SIGNED_IN}</main>`,
  }
}

const NOT_SIGNED_IN = html`<h1>Not signed in</h1>
  ${SIGN_IN}`

function signedIn(name: string, appName: string): Html {
  return html`<h1>Signed in</h1>
    <p>Signed in as <b>${name}</b> to <b>${appName}</b>.</p>
    <form method="post" action="/amazon_auth/logout">
      <button class="button quiet">Sign out</button>
    </form>`
}
