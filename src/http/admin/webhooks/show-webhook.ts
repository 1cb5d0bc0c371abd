import { webhookPage } from '../../../pages/admin/webhook-page'
import {
  webhookSecretPage,
  webhooksPage,
  type ShownWebhook,
} from '../../../pages/admin/webhooks-page'
import type { WebhookProblem, WebhookValues } from '../../../pages/admin/webhook-form'
import type { DeliveryState } from '../../../webhooks/delivery'
import { WEBHOOK_EVENTS } from '../../../webhooks/webhook-event'
import type { NewWebhook, Webhook } from '../../../webhooks/webhook-admin'
import { appPath } from '../../../pages/admin/app-path'
import { goTo, showAdminPage } from '../admin-answers'
import type { AppVisit } from '../admin-route'
import { goToSecret, takeSecret } from '../shown-once'

/** What was sent and not taken, and why. */
interface Refused {
  readonly values: WebhookValues
  readonly problem: WebhookProblem
}

const PAGE = 20
const STATES = ['pending', 'delivered', 'given_up'] as const satisfies readonly DeliveryState[]

/** Path of the webhooks of the app, or of one of them, below the pages. */
export function pathOf({ app }: AppVisit, id?: string): string {
  const all = appPath(app.appIdentifier, '/webhooks')
  return id === undefined ? all : `${all}/${encodeURIComponent(id)}`
}

/** The endpoints of an app. */
export async function showWebhooks(visit: AppVisit, refused?: Refused): Promise<void> {
  const { app, base, services, session, texts } = visit
  const path = base + pathOf(visit)
  const all = await services.webhooks.list(app.appIdentifier)
  const form = {
    action: path,
    formToken: session.formToken,
    values: refused?.values ?? { url: '', events: WEBHOOK_EVENTS },
    allEvents: WEBHOOK_EVENTS,
    button: texts.webhooks.addIt,
    problem: refused?.problem,
  }
  const webhooks = all.map((webhook) => shownOf(webhook, services.now()))
  const page = webhooksPage({ app, path, webhooks, form }, texts)
  showAdminPage(visit, page, refused === undefined ? 200 : 400)
}

/** One of them, with what was sent. */
export async function showWebhook(visit: AppVisit, refused?: Refused): Promise<void> {
  const { app, base, params, query, services, session, texts } = visit
  const { appIdentifier: appId } = app
  const webhook = await services.webhooks.get(appId, params.webhook ?? '')
  const path = base + pathOf(visit, webhook.id)
  const state = STATES.find((name) => name === query.get('state'))
  const beforeId = query.get('before') ?? undefined
  const items = await services.webhooks.listDeliveries(appId, webhook.id, {
    state,
    beforeId,
    limit: PAGE,
  })
  const { formToken } = session
  const shown = {
    app,
    path,
    formToken,
    webhook: shownOf(webhook, services.now()),
    waiting: await services.webhooks.countWaiting(appId, webhook.id),
    form: {
      action: path,
      formToken,
      values: refused?.values ?? webhook,
      allEvents: WEBHOOK_EVENTS,
      button: texts.common.save,
      problem: refused?.problem,
    },
    deliveries: {
      path,
      ofApp: base + appPath(appId),
      formToken,
      items,
      state: state ?? '',
      isFirst: beforeId === undefined,
      lastId: items.length < PAGE ? undefined : items.at(-1)?.id,
      isOn: webhook.off === undefined,
    },
  }
  showAdminPage(visit, webhookPage(shown, texts), refused === undefined ? 200 : 400)
}

interface Secret {
  readonly secret: string
  readonly isNew: boolean
}

/** Leads to the secret of a new endpoint, or to a new one. */
export function goToWebhookSecret(
  visit: AppVisit,
  { id, secret }: NewWebhook,
  isNew: boolean,
): Promise<void> {
  return goToSecret(visit, `${pathOf(visit, id)}/secret`, { secret, isNew } satisfies Secret)
}

/** Shows it, once; then there is the endpoint alone. */
export async function showSecret(visit: AppVisit): Promise<void> {
  const { app, base, params, services, texts } = visit
  const webhook = await services.webhooks.get(app.appIdentifier, params.webhook ?? '')
  const path = pathOf(visit, webhook.id)
  const shown = await takeSecret<Secret>(visit)
  if (shown === undefined) {
    goTo(visit, path)
    return
  }
  const title = shown.isNew ? texts.webhooks.added : texts.webhooks.rotated
  const { formerUntilMs } = shownOf(webhook, services.now())
  const page = { app, title, path: base + path, secret: shown.secret, formerUntilMs }
  showAdminPage(visit, webhookSecretPage(page, texts))
}

function shownOf({ formerUntilMs, ...webhook }: Webhook, nowMs: number): ShownWebhook {
  return { ...webhook, formerUntilMs: formerUntilMs > nowMs ? formerUntilMs : undefined }
}
