import { html, type Html, type HtmlValue } from '../../html'
import { fill } from '../../texts/fill'
import { actorText } from '../actor-text'
import type { AdminPage } from '../admin-layout'
import type { AdminTexts } from '../texts/en'
import { utcTime } from '../utc-time'
import { actionText, bulkStateTag, coversText, type ShownBulk } from './shown-bulk'
import { chosenText, nameOf, stateTag, type ShownUser } from './shown-user'

export interface BulkPage {
  readonly app: { readonly appIdentifier: string; readonly name: string }
  /** Path of the list of users. */
  readonly path: string
  readonly bulk: ShownBulk
  /** The process that was at it has gone. */
  readonly isStalled: boolean
  /** Users who have not been looked at. */
  readonly left: number
  /** Some users of the set, as they are now. */
  readonly sample: readonly ShownUser[]
  /** Whether operators may be among the users of this app. */
  readonly mayBeYou: boolean
  /** What kept the last try from being done. */
  readonly problem: string | undefined
  readonly tokenField: Html
}

export function bulkPage(shown: BulkPage, texts: AdminTexts): AdminPage {
  const { users: words } = texts
  const { app, path, bulk } = shown
  const isGoingOn = bulk.state === 'running' || bulk.state === 'collecting'
  return {
    title: words.bulkTitle,
    section: 'users',
    app,
    scripts: ['follow.js'],
    content: html`<p>
        <a href="${path}">${words.list}</a> · <a href="${path}/bulk">${words.latest}</a>
      </p>
      <div id="bulk" ${isGoingOn ? html`data-follow` : undefined}>
        <section class="card">
          <h2>${actionText(bulk, texts)} ${bulkStateTag(bulk, texts)}</h2>
          ${about(shown, texts)}
          <p role="status">${stateText(shown, texts)}</p>
          ${figures(shown, texts)} ${forms(shown, texts)}
        </section>
        ${bulk.state === 'ready' ? sampleOf(shown, texts) : undefined}
      </div>`,
  }
}

function about({ bulk }: BulkPage, texts: AdminTexts): Html {
  const { users: words } = texts
  const facts: readonly (readonly [string, HtmlValue])[] = [
    [words.covers, coversText(bulk, texts)],
    [words.by, actorText(bulk.by, texts)],
  ]
  return html`<dl class="facts">
      ${facts.map(
        ([term, value]) =>
          html`<div>
            <dt>${term}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
    <p class="soft">${fill(words.coversAsOf, { time: utcTime(bulk.createdAtMs) })}</p>
    ${missing(bulk, texts)}`
}

function missing({ missing: some, missingCount }: ShownBulk, { users: words }: AdminTexts) {
  if (missingCount === 0) return undefined
  return html`<div class="notice warn">
    <p>${fill(words.missing, { count: missingCount })}</p>
    <p>${fill(words.missingSome, { ids: html`<code>${some.join(' ')}</code>` })}</p>
  </div>`
}

function stateText({ bulk, isStalled }: BulkPage, { users: words }: AdminTexts): string {
  if (isStalled) return bulk.state === 'collecting' ? words.collectingLost : words.stalled
  if (bulk.state === 'ready' && bulk.total === 0) return words.nobodyIn
  return words[bulk.state]
}

function figures({ bulk, left }: BulkPage, { users: words }: AdminTexts): Html | undefined {
  if (bulk.state === 'collecting') return undefined
  if (bulk.state === 'ready') return undefined
  const lines = [
    [words.total, bulk.total],
    [words.changed, bulk.changed],
    [words.unchanged, bulk.unchanged],
    [words.goneCount, bulk.gone],
    [words.left, left],
  ] as const
  return html`<div data-live>
      <progress
        class="progress"
        max="${Math.max(1, bulk.total)}"
        value="${bulk.total - left}"
        aria-label="${words.progress}"
      ></progress>
      <ul>
        ${lines.map(([text, count]) => html`<li>${fill(text, { count })}</li>`)}
      </ul>
    </div>
    <p class="soft small">${fill(words.audited, { id: html`<code>${bulk.id}</code>` })}</p>`
}

function forms(shown: BulkPage, texts: AdminTexts): Html | undefined {
  const { users: words } = texts
  const { bulk, path, tokenField } = shown
  const at = `${path}/bulk/${bulk.id}`
  const cancel = (text: string) =>
    html`<form method="post" action="${at}/cancel">
      ${tokenField}<button class="button quiet">${text}</button>
    </form>`
  const again = html`<a class="button quiet" href="${at}">${words.lookAgain}</a>`
  if (bulk.state === 'ready') {
    return html`${bulk.total === 0 ? undefined : start(shown, texts)} ${cancel(words.dontStart)}`
  }
  if (bulk.state === 'collecting') {
    return html`<div class="buttons">${again} ${cancel(words.dontStart)}</div>`
  }
  if (bulk.state !== 'running') return undefined
  return html`<div class="buttons">${again} ${cancel(words.stop)}</div>`
}

function start(shown: BulkPage, texts: AdminTexts): Html {
  const { users: words } = texts
  const { bulk, path, tokenField, mayBeYou } = shown
  const { count, effect } = wordsOf(bulk, texts)
  const isDeletion = bulk.action === 'delete'
  return html`<form class="form" method="post" action="${path}/bulk/${bulk.id}/start">
    ${tokenField}
    <p><b>${fill(count, { count: bulk.total })}</b></p>
    <p>${effect}</p>
    ${mayBeYou ? html`<p class="notice warn">${words.bulkRoot}</p>` : undefined}
    ${isDeletion ? typeCount(shown, texts) : undefined}
    <div class="buttons">
      <button class="button${isDeletion ? ' danger' : ''}">
        ${isDeletion ? words.startDelete : words.start}
      </button>
    </div>
  </form>`
}

function typeCount({ problem }: BulkPage, { users: words }: AdminTexts): Html {
  return html`<div class="field">
    <label for="typed">${words.typeCount}</label>
    <input
      id="typed"
      name="typed"
      inputmode="numeric"
      required
      autocomplete="off"
      ${problem === undefined ? undefined : html`aria-invalid="true" aria-describedby="typed-error"`}
    />
    ${problem === undefined ? undefined : html`<p class="error" id="typed-error">${problem}</p>`}
  </div>`
}

function wordsOf({ action }: ShownBulk, { users }: AdminTexts) {
  const of = {
    lock: [users.lockCount, users.bulkLockEffect],
    unlock: [users.unlockCount, users.bulkUnlockEffect],
    sign_out: [users.signOutCount, users.bulkSignOutEffect],
    delete: [users.deleteCount, users.bulkDeleteEffect],
  } as const
  const [count, effect] = of[action]
  return { count, effect }
}

function sampleOf({ sample, path }: BulkPage, texts: AdminTexts): Html | undefined {
  const { users: words } = texts
  if (sample.length === 0) return undefined
  return html`<section class="card">
    <h2 id="sample">${words.sample}</h2>
    <div class="scroll" tabindex="0" role="region" aria-labelledby="sample">
      <table class="table">
        <thead>
          <tr>
            ${[words.name, words.email, words.id, words.state].map(
              (head) => html`<th scope="col">${head}</th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${sample.map(
            (user) =>
              html`<tr>
                <th scope="row">
                  <a href="${path}/${encodeURIComponent(user.id)}">${nameOf(user, texts)}</a>
                </th>
                <td>${chosenText(user.email, words.noEmail)}</td>
                <td><code>${user.id}</code></td>
                <td>${stateTag(user, texts)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`
}
