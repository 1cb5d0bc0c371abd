import { html, type Html } from '../html'
import { fill } from '../texts/fill'
import type { AdminPage } from './admin-layout'
import { actorText, type ShownActor } from './actor-text'
import { changeText } from './change-text'
import { pager, withQuery, type ListLinks } from './sign-ins-page'
import type { AdminTexts } from './texts/en'
import { appPath } from './app-path'
import { utcTime } from './utc-time'

/** What an operator has changed, as far as the page shows it. */
export interface ShownChange {
  readonly id: string
  readonly atMs: number
  readonly app: string
  readonly reason: string
  readonly userId: string | undefined
  readonly network: string
  readonly by: ShownActor
  readonly detail?: string | undefined
}

export interface ChangesShown {
  /** Path that all pages lie below. */
  readonly base: string
  readonly app: AdminPage['app']
  readonly links: ListLinks
  readonly events: readonly ShownChange[]
  readonly remarks: readonly string[]
}

export function changesPage(shown: ChangesShown, texts: AdminTexts): AdminPage {
  const { app, links, events, remarks } = shown
  const { signIns } = texts
  const { time, action, by, about, detail, network } = signIns
  const headings = [time, ...(app === undefined ? [signIns.app] : []), action, by, about, detail]
  return {
    title: signIns.changesTitle,
    section: 'changes',
    app,
    content: html`${remarks.map((remark) => html`<p class="notice warn">${remark}</p>`)}
      <div class="toolbar">
        <a class="button quiet small" href="${withQuery(links.path, links.query)}"
          >${signIns.refresh}</a
        >
      </div>
      <div class="scroll" tabindex="0" role="region" aria-label="${signIns.changesTitle}">
        <table class="table">
          <caption>
            ${signIns.changesCaption}
          </caption>
          <thead>
            <tr>
              ${[...headings, network].map((text) => html`<th scope="col">${text}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${events.map((event) => row(event, shown, texts))}
          </tbody>
        </table>
      </div>
      ${events.length === 0 ? html`<p class="empty">${signIns.empty}</p>` : undefined}
      ${pager(links, texts)}`,
  }
}

function row(event: ShownChange, { base, app }: ChangesShown, texts: AdminTexts): Html {
  const { signIns } = texts
  const ofApp = base + appPath(event.app)
  const { userId } = event
  const user =
    userId === undefined
      ? undefined
      : html`<a href="${ofApp}/users/${encodeURIComponent(userId)}"
          >${fill(signIns.aboutUser, { user: userId })}</a
        >`
  return html`<tr>
    <td class="number">${utcTime(event.atMs)}</td>
    ${app === undefined ? html`<td><a href="${ofApp}">${event.app}</a></td>` : undefined}
    <td>${changeText(event.reason, texts)}</td>
    <td>${actorText(event.by, texts)}</td>
    <td>${user}</td>
    <td>${event.detail}</td>
    <td>${event.network}</td>
  </tr>`
}
