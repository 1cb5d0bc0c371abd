import { html, type Html } from '../html'
import { fill } from '../texts/fill'
import type { AdminPage } from './admin-layout'
import type { AdminTexts } from './texts/en'

/** What the page to sign in at shows. */
export interface OperatorSignIn {
  /** Path that all pages lie below. */
  readonly base: string
  readonly rootId: string
  /** Page to go on to, below the pages. */
  readonly to: string
  /** As it was typed. */
  readonly accessKey?: string
  /** What keeps the last try from being taken. */
  readonly problem?: string | Html
  /** A sentence that is no problem. */
  readonly notice?: string
  /** Signing in by Amazon; undefined: nobody may. */
  readonly amazon?: OperatorAtAmazon | undefined
}

/** Where one begins to sign in by Amazon; or who has, and whether they are an operator. */
export type OperatorAtAmazon =
  | { readonly begin: string }
  | { readonly name: string; readonly identifier: string; readonly isOperator: boolean }

export function operatorSignInPage(shown: OperatorSignIn, texts: AdminTexts): AdminPage {
  const { signIn } = texts
  const { base, rootId, to, accessKey = '', problem, notice, amazon } = shown
  const help = fill(signIn.accessKeyHelp, { app: rootId })
  return {
    title: signIn.title,
    content: html`<div class="narrow">
      ${notice === undefined ? undefined : html`<p class="notice" role="status">${notice}</p>`}
      ${
        problem === undefined
          ? undefined
          : html`<p class="notice alarm" role="alert" id="problem">${problem}</p>`
      }
      <p>${signIn.about}</p>
      <form class="form card" method="post" action="${base}/sign-in" autocomplete="off">
        <input type="hidden" name="to" value="${to}" />
        <input type="hidden" name="probed" value="1" />
        <p class="field">
          <label for="access_key">${signIn.accessKey}</label>
          <input
            id="access_key"
            name="access_key"
            value="${accessKey}"
            required
            autocapitalize="none"
            spellcheck="false"
            aria-describedby="access_key_help"
          />
          <small class="help" id="access_key_help">${help}</small>
        </p>
        <p class="field">
          <label for="secret_key">${signIn.secretKey}</label>
          <input id="secret_key" name="secret_key" type="password" required autocomplete="off" />
        </p>
        <p><button class="button">${signIn.signIn}</button></p>
      </form>
      ${amazon === undefined ? undefined : byAmazon(amazon, shown, texts)}
    </div>`,
  }
}

function byAmazon(amazon: OperatorAtAmazon, { base, to }: OperatorSignIn, texts: AdminTexts): Html {
  const { signIn } = texts
  return html`<section class="card">
    <h2>${signIn.byAmazon}</h2>
    ${
      'begin' in amazon
        ? html`<p><a class="button quiet" href="${amazon.begin}">${signIn.byAmazonSignIn}</a></p>`
        : asKnown(amazon, { base, to }, texts)
    }
  </section>`
}

function asKnown(
  { name, identifier, isOperator }: Exclude<OperatorAtAmazon, { begin: string }>,
  { base, to }: Pick<OperatorSignIn, 'base' | 'to'>,
  { signIn }: AdminTexts,
): Html {
  if (!isOperator) {
    return html`<p>
      ${fill(signIn.notListed, { name, identifier: html`<code>${identifier}</code>` })}
    </p>`
  }
  return html`<form method="post" action="${base}/sign-in">
    <input type="hidden" name="to" value="${to}" />
    <input type="hidden" name="probed" value="1" />
    <input type="hidden" name="by" value="amazon" />
    <button class="button">${fill(signIn.goOn, { name })}</button>
  </form>`
}
