import { html, type Html } from '../../html'
import { fill } from '../../texts/fill'
import type { AdminPage } from '../admin-layout'
import type { AdminTexts } from '../texts/en'
import { nameOf, stateTag, type ShownUser } from './shown-user'

/** What an operator may do to one user, as its path has it. */
export type UserAction = 'lock' | 'unlock' | 'sign-out' | 'unlink' | 'delete'

export interface UserQuestion {
  readonly app: { readonly appIdentifier: string; readonly name: string }
  /** Path of the user, e.g. `/admin/apps/shop/users/1001`. */
  readonly path: string
  readonly action: UserAction
  readonly user: ShownUser
  /** Whether the operator is this user. */
  readonly isYourself: boolean
  /** What kept the last try from being done. */
  readonly problem: string | undefined
  readonly tokenField: Html
}

/** Asks before something is done to a user, and says what it does. */
export function userQuestionPage(shown: UserQuestion, texts: AdminTexts): AdminPage {
  const { users: words, common } = texts
  const { app, path, action, user, isYourself } = shown
  const { title, effect, button } = wordsOf(action, texts)
  const isDanger = action === 'delete' || action === 'unlink'
  return {
    title,
    section: 'users',
    app,
    content: html`<form class="form card narrow" method="post" action="${path}/${action}">
      ${shown.tokenField}
      <p><b>${nameOf(user, texts)}</b> ${stateTag(user, texts)}<br /><code>${user.id}</code></p>
      <p>${effect}</p>
      ${isYourself ? html`<p class="notice warn">${words.yourself}</p>` : undefined}
      ${action === 'delete' ? typed(shown, texts) : undefined}
      <div class="buttons">
        <button class="button${isDanger ? ' danger' : ''}">${button}</button>
        <a class="button quiet" href="${path}">${common.cancel}</a>
      </div>
    </form>`,
  }
}

function typed({ user, problem }: UserQuestion, texts: AdminTexts): Html {
  const { users: words } = texts
  const label = fill(words.deleteType, {
    name: nameOf(user, texts),
    id: html`<code>${user.id}</code>`,
  })
  return html`<div class="field">
    <label for="typed">${label}</label>
    <input
      id="typed"
      name="typed"
      required
      autocomplete="off"
      autocapitalize="none"
      spellcheck="false"
      ${problem === undefined ? undefined : html`aria-invalid="true" aria-describedby="typed-error"`}
    />
    ${problem === undefined ? undefined : html`<p class="error" id="typed-error">${problem}</p>`}
  </div>`
}

function wordsOf(action: UserAction, { users }: AdminTexts) {
  const of = {
    lock: [users.lockTitle, users.lockEffect, users.lock],
    unlock: [users.unlockTitle, users.unlockEffect, users.unlock],
    'sign-out': [users.signOutTitle, users.signOutEffect, users.signOut],
    unlink: [users.unlinkTitle, users.unlinkEffect, users.unlink],
    delete: [users.deleteTitle, users.deleteEffect, users.delete],
  } as const
  const [title, effect, button] = of[action]
  return { title, effect, button }
}
