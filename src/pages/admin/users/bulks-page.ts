import { html, type Html } from '../../html'
import { actorText } from '../actor-text'
import type { AdminPage } from '../admin-layout'
import type { AdminTexts } from '../texts/en'
import { utcTime } from '../utc-time'
import { actionField } from './action-field'
import { actionText, bulkStateTag, coversText, type ShownBulk } from './shown-bulk'

export interface BulksPage {
  readonly app: { readonly appIdentifier: string; readonly name: string }
  /** Path of the list of users. */
  readonly path: string
  /** The latest first. */
  readonly bulks: readonly ShownBulk[]
  /** What kept the last try from being done. */
  readonly problem: string | undefined
  /** As they were typed. */
  readonly ids: string
  readonly tokenField: Html
}

/** Changes of many users: the latest, and one by a list of ids. */
export function bulksPage(shown: BulksPage, texts: AdminTexts): AdminPage {
  const { users: words } = texts
  const { app, path, bulks } = shown
  return {
    title: words.withMany,
    section: 'users',
    app,
    content: html`<p><a href="${path}">${words.list}</a></p>
      <section class="card">
        <h2 id="latest">${words.latest}</h2>
        ${bulks.length === 0 ? html`<p class="empty">${words.noneYet}</p>` : list(shown, texts)}
      </section>
      <section class="card">
        <h2>${words.byIds}</h2>
        ${form(shown, texts)}
      </section>`,
  }
}

function list({ path, bulks }: BulksPage, texts: AdminTexts): Html {
  const { users: words, common } = texts
  return html`<div class="scroll" tabindex="0" role="region" aria-labelledby="latest">
    <table class="table">
      <caption>
        ${common.utc}
      </caption>
      <thead>
        <tr>
          ${[words.time, words.change, words.covers, words.state, words.by].map(
            (head) => html`<th scope="col">${head}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${bulks.map(
          (bulk) =>
            html`<tr>
              <td>${utcTime(bulk.createdAtMs)}</td>
              <th scope="row">
                <a href="${path}/bulk/${bulk.id}">${actionText(bulk, texts)}</a>
              </th>
              <td>${coversText(bulk, texts)}</td>
              <td>${bulkStateTag(bulk, texts)}</td>
              <td>${actorText(bulk.by, texts)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}

function form({ path, problem, ids, tokenField }: BulksPage, texts: AdminTexts): Html {
  const { users: words } = texts
  const invalid = html`aria-invalid="true" aria-describedby="ids-error"`
  return html`<form class="form" method="post" action="${path}/bulk">
    ${tokenField}
    <input type="hidden" name="from" value="ids" />
    <p class="soft">${words.withManyHelp}</p>
    ${actionField(texts)}
    <div class="field">
      <label for="ids">${words.idsLabel}</label>
      <textarea
        id="ids"
        name="ids"
        class="code"
        rows="6"
        spellcheck="false"
        autocapitalize="none"
        ${problem === undefined ? undefined : invalid}
      >
${ids}</textarea>
      ${problem === undefined ? undefined : html`<p class="error" id="ids-error">${problem}</p>`}
    </div>
    <div class="buttons">
      <button class="button quiet" name="covers" value="ids">${words.toListed}</button>
    </div>
  </form>`
}
