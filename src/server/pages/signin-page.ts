import type { Request } from 'express'

import { html } from '../../emulator/pages/html'
import type { Page } from './page'
import { STYLE } from './style'

const MAX_CAUSE_CHARACTERS = 200

/** A plain text button: Amazon's own images are for the front ends of apps. */
export const SIGN_IN = html`<p class="act">
  <a class="button" href="/amazon_auth">Sign in with Amazon</a>
</p>`

const TRY_AGAIN = html`<p class="act"><a class="button" href="/amazon_auth">Try again</a></p>`

/** Where people land whose sign-in failed, unless app or configuration send them elsewhere. */
export function signinPage({ error, cause }: Request['query']): Page {
  const hasFailed = error !== undefined || cause !== undefined
  const title = hasFailed ? 'The sign-in failed' : 'Sign in'
  const reason = typeof cause === 'string' ? cause.slice(0, MAX_CAUSE_CHARACTERS) : ''
  const said = reason === '' ? 'You are not signed in.' : reason
  return {
    title,
    styles: [STYLE],
    content: html`<main>
      <h1>${title}</h1>
      ${hasFailed ? html`<p role="alert">${said}</p>` : undefined}
      ${hasFailed ? TRY_AGAIN : SIGN_IN}
    </main>`,
  }
}
