import { html, type Html } from '../html'
import { fill } from '../texts/fill'
import type { AdminPage } from './admin-layout'
import type { AdminTexts } from './texts/en'
import { webhookForm, type WebhookForm } from './webhook-form'
import { utcTime } from './utc-time'

/** An endpoint, as far as pages show it. */
export interface ShownWebhook {
  readonly id: string
  readonly url: string
  readonly events: readonly string[]
  readonly off: 'paused' | 'gone' | 'failing' | undefined
  readonly failingSinceMs: number | undefined
  /** Until when the former secret signs as well; undefined: it does not. */
  readonly formerUntilMs: number | undefined
  readonly createdAtMs: number
}

export interface WebhooksShown {
  readonly app: NonNullable<AdminPage['app']>
  /** Path of this page. */
  readonly path: string
  readonly webhooks: readonly ShownWebhook[]
  readonly form: WebhookForm
}

/** The endpoints of an app, and a form for one more. */
export function webhooksPage(
  { app, path, webhooks: all, form }: WebhooksShown,
  texts: AdminTexts,
): AdminPage {
  const { webhooks } = texts
  return {
    title: webhooks.title,
    section: 'webhooks',
    app,
    content: html`<p>${webhooks.lead}</p>
      ${all.length === 0 ? html`<p class="empty">${webhooks.empty}</p>` : table(all, path, texts)}
      <section class="card">
        <h2>${webhooks.add}</h2>
        ${webhookForm(form, texts)}
      </section>`,
  }
}

function table(all: readonly ShownWebhook[], path: string, texts: AdminTexts): Html {
  const { webhooks } = texts
  const headings = [webhooks.url, webhooks.events, webhooks.state]
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${webhooks.title}">
    <table class="table">
      <caption>
        ${webhooks.caption}
      </caption>
      <thead>
        <tr>
          ${headings.map((text) => html`<th scope="col">${text}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${all.map(
          (webhook) =>
            html`<tr>
              <td><a href="${path}/${webhook.id}">${webhook.url}</a></td>
              <td>${webhook.events.join(', ')}</td>
              <td>${stateOf(webhook, texts)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}

export function stateOf({ off, failingSinceMs }: ShownWebhook, { webhooks }: AdminTexts): Html {
  if (off === 'paused') return html`<span class="tag">${webhooks.isPaused}</span>`
  if (off === 'gone') return html`<span class="tag alarm">${webhooks.isGone}</span>`
  if (off === 'failing') return html`<span class="tag alarm">${webhooks.isFailing}</span>`
  if (failingSinceMs === undefined) return html`<span class="tag good">${webhooks.isOn}</span>`
  return html`<span class="tag warn">${webhooks.isOn}</span>
    ${fill(webhooks.failingSince, { time: utcTime(failingSinceMs) })}`
}

export interface SecretShown {
  readonly app: NonNullable<AdminPage['app']>
  readonly title: string
  /** Path of the page of the endpoint. */
  readonly path: string
  readonly secret: string
  /** Until when the former one signs as well; undefined: it does not. */
  readonly formerUntilMs: number | undefined
}

/** A secret, once. */
export function webhookSecretPage(shown: SecretShown, texts: AdminTexts): AdminPage {
  const { app, title, path, secret, formerUntilMs } = shown
  const { webhooks, common } = texts
  return {
    title,
    section: 'webhooks',
    app,
    scripts: ['copy.js'],
    content: html`<section class="card form">
      <p class="field">
        <label for="secret">${webhooks.secret}</label>
        <small class="help" id="secret_help">${webhooks.secretOnce}</small>
        <input
          id="secret"
          class="secret"
          readonly
          value="${secret}"
          aria-describedby="secret_help"
          autocomplete="off"
        />
      </p>
      ${
        formerUntilMs === undefined
          ? undefined
          : html`<p>
              ${fill(webhooks.formerUntil, { time: utcTime(formerUntilMs) })} ${common.utc}
            </p>`
      }
      <p class="buttons">
        <button class="button" data-copy="secret" data-copied="${common.copied}" hidden>
          ${common.copy}
        </button>
        <a class="button quiet" href="${path}">${webhooks.toWebhook}</a>
      </p>
    </section>`,
  }
}
