import { html, type Html } from '../html'
import { fill } from '../texts/fill'
import { tokenField, type AdminPage } from './admin-layout'
import type { AdminTexts } from './texts/en'
import { deliveriesTable, type DeliveriesShown } from './webhook-deliveries'
import { webhookForm, type WebhookForm } from './webhook-form'
import { stateOf, type ShownWebhook } from './webhooks-page'
import { utcTime } from './utc-time'

export interface WebhookShown {
  readonly app: NonNullable<AdminPage['app']>
  /** Path of this page. */
  readonly path: string
  readonly formToken: string
  readonly webhook: ShownWebhook
  /** Events that wait for it; `isMost`: no more may. */
  readonly waiting: { readonly count: number; readonly isMost: boolean }
  readonly form: WebhookForm
  readonly deliveries: DeliveriesShown
}

/** One endpoint: how it is, what was sent, and all that can be done with it. */
export function webhookPage(shown: WebhookShown, texts: AdminTexts): AdminPage {
  const { app, form, deliveries } = shown
  const { webhooks } = texts
  return {
    title: webhooks.oneTitle,
    section: 'webhooks',
    app,
    content: html`${facts(shown, texts)} ${deliveriesTable(deliveries, texts)}
      <section class="card">
        <h2>${webhooks.change}</h2>
        ${webhookForm(form, texts)}
      </section>
      ${actions(shown, texts)}`,
  }
}

function facts({ webhook, waiting, path, formToken }: WebhookShown, texts: AdminTexts): Html {
  const { webhooks, common } = texts
  const { id, url, createdAtMs, formerUntilMs, off } = webhook
  const former =
    formerUntilMs === undefined
      ? undefined
      : fill(webhooks.formerSecretUntil, { time: utcTime(formerUntilMs) })
  return html`<section class="card">
    <h2>${webhooks.facts}</h2>
    <dl class="facts">
      ${fact(webhooks.url, html`<code>${url}</code>`)}
      ${fact(webhooks.state, stateOf(webhook, texts))}
      ${fact(webhooks.id, html`<code>${id}</code>`)} ${fact(webhooks.created, utcTime(createdAtMs))}
      ${fact(webhooks.waiting, waiting.isMost ? tooMany(waiting, texts) : String(waiting.count))}
      ${former === undefined ? undefined : fact(webhooks.formerSecret, former)}
    </dl>
    <p class="soft small">${common.utc}</p>
    ${
      off === undefined
        ? html`<form method="post" action="${path}/test">
            ${tokenField(formToken)}<button class="button">${webhooks.test}</button>
          </form>`
        : undefined
    }
  </section>`
}

function tooMany({ count }: WebhookShown['waiting'], { webhooks }: AdminTexts): Html {
  return html`<span class="tag warn">${count}</span> ${webhooks.waitingMost}`
}

function fact(name: string, value: Html | string): Html {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`
}

function actions({ webhook, path, formToken }: WebhookShown, { webhooks }: AdminTexts): Html {
  const token = tokenField(formToken)
  return html`<div class="grid">
    ${
      webhook.off === undefined
        ? card(
            webhooks.switchOff,
            webhooks.switchOffWhy,
            html`<form method="post" action="${path}/off">
              ${token}<button class="button quiet">${webhooks.switchOff}</button>
            </form>`,
          )
        : card(
            webhooks.switchOn,
            undefined,
            html`<form method="post" action="${path}/on">
              ${token}<button class="button">${webhooks.switchOn}</button>
            </form>`,
          )
    }
    ${card(
      webhooks.rotate,
      webhooks.rotateWhy,
      html`<form method="post" action="${path}/rotate">
        ${token}
        <p>
          <label class="choice"
            ><input type="checkbox" name="now" value="1" /><span>${webhooks.rotateNow}</span></label
          >
        </p>
        <button class="button quiet">${webhooks.rotate}</button>
      </form>`,
    )}
    ${card(
      webhooks.delete,
      webhooks.deleteWhy,
      html`<details>
        <summary>${webhooks.delete}</summary>
        <form method="post" action="${path}/delete">
          ${token}<button class="button danger">${webhooks.deleteSure}</button>
        </form>
      </details>`,
    )}
  </div>`
}

function card(title: string, why: string | undefined, form: Html): Html {
  return html`<section class="card">
    <h2>${title}</h2>
    ${why === undefined ? undefined : html`<p>${why}</p>`} ${form}
  </section>`
}
