import { html, type Html } from '../../html'
import { fill } from '../../texts/fill'
import type { AdminPage } from '../admin-layout'
import type { AdminTexts } from '../texts/en'
import { appPath } from '../app-path'

/** An app as the list shows it. */
export interface ListedApp {
  readonly appIdentifier: string
  readonly name: string
  readonly active: boolean
  readonly isRoot: boolean
  /** Milliseconds since 1970. */
  readonly timestamp: number
}

export interface AppList {
  readonly base: string
  readonly apps: readonly ListedApp[]
  readonly total: number
  /** Empty: all are listed. */
  readonly search: string
  /** Queries of the pages beside this one; undefined: there is none. */
  readonly first: string | undefined
  readonly next: string | undefined
}

/** Apps, a page at a time. */
export function appsPage(list: AppList, texts: AdminTexts): AdminPage {
  const { base, search, total } = list
  const { apps, common } = texts
  return {
    title: apps.title,
    section: 'apps',
    content: html`<div class="toolbar">
        <form class="form row" method="get" action="${base}/apps" role="search">
          <div class="field">
            <label for="search">${apps.searchFor}</label>
            <input
              id="search"
              name="search"
              type="search"
              value="${search}"
              autocapitalize="none"
            />
          </div>
          <button class="button quiet">${common.search}</button>
        </form>
        <a class="button" href="${base}/new-app">${apps.create}</a>
      </div>
      <p class="soft">${fill(search === '' ? apps.total : apps.totalFound, { count: total })}</p>
      ${list.apps.length === 0 ? empty(search, texts) : table(list, texts)} ${pager(list, texts)}`,
  }
}

function empty(search: string, { apps }: AdminTexts): Html {
  return html`<p class="empty">${search === '' ? apps.none : apps.noneFound}</p>`
}

function table({ base, apps: listed }: AppList, { apps, common }: AdminTexts): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${apps.caption}">
    <table class="table">
      <caption>
        ${apps.caption}. ${common.utc}
      </caption>
      <thead>
        <tr>
          <th scope="col">${apps.id}</th>
          <th scope="col">${apps.name}</th>
          <th scope="col">${apps.state}</th>
          <th scope="col">${apps.created}</th>
        </tr>
      </thead>
      <tbody>
        ${listed.map(
          (app) =>
            html`<tr>
              <th scope="row">
                <a href="${base}${appPath(app.appIdentifier)}">${app.appIdentifier}</a>
              </th>
              <td>${app.name}</td>
              <td>
                <span class="tag ${app.active ? 'good' : 'warn'}"
                  >${app.active ? apps.on : apps.off}</span
                >
                ${app.isRoot ? html`<span class="tag">${apps.root}</span>` : undefined}
              </td>
              <td>${new Date(app.timestamp).toISOString().slice(0, 16).replace('T', ' ')}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}

function pager({ base, first, next }: AppList, { common }: AdminTexts): Html | undefined {
  if (first === undefined && next === undefined) return undefined
  return html`<nav class="pager" aria-label="${common.pages}">
    ${first === undefined ? html`<span></span>` : html`<a href="${base}/apps?${first}">${common.first}</a>`}
    ${next === undefined ? undefined : html`<a rel="next" href="${base}/apps?${next}">${common.next}</a>`}
  </nav>`
}
