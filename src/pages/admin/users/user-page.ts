import { html, type Html, type HtmlValue } from '../../html'
import { fill } from '../../texts/fill'
import type { AdminPage } from '../admin-layout'
import { lackingPart } from '../lacking-part'
import type { AdminTexts } from '../texts/en'
import { utcTime } from '../utc-time'
import { chosenText, nameForLabel, nameOf, stateTag, type ShownUser } from './shown-user'
import { userEvents, type UserEvents } from './user-events'

/** What is kept of Amazon's tokens: never one of them. */
export type ShownTokens =
  | { readonly state: 'off' }
  | { readonly state: 'none' }
  | { readonly state: 'kept' | 'lost' | 'revoked'; readonly sinceMs: number }

/** A field by its name. */
export type ShownField = readonly [name: string, value: string]

export interface UserPage {
  readonly app: { readonly appIdentifier: string; readonly name: string }
  /** Path of the list, e.g. `/admin/apps/shop/users`. */
  readonly path: string
  readonly user: ShownUser & { readonly groups: string; readonly picture: string }
  /** Of one who has given up the identifier of before: how. */
  readonly givenUp: 'unlinked' | 'relinked' | undefined
  readonly isLinked: boolean
  /** Undefined: not known. */
  readonly scopes: readonly string[] | undefined
  readonly further: readonly ShownField[]
  /** What the app's mapping makes of it now; undefined: it has none. */
  readonly claims: readonly ShownField[] | undefined
  readonly tokens: ShownTokens
  readonly lastSignInMs: number | undefined
  /** Undefined: nothing is kept that tells. */
  readonly events: UserEvents | undefined
  /** Whether an export has more than the record of the user. */
  readonly exportsAll: boolean
}

export function userPage(shown: UserPage, texts: AdminTexts): AdminPage {
  const { users: words } = texts
  const { app, path, user } = shown
  return {
    title: nameForLabel(user),
    heading: nameOf(user, texts),
    section: 'users',
    app,
    content: html`<p><a href="${path}">${words.list}</a></p>
      <div class="grid">
        <section class="card">
          <h2>${words.user}</h2>
          ${facts(shown, texts)}
        </section>
        <section class="card">
          <h2>${words.actions}</h2>
          ${actions(shown, texts)}
        </section>
      </div>
      <div class="grid">${profile(shown, texts)} ${claims(shown, texts)}</div>
      ${shown.events === undefined ? html`<p class="notice">${lackingPart('auditHistory', texts)}</p>` : userEvents(shown.events, texts)}`,
  }
}

function facts(shown: UserPage, texts: AdminTexts): Html {
  const { user, tokens, scopes, givenUp } = shown
  const { users: words } = texts
  const account = { unlinked: words.givenUp, relinked: words.takenOver }
  const rows: readonly (readonly [string, HtmlValue])[] = [
    [words.state, stateTag(user, texts)],
    [words.name, nameOf(user, texts)],
    [words.email, chosenText(user.email, words.noEmail)],
    [words.id, html`<code>${user.id}</code>`],
    [
      words.identifier,
      givenUp === undefined ? html`<code>${user.identifier}</code>` : account[givenUp],
    ],
    [words.groups, html`<bdi>${user.groups}</bdi>`],
    [words.picture, chosenText(user.picture, texts.common.none)],
    [words.scopes, scopes === undefined ? words.notKnown : scopes.join(' ')],
    [words.tokens, tokensText(tokens, texts)],
    [words.lastSignIn, lastSignIn(shown, texts)],
    [words.created, utcTime(user.createdAtMs)],
    [words.updated, utcTime(user.updatedAtMs)],
  ]
  return html`<dl class="facts">
    ${rows.map(
      ([term, value]) =>
        html`<div>
          <dt>${term}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`
}

function lastSignIn({ lastSignInMs, events }: UserPage, { users: words }: AdminTexts): HtmlValue {
  if (lastSignInMs !== undefined) return utcTime(lastSignInMs)
  return events === undefined ? words.notKnown : words.noSignIn
}

function tokensText(tokens: ShownTokens, { users: words }: AdminTexts): HtmlValue {
  if (tokens.state === 'off') return words.tokensOff
  if (tokens.state === 'none') return words.tokensNone
  const texts = { kept: words.tokensKept, lost: words.tokensLost, revoked: words.tokensRevoked }
  return fill(texts[tokens.state], { time: utcTime(tokens.sinceMs) })
}

function actions(
  { path, user, isLinked, exportsAll }: UserPage,
  { users: words }: AdminTexts,
): Html {
  const of = `${path}/${encodeURIComponent(user.id)}`
  const link = (action: string, text: string, look = 'quiet') =>
    html`<a class="button ${look}" href="${of}/${action}">${text}</a>`
  return html`<div class="buttons">
      ${user.active ? link('lock', words.lock) : link('unlock', words.unlock)}
      ${link('sign-out', words.signOut)} ${isLinked ? link('unlink', words.unlink) : undefined}
      ${link('delete', words.delete, 'quiet danger')}
    </div>
    <p><a href="${of}/export" download>${words.export}</a></p>
    <p class="soft small">${exportsAll ? words.exportHelp : words.exportRecord}</p>`
}

function profile({ further }: UserPage, texts: AdminTexts): Html {
  const { users: words } = texts
  return html`<section class="card">
    <h2>${words.further}</h2>
    ${further.length === 0 ? html`<p class="soft">${words.noFurther}</p>` : fields(further, words.further, texts)}
  </section>`
}

function claims({ claims: mapped }: UserPage, texts: AdminTexts): Html {
  const { users: words } = texts
  return html`<section class="card">
    <h2>${words.claims}</h2>
    ${
      mapped === undefined || mapped.length === 0
        ? html`<p class="soft">${words.noClaims}</p>`
        : fields(mapped, words.claims, texts)
    }
  </section>`
}

function fields(shown: readonly ShownField[], label: string, { users: words }: AdminTexts): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">
    <table class="table">
      <thead>
        <tr>
          <th scope="col">${words.field}</th>
          <th scope="col">${words.value}</th>
        </tr>
      </thead>
      <tbody>
        ${shown.map(
          ([name, value]) =>
            html`<tr>
              <th scope="row"><code>${name}</code></th>
              <td><bdi>${value}</bdi></td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}
