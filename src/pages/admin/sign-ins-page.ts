import { ERRORS } from '../../errors'
import { html, type Html } from '../html'
import { inEnglish } from '../in-english'
import { fill } from '../texts/fill'
import type { AdminPage } from './admin-layout'
import { filterForm, type FilterValues } from './sign-ins-filter'
import { wayText } from './way-text'
import type { AdminTexts } from './texts/en'
import { appPath } from './app-path'
import { utcTime } from './utc-time'

/** An attempt to sign in, as far as the page shows it. */
export interface ShownSignIn {
  readonly id: string
  readonly atMs: number
  readonly app: string
  readonly outcome: 'success' | 'declined' | 'failure'
  readonly reason: string
  readonly way: string
  readonly userId: string | undefined
  /** Undefined: it is not known. */
  readonly personName: string | undefined
  readonly requestId: string | undefined
  readonly network: string
  readonly step?: string | undefined
  readonly tookMs?: number | undefined
  readonly amazonMs?: number | undefined
  readonly isNew?: true | undefined
}

/** Links of a list that is read a page at a time. */
export interface ListLinks {
  /** Path of the page itself, without its query. */
  readonly path: string
  /** What the filter is in a query; empty: no filter. */
  readonly query: string
  /** Query of the next page; undefined: there is none. */
  readonly older: string | undefined
  readonly isFirst: boolean
  /** To when nothing else was found, in milliseconds since 1970; undefined: the page is whole. */
  readonly cutOffMs: number | undefined
}

export interface SignInsShown {
  /** Path that all pages lie below. */
  readonly base: string
  readonly app: AdminPage['app']
  readonly values: FilterValues
  readonly links: ListLinks
  readonly events: readonly ShownSignIn[]
  /** Sentences on what is not as it seems. */
  readonly remarks: readonly (string | Html)[]
  /** Whether new ones can be followed: the page is the first, and has no end. */
  readonly isLive: boolean
}

export function signInsPage(shown: SignInsShown, texts: AdminTexts): AdminPage {
  const { app, links, events, remarks } = shown
  const { signIns } = texts
  return {
    title: signIns.title,
    section: 'signIns',
    app,
    scripts: ['live.js'],
    content: html`${filterForm(shown, texts)}
      ${remarks.map((remark) => html`<p class="notice warn">${remark}</p>`)}
      <div class="toolbar">
        <div class="buttons">
          <a class="button quiet small" href="${withQuery(links.path, links.query)}"
            >${signIns.refresh}</a
          >
          ${shown.isLive ? liveSwitch(shown, texts) : undefined}
        </div>
        <div class="buttons">
          <a class="button quiet small" href="${withQuery(`${links.path}.csv`, links.query)}"
            >${signIns.csv}</a
          >
          <a class="button quiet small" href="${withQuery(`${links.path}.jsonl`, links.query)}"
            >${signIns.jsonl}</a
          >
        </div>
      </div>
      <div class="scroll" tabindex="0" role="region" aria-label="${signIns.title}">
        <table class="table" id="sign-ins">
          <caption>
            ${signIns.caption}
          </caption>
          <thead>
            <tr>
              ${headings(app === undefined, texts).map(([text, kind]) => html`<th scope="col" class="${kind}">${text}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${events.map((event) => signInRow(event, shown, texts))}
          </tbody>
        </table>
      </div>
      ${events.length === 0 ? html`<p class="empty" id="nothing">${signIns.empty}</p>` : undefined}
      ${pager(links, texts)}`,
  }
}

function headings(
  hasApp: boolean,
  { signIns }: AdminTexts,
): readonly (readonly [string, string])[] {
  return [
    [signIns.time, ''],
    ...(hasApp ? ([[signIns.app, '']] as const) : []),
    [signIns.outcome, ''],
    [signIns.person, ''],
    [signIns.way, ''],
    [signIns.step, ''],
    [signIns.took, 'number'],
    [signIns.amazon, 'number'],
    [signIns.network, ''],
  ]
}

/** A row of the table; also what a page that follows live puts into it. */
export function signInRow(
  event: ShownSignIn,
  { base, app }: Pick<SignInsShown, 'base' | 'app'>,
  texts: AdminTexts,
): Html {
  const { id, atMs, way, step = '–', tookMs = '–', amazonMs = '–', network } = event
  const ofApp = base + appPath(event.app)
  return html`<tr data-id="${id}" data-at="${atMs}">
    <td class="number">${utcTime(atMs)}</td>
    ${app === undefined ? html`<td>${appOf(event, ofApp)}</td>` : undefined}
    <td>${outcomeOf(event, ofApp, texts)}</td>
    <td>${personOf(event, ofApp, texts)}</td>
    <td>${wayText(way, texts)}</td>
    <td>${step}</td>
    <td class="number">${tookMs}</td>
    <td class="number">${amazonMs}</td>
    <td>${network}</td>
  </tr>`
}

/** An attempt can name an app as it likes, or none. */
function appOf({ app }: ShownSignIn, ofApp: string): Html | string {
  return app === '' ? '–' : html`<a href="${ofApp}/sign-ins">${app}</a>`
}

function outcomeOf(event: ShownSignIn, ofApp: string, { signIns }: AdminTexts): Html {
  const { outcome, reason, isNew, requestId } = event
  const request =
    requestId === undefined
      ? undefined
      : html`<p class="soft">${fill(signIns.request, { id: html`<code>${requestId}</code>` })}</p>`
  if (outcome === 'success') {
    return html`<span class="tag good">${signIns.success}</span>
      ${isNew === true ? html` <span class="tag">${signIns.isNew}</span>` : undefined}`
  }
  const failure = failureOf(reason)
  const look = outcome === 'declined' ? 'warn' : 'alarm'
  return html`<span class="tag ${look}">${signIns[outcome]}</span>
    <details>
      <summary><code>${reason}</code></summary>
      ${failure === undefined ? undefined : html`<p><b>${signIns.advice}:</b> ${inEnglish(failure)}</p>`}
      ${OF_SET_UP.has(reason) ? html`<p><a href="${ofApp}/setup">${signIns.doctor}</a></p>` : undefined}
      ${request}
    </details>`
}

function failureOf(reason: string): string | undefined {
  return Object.entries(ERRORS).find(([code]) => code === reason)?.[1].advice
}

/** What an operator mends at the app, and doctor can name. */
const OF_SET_UP: ReadonlySet<string> = new Set([
  'invalid_scope',
  'unauthorized_client',
  'invalid_request',
  'app_not_configured',
  'client_rejected',
  'secret_unreadable',
  'code_rejected',
  'state_missing',
  'return_url_refused',
])

function personOf(
  { userId, personName = userId }: ShownSignIn,
  ofApp: string,
  { signIns }: AdminTexts,
): Html {
  if (userId === undefined) return html`<span class="soft">${signIns.noUser}</span>`
  return html`<a href="${ofApp}/users/${encodeURIComponent(userId)}"><bdi>${personName}</bdi></a>`
}

/** Hidden until the script shows it: nothing is live without. */
function liveSwitch({ links }: SignInsShown, { signIns }: AdminTexts): Html {
  return html`<button
      class="button small"
      id="live"
      hidden
      data-live="${withQuery(`${links.path}/live`, links.query)}"
      data-on="${signIns.liveOff}"
      data-off="${signIns.live}"
      data-count="${signIns.liveOn}"
      data-partial="${signIns.livePartial}"
      data-trouble="${signIns.liveTrouble}"
      data-lost="${signIns.liveLost}"
      data-ended="${signIns.liveEnded}"
    >
      ${signIns.live}</button
    ><span id="live-state" class="soft small" role="status"></span>`
}

/** Links to what is newest and older, and how far a search has come. */
export function pager(links: ListLinks, texts: AdminTexts): Html {
  const { path, query, older, isFirst, cutOffMs } = links
  const { signIns } = texts
  return html`${
      cutOffMs === undefined
        ? undefined
        : html`<p class="notice">${fill(signIns.cutOff, { time: utcTime(cutOffMs) })}</p>`
    }
    <nav class="pager" aria-label="${signIns.places}">
      ${isFirst ? html`<span></span>` : html`<a class="button quiet" href="${withQuery(path, query)}">${signIns.newest}</a>`}
      ${
        older === undefined
          ? undefined
          : html`<a class="button quiet" href="${withQuery(path, older)}">
              ${cutOffMs === undefined ? signIns.older : signIns.searchOn}
            </a>`
      }
    </nav>`
}

export function withQuery(path: string, query: string): string {
  return query === '' ? path : `${path}?${query}`
}
