import { html, type Html } from '../html'
import { fill } from '../texts/fill'
import { tokenField } from './admin-layout'
import { withQuery } from './sign-ins-page'
import type { AdminTexts } from './texts/en'
import { utcTime } from './utc-time'

/** What was sent to an endpoint, or waits, as far as the page shows it. */
export interface ShownDelivery {
  readonly id: string
  readonly type: string
  readonly atMs: number
  readonly userId: string | undefined
  readonly state: 'pending' | 'delivered' | 'given_up'
  readonly nextTryAtMs: number | undefined
  readonly tries: readonly ShownTry[]
}

interface ShownTry {
  readonly atMs: number
  readonly tookMs: number
  readonly status: number | undefined
  readonly error: string | undefined
}

export interface DeliveriesShown {
  /** Path of the page of the endpoint. */
  readonly path: string
  /** Path of the pages of the app. */
  readonly ofApp: string
  readonly formToken: string
  readonly items: readonly ShownDelivery[]
  /** Which are shown; empty: all. */
  readonly state: string
  readonly isFirst: boolean
  /** Behind which the next page begins; undefined: there is none. */
  readonly lastId: string | undefined
  /** Whether one can be sent again. */
  readonly isOn: boolean
}

export function deliveriesTable(shown: DeliveriesShown, texts: AdminTexts): Html {
  const { items } = shown
  const { webhooks } = texts
  const headings = [
    webhooks.time,
    webhooks.event,
    webhooks.user,
    webhooks.state,
    webhooks.attempts,
    '',
  ]
  return html`<section class="card" id="deliveries">
    <h2>${webhooks.deliveries}</h2>
    ${filter(shown, texts)}
    <div class="scroll" tabindex="0" role="region" aria-label="${webhooks.deliveries}">
      <table class="table">
        <caption>
          ${webhooks.deliveriesCaption}
        </caption>
        <thead>
          <tr>
            ${headings.map((text) => (text === '' ? html`<td></td>` : html`<th scope="col">${text}</th>`))}
          </tr>
        </thead>
        <tbody>
          ${items.map((item) => row(item, shown, texts))}
        </tbody>
      </table>
    </div>
    ${items.length === 0 ? html`<p class="empty">${webhooks.noDeliveries}</p>` : undefined}
    ${pager(shown, texts)}
  </section>`
}

function filter({ path, state }: DeliveriesShown, { webhooks }: AdminTexts): Html {
  const options = [
    ['', webhooks.all],
    ['pending', webhooks.pending],
    ['delivered', webhooks.delivered],
    ['given_up', webhooks.givenUp],
  ] as const
  return html`<form class="form row" method="get" action="${path}#deliveries">
    <p class="field">
      <label for="state">${webhooks.state}</label>
      <select id="state" name="state">
        ${options.map(([key, text]) =>
          key === state
            ? html`<option value="${key}" selected>${text}</option>`
            : html`<option value="${key}">${text}</option>`,
        )}
      </select>
    </p>
    <p class="buttons">
      <button class="button quiet">${webhooks.show}</button>
      <a class="button quiet" href="${path}">${webhooks.refresh}</a>
    </p>
  </form>`
}

function row(item: ShownDelivery, shown: DeliveriesShown, texts: AdminTexts): Html {
  const { id, type, atMs, userId, state } = item
  const { webhooks } = texts
  const user =
    userId === undefined
      ? undefined
      : html`<a href="${shown.ofApp}/users/${encodeURIComponent(userId)}">${userId}</a>`
  const again =
    state === 'pending' || !shown.isOn
      ? undefined
      : html`<form method="post" action="${shown.path}/deliveries/${id}/resend">
          ${tokenField(shown.formToken)}<button class="button quiet small">
            ${webhooks.resend}
          </button>
        </form>`
  return html`<tr>
    <td class="number">${utcTime(atMs)}</td>
    <td>
      <code>${type}</code>
      <p class="soft small"><code>${id}</code></p>
    </td>
    <td>${user}</td>
    <td>${stateTag(item, texts)}</td>
    <td>${attemptsOf(item, texts)}</td>
    <td>${again}</td>
  </tr>`
}

function stateTag({ state, tries, nextTryAtMs }: ShownDelivery, { webhooks }: AdminTexts): Html {
  if (state === 'delivered') return html`<span class="tag good">${webhooks.delivered}</span>`
  if (state === 'given_up') return html`<span class="tag alarm">${webhooks.givenUp}</span>`
  return html`<span class="${tries.length === 0 ? 'tag' : 'tag warn'}">${webhooks.pending}</span> ${
      nextTryAtMs === undefined
        ? undefined
        : html`<p class="soft small">
            ${fill(webhooks.nextAttempt, { time: utcTime(nextTryAtMs) })}
          </p>`
    }`
}

function attemptsOf({ tries }: ShownDelivery, texts: AdminTexts): Html {
  const { webhooks } = texts
  if (tries.length === 0) return html`<span class="soft">${webhooks.noAttempt}</span>`
  return html`<ol>
    ${tries.map(
      (one) =>
        html`<li>
          ${fill(webhooks.attempt, {
            time: utcTime(one.atMs),
            ms: one.tookMs,
            result: resultOf(one, texts),
          })}
        </li>`,
    )}
  </ol>`
}

function resultOf({ status, error }: ShownTry, { webhooks }: AdminTexts): Html | string {
  if (status !== undefined) {
    return fill(error === 'redirect' ? webhooks.redirected : webhooks.answered, { status })
  }
  switch (error) {
    case 'NO_PUBLIC_ADDRESS':
      return webhooks.noPublicAddress
    case 'NO_CONNECTION':
      return webhooks.noConnection
    case 'BACKLOG_FULL':
      return webhooks.backlogFull
    case 'ETIMEDOUT':
      return webhooks.timedOut
    case 'NO_ANSWER':
      return webhooks.noAnswer
    default:
      return fill(webhooks.unreachable, { code: error })
  }
}

function pager({ path, state, isFirst, lastId }: DeliveriesShown, { webhooks }: AdminTexts): Html {
  const query = new URLSearchParams(state === '' ? {} : { state })
  const newest = withQuery(path, query.toString())
  if (lastId !== undefined) query.set('before', lastId)
  return html`<nav class="pager" aria-label="${webhooks.places}">
    ${isFirst ? html`<span></span>` : html`<a class="button quiet" href="${newest}">${webhooks.newest}</a>`}
    ${
      lastId === undefined
        ? undefined
        : html`<a class="button quiet" href="${withQuery(path, query.toString())}#deliveries"
            >${webhooks.older}</a
          >`
    }
  </nav>`
}
