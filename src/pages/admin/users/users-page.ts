import { html, type Html } from '../../html'
import { fill } from '../../texts/fill'
import type { AdminPage } from '../admin-layout'
import { lackingPart } from '../lacking-part'
import type { AdminTexts } from '../texts/en'
import { utcTime } from '../utc-time'
import { actionField } from './action-field'
import { chosenText, nameForLabel, nameOf, stateTag, type ShownUser } from './shown-user'

/** A page of an app's users. */
export interface UsersPage {
  readonly app: { readonly appIdentifier: string; readonly name: string }
  /** Path of the list, e.g. `/admin/apps/shop/users`. */
  readonly path: string
  /** What is searched for; empty: nothing. */
  readonly search: string
  readonly sort: UserColumn
  readonly descending: boolean
  readonly users: readonly ShownUser[]
  /** In milliseconds since 1970, by id; undefined: nothing is kept that tells. */
  readonly lastSignIns: ReadonlyMap<string, number> | undefined
  /** Whether many users can be changed at once. */
  readonly hasBulk: boolean
  readonly total: number
  /** More of a search may match than a list finds. */
  readonly mayBeMore: boolean
  /** Of a search, counted from 1. */
  readonly page?: { readonly number: number; readonly of: number } | undefined
  /** Addresses; undefined: there is none. */
  readonly first: string | undefined
  readonly previous: string | undefined
  readonly next: string | undefined
  /** The list begins anew, as the place to go on from is gone. */
  readonly isPlaceGone: boolean
  readonly tokenField: Html
}

export type UserColumn = 'name' | 'email' | 'id' | 'timestamp' | 'updated'

export function usersPage(shown: UsersPage, texts: AdminTexts): AdminPage {
  const { users: words } = texts
  const { app, users, isPlaceGone } = shown
  return {
    title: words.title,
    section: 'users',
    app,
    scripts: shown.hasBulk ? ['pick-all.js'] : [],
    content: html`${searchForm(shown, texts)}
    ${isPlaceGone ? html`<p class="notice warn" role="status">${words.placeGone}</p>` : undefined}
    ${users.length === 0 ? noUsers(shown, texts) : list(shown, texts)}
    ${shown.hasBulk ? html`<p><a href="${shown.path}/bulk">${words.latest}</a></p>` : undefined}`,
  }
}

function searchForm({ path, search, sort, descending }: UsersPage, texts: AdminTexts): Html {
  const { users: words, common } = texts
  return html`<form class="form row" method="get" action="${path}" role="search">
    <input type="hidden" name="sort" value="${sort}" />
    <input type="hidden" name="desc" value="${descending ? 1 : 0}" />
    <div class="field">
      <label for="q">${words.searchLabel}</label>
      <input
        id="q"
        name="q"
        type="search"
        value="${search}"
        maxlength="256"
        autocapitalize="none"
        spellcheck="false"
      />
    </div>
    <div class="buttons">
      <button class="button">${common.search}</button>
      ${search === '' ? undefined : html`<a class="button quiet" href="${path}">${words.all}</a>`}
    </div>
  </form>`
}

function noUsers({ search }: UsersPage, { users: words }: AdminTexts): Html {
  return html`<p class="empty">${search === '' ? words.nobody : words.nobodyFound}</p>`
}

function list(shown: UsersPage, texts: AdminTexts): Html {
  const { path, search, tokenField, hasBulk } = shown
  const users = html`${table(shown, texts)} ${pager(shown, texts)}`
  if (!hasBulk)
    return html`${users}
      <p class="soft">${lackingPart('bulk', texts)}</p>`
  return html`<form method="post" action="${path}/bulk">
    ${tokenField}
    <input type="hidden" name="search" value="${search}" />
    ${users} ${withMany(shown, texts)}
  </form>`
}

function table(shown: UsersPage, texts: AdminTexts): Html {
  const { users: words } = texts
  const { users, hasBulk, lastSignIns } = shown
  return html`<div class="scroll" tabindex="0" role="region" aria-labelledby="users-caption">
    <table class="table">
      <caption id="users-caption">
        ${caption(shown, texts)}
      </caption>
      <thead>
        <tr>
          ${hasBulk ? pickAll(texts) : undefined} ${column('name', shown, texts)}
          ${column('email', shown, texts)} ${column('id', shown, texts)}
          <th scope="col">${words.state}</th>
          ${lastSignIns && html`<th scope="col">${words.lastSignIn}</th>`}
          ${column('timestamp', shown, texts)} ${column('updated', shown, texts)}
        </tr>
      </thead>
      <tbody>
        ${users.map((user) => row(user, shown, texts))}
      </tbody>
    </table>
  </div>`
}

function pickAll({ users: words }: AdminTexts): Html {
  return html`<th scope="col">
    <input type="checkbox" data-pick-all aria-label="${words.pickAll}" hidden />
    <span class="unseen">${words.toPicked}</span>
  </th>`
}

function withMany({ search }: UsersPage, texts: AdminTexts): Html {
  const { users: words } = texts
  return html`<section class="card">
    <h2>${words.withMany}</h2>
    <p class="soft">${words.withManyHelp}</p>
    <div class="form">
      ${actionField(texts)}
      <div class="buttons">
        <button class="button quiet" name="covers" value="ids">${words.toPicked}</button>
        ${
          search === ''
            ? html`<button class="button quiet" name="covers" value="all">${words.toAll}</button>`
            : html`<button class="button quiet" name="covers" value="search">
                ${words.toMatching}
              </button>`
        }
      </div>
    </div>
  </section>`
}

function caption({ search, total, mayBeMore, page }: UsersPage, { users, common }: AdminTexts) {
  if (search === '') return html`${fill(users.caption, { total })} ${common.utc}`
  if (mayBeMore) return html`${fill(users.foundMany, { total })} ${common.utc}`
  const { number = 1, of = 1 } = page ?? {}
  return html`${fill(users.found, { total, page: number, pages: of })} ${common.utc}`
}

function column(name: UserColumn, shown: UsersPage, { users: words }: AdminTexts): Html {
  const titles = { timestamp: words.created, updated: words.updated }
  const title = name === 'timestamp' || name === 'updated' ? titles[name] : words[name]
  const isSorted = shown.sort === name
  const descending = isSorted ? !shown.descending : name === 'timestamp' || name === 'updated'
  const query = new URLSearchParams({ sort: name, desc: descending ? '1' : '0' })
  if (shown.search !== '') query.set('q', shown.search)
  const direction = shown.descending ? 'descending' : 'ascending'
  const link = html`<a
    href="${shown.path}?${query.toString()}"
    title="${fill(words.sortBy, { column: title })}"
    >${title}</a
  >`
  if (!isSorted) return html`<th scope="col">${link}</th>`
  return html`<th scope="col" aria-sort="${direction}">
    ${link} <span aria-hidden="true">${shown.descending ? '↓' : '↑'}</span>
  </th>`
}

function row(user: ShownUser, { path, lastSignIns, hasBulk }: UsersPage, texts: AdminTexts): Html {
  return html`<tr>
    ${hasBulk ? pick(user, texts) : undefined}
    <th scope="row"><a href="${path}/${encodeURIComponent(user.id)}">${nameOf(user, texts)}</a></th>
    <td>${chosenText(user.email, texts.users.noEmail)}</td>
    <td><code>${user.id}</code></td>
    <td>${stateTag(user, texts)}</td>
    ${lastSignIns && html`<td>${lastSignIn(lastSignIns.get(user.id), texts)}</td>`}
    <td>${utcTime(user.createdAtMs)}</td>
    <td>${utcTime(user.updatedAtMs)}</td>
  </tr>`
}

function pick(user: ShownUser, { users: words }: AdminTexts): Html {
  const label = words.pick.replace('{name}', () => nameForLabel(user))
  return html`<td><input type="checkbox" name="id" value="${user.id}" aria-label="${label}" /></td>`
}

function lastSignIn(atMs: number | undefined, { users: words }: AdminTexts): Html {
  return atMs === undefined ? html`<span class="soft">${words.noSignIn}</span>` : utcTime(atMs)
}

function pager({ first, previous, next }: UsersPage, { users, common }: AdminTexts) {
  if (first === undefined && previous === undefined && next === undefined) return undefined
  const link = (href: string | undefined, text: string, rel: string) =>
    href === undefined ? undefined : html`<a href="${href}" rel="${rel}">${text}</a>`
  return html`<nav class="pager" aria-label="${users.pagesOf}">
    ${link(first, common.first, 'first')} ${link(previous, common.previous, 'prev')}
    ${link(next, common.next, 'next')}
  </nav>`
}
