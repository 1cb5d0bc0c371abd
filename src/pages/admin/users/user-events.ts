import { html, type Html } from '../../html'
import { fill } from '../../texts/fill'
import { actorText, type ShownActor } from '../actor-text'
import { changeText } from '../change-text'
import type { AdminTexts } from '../texts/en'
import { utcTime } from '../utc-time'
import { wayText } from '../way-text'

/** A sign-in of a user, or the end of a consent. */
export interface ShownSignIn {
  readonly atMs: number
  readonly succeeded: boolean
  /** Code of the error; of a success nothing. */
  readonly reason: string | undefined
  readonly way: string
  readonly network: string
  readonly tookMs: number | undefined
  readonly isNew: boolean
}

/** Sign-ins of one way and network. */
export interface ShownPlace {
  readonly way: string
  readonly network: string
  readonly times: number
  readonly lastMs: number
}

export interface ShownChange {
  readonly atMs: number
  readonly change: string
  readonly by: ShownActor
  readonly detail: string
}

/** What the audit trail has of a user. */
export interface UserEvents {
  readonly signIns: readonly ShownSignIn[]
  /** Address of all of them; undefined: these are all. */
  readonly allSignIns: string | undefined
  readonly places: readonly ShownPlace[]
  /** How many sign-ins the places are told by. */
  readonly placesOf: number
  readonly changes: readonly ShownChange[]
}

export function userEvents(events: UserEvents, texts: AdminTexts): Html {
  const { users: words } = texts
  return html`<section class="card">
      <h2 id="sign-ins">${words.signIns}</h2>
      ${signIns(events, texts)}
      <p class="soft small">${words.refusedNotHere}</p>
    </section>
    ${places(events, texts)}
    <section class="card">
      <h2 id="changes">${words.byOperators}</h2>
      ${changes(events, texts)}
    </section>`
}

function signIns({ signIns: shown, allSignIns }: UserEvents, texts: AdminTexts): Html {
  const { users: words } = texts
  if (shown.length === 0) return html`<p class="empty">${words.noSignIns}</p>`
  const heads = [words.time, words.outcome, words.way, words.network, words.took]
  const rows = shown.map(
    (event) =>
      html`<tr>
        <th scope="row">${utcTime(event.atMs)}</th>
        <td>${outcome(event, texts)}</td>
        <td>${wayText(event.way, texts)}</td>
        <td>${event.network}</td>
        <td class="number">${event.tookMs}</td>
      </tr>`,
  )
  return html`${table('sign-ins', { heads, rows, caption: words.signInsCaption })}
  ${allSignIns === undefined ? undefined : html`<p><a href="${allSignIns}">${words.moreSignIns}</a></p>`}`
}

function outcome({ succeeded, reason, isNew }: ShownSignIn, { users: words }: AdminTexts): Html {
  if (!succeeded) return html`<span class="tag alarm">${words.failed}</span> <code>${reason}</code>`
  const made = isNew ? html` <span class="tag">${words.firstSignIn}</span>` : undefined
  return html`<span class="tag good">${words.succeeded}</span>${made}`
}

function places({ places: shown, placesOf }: UserEvents, texts: AdminTexts): Html | undefined {
  const { users: words } = texts
  if (shown.length === 0) return undefined
  const rows = shown.map(
    ({ way, network, times, lastMs }) =>
      html`<tr>
        <th scope="row">${wayText(way, texts)}</th>
        <td>${network}</td>
        <td class="number">${times}</td>
        <td>${utcTime(lastMs)}</td>
      </tr>`,
  )
  const heads = [words.way, words.network, words.times, words.last]
  return html`<section class="card">
    <h2 id="places">${words.ways}</h2>
    <p class="soft">${fill(words.waysHelp, { count: placesOf })}</p>
    ${table('places', { heads, rows })}
  </section>`
}

function changes({ changes: shown }: UserEvents, texts: AdminTexts): Html {
  const { users: words } = texts
  if (shown.length === 0) return html`<p class="empty">${words.noChanges}</p>`
  const rows = shown.map(
    ({ atMs, change, by, detail }) =>
      html`<tr>
        <th scope="row">${utcTime(atMs)}</th>
        <td>${changeText(change, texts)}</td>
        <td>${actorText(by, texts)}</td>
        <td>${detail}</td>
      </tr>`,
  )
  const heads = [words.time, words.change, words.by, words.detail]
  return table('changes', { heads, rows, caption: words.byOperatorsCaption })
}

interface Table {
  readonly heads: readonly string[]
  readonly rows: readonly Html[]
  readonly caption?: string
}

/** @param id Of the heading that names it. */
function table(id: string, { heads, rows, caption }: Table): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-labelledby="${id}">
    <table class="table">
      ${
        caption === undefined
          ? undefined
          : html`<caption>
              ${caption}
            </caption>`
      }
      <thead>
        <tr>
          ${heads.map((head) => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`
}
