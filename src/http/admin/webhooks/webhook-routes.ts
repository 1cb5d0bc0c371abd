import type { OperatorAction } from '../../../audit/operator-action'
import { AmazonAuthError } from '../../../errors'
import type { AdminTexts } from '../../../pages/admin/texts/en'
import { toldProblem } from '../../../pages/admin/told-problem'
import type { WebhookProblem } from '../../../pages/admin/webhook-form'
import { OVERLAP_MS } from '../../../webhooks/webhook-admin'
import { isWebhookEvent } from '../../../webhooks/webhook-event'
import { goTo } from '../admin-answers'
import type { AdminRoute, AppVisit } from '../admin-route'
import { recordChange } from '../record-change'
import { goToWebhookSecret, pathOf, showSecret, showWebhook, showWebhooks } from './show-webhook'

/** Webhooks of an app: all that the API does with them. */
export const WEBHOOK_ROUTES: readonly AdminRoute[] = [
  route('GET', '', (visit) => showWebhooks(visit)),
  route('POST', '', add),
  route('GET', '/:webhook', (visit) => showWebhook(visit)),
  route('GET', '/:webhook/secret', showSecret),
  route('POST', '/:webhook', change),
  route('POST', '/:webhook/on', (visit) => turn(visit, true)),
  route('POST', '/:webhook/off', (visit) => turn(visit, false)),
  route('POST', '/:webhook/rotate', rotate),
  route('POST', '/:webhook/delete', remove),
  route('POST', '/:webhook/test', test),
  route('POST', '/:webhook/deliveries/:delivery/resend', resend),
]

function route(
  method: AdminRoute['method'],
  path: string,
  handle: (visit: AppVisit) => Promise<void>,
): AdminRoute {
  const shows = 'webhooks'
  return { method, access: 'app', path: `/apps/:app/webhooks${path}`, shows, handle }
}

async function add(visit: AppVisit): Promise<void> {
  const { app, services, texts } = visit
  const values = valuesOf(visit)
  const created = await taken(
    () => services.webhooks.create(app.appIdentifier, values),
    (problem) => showWebhooks(visit, { values, problem }),
    texts,
  )
  if (created === undefined) return
  await record(visit, 'webhook_created', created.id)
  await goToWebhookSecret(visit, created, true)
}

async function change(visit: AppVisit): Promise<void> {
  const { app, services, texts } = visit
  const values = valuesOf(visit)
  const changed = await taken(
    () => services.webhooks.update(app.appIdentifier, idOf(visit), values),
    (problem) => showWebhook(visit, { values, problem }),
    texts,
  )
  if (changed === undefined) return
  await record(visit, 'webhook_changed', changed.id)
  goTo(visit, pathOf(visit, changed.id), texts.webhooks.saved)
}

async function turn(visit: AppVisit, active: boolean): Promise<void> {
  const { app, services, texts } = visit
  const { id } = await services.webhooks.update(app.appIdentifier, idOf(visit), { active })
  await record(visit, active ? 'webhook_switched_on' : 'webhook_switched_off', id)
  goTo(visit, pathOf(visit, id), active ? texts.webhooks.switchedOn : texts.webhooks.switchedOff)
}

async function rotate(visit: AppVisit): Promise<void> {
  const { app, form, services } = visit
  const overlapMs = form.get('now') === null ? OVERLAP_MS : 0
  const webhook = await services.webhooks.rotate(app.appIdentifier, idOf(visit), overlapMs)
  await record(visit, 'webhook_secret_rotated', webhook.id)
  await goToWebhookSecret(visit, webhook, false)
}

async function remove(visit: AppVisit): Promise<void> {
  const { app, services, texts } = visit
  await services.webhooks.delete(app.appIdentifier, idOf(visit))
  await record(visit, 'webhook_deleted', idOf(visit))
  goTo(visit, pathOf(visit), texts.webhooks.deleted)
}

async function test(visit: AppVisit): Promise<void> {
  const { app, services, texts } = visit
  await services.webhooks.test(app.appIdentifier, idOf(visit))
  await record(visit, 'webhook_tested', idOf(visit))
  goTo(visit, pathOf(visit, idOf(visit)), texts.webhooks.tested)
}

async function resend(visit: AppVisit): Promise<void> {
  const { app, params, services, texts } = visit
  const { delivery = '' } = params
  await services.webhooks.resend(app.appIdentifier, idOf(visit), delivery)
  await record(visit, 'webhook_resent', idOf(visit))
  goTo(visit, pathOf(visit, idOf(visit)), texts.webhooks.resent)
}

function record(visit: AppVisit, action: OperatorAction, id: string): Promise<void> {
  return recordChange(visit, { app: visit.app.appIdentifier, action, detail: id })
}

function idOf({ params }: AppVisit): string {
  return params.webhook ?? ''
}

function valuesOf({ form }: AppVisit) {
  return {
    url: form.get('url')?.trim() ?? '',
    events: form.getAll('events').filter(isWebhookEvent),
  }
}

/** What a person has written wrongly is shown beside the field, with all they have written. */
async function taken<T>(
  work: () => Promise<T>,
  show: (problem: WebhookProblem) => Promise<void>,
  texts: AdminTexts,
): Promise<T | undefined> {
  try {
    return await work()
  } catch (thrown) {
    if (!(thrown instanceof AmazonAuthError) || thrown.code !== 'request_invalid') throw thrown
    const of = thrown.facts.flaw === 'noEvents' ? 'events' : 'url'
    await show({ of, text: toldProblem(thrown, texts) })
    return undefined
  }
}
