import type { DeliveryState } from '../../webhooks/delivery'
import { isWebhookEvent, WEBHOOK_EVENTS } from '../../webhooks/webhook-event'
import { OVERLAP_MS } from '../../webhooks/webhook-admin'
import { callingApp } from './caller-of'
import type { Call, Operation } from './operation'
import { ref } from './schemas'
import { toDeliveryJson, toWebhookJson } from './webhook-json'

const ID = { id: { type: 'string', description: 'Id of the webhook' } }
const DELIVERY = { ...ID, delivery: { type: 'string', description: 'Id of the delivery' } }
const ONE = { path: '/_webhooks/{id}', access: 'app', pathParameters: ID } as const
const UNKNOWN = {
  404: { description: 'This app has no such webhook', schema: ref('Error') },
}
const WEBHOOK = { 200: { description: 'The webhook', schema: ref('Webhook') }, ...UNKNOWN }
const EXAMPLE = { status: 404, path: { id: 'wh_1' } }
const URL_FIELD = {
  type: 'string',
  minLength: 1,
  description: 'An https address, not of a private network',
}
const EVENTS_FIELD = {
  type: 'array',
  items: { enum: WEBHOOK_EVENTS },
  minItems: 1,
  maxItems: WEBHOOK_EVENTS.length,
}
const MAX_OVERLAP_SECONDS = 7 * 24 * 3_600

/** Where the events of the calling app are sent: `/_webhooks`. */
export const WEBHOOK_OPERATIONS: readonly Operation[] = [
  {
    id: 'listWebhooks',
    method: 'GET',
    path: '/_webhooks',
    summary: "The app's webhooks",
    access: 'app',
    answers: {
      200: {
        description: 'All of them, the oldest first',
        schema: {
          type: 'object',
          required: ['items'],
          properties: { items: { type: 'array', items: ref('Webhook') } },
        },
      },
    },
    async handle(call) {
      const webhooks = await call.services.webhooks.list(callingApp(call).id)
      const nowMs = call.services.now()
      return { json: { items: webhooks.map((webhook) => toWebhookJson(webhook, nowMs)) } }
    },
  },
  {
    id: 'createWebhook',
    method: 'POST',
    path: '/_webhooks',
    summary: 'Add a webhook',
    description:
      'Events are sent by POST, signed by the scheme of Standard Webhooks, at least once, and in order for each user. An app has at most ten.',
    access: 'app',
    body: {
      type: 'object',
      required: ['url', 'events'],
      properties: { url: URL_FIELD, events: EVENTS_FIELD },
    },
    answers: {
      201: { description: 'The webhook, with its secret', schema: ref('Webhook') },
    },
    example: {
      status: 201,
      body: { url: 'https://shop.example.com/hooks/amazon', events: ['user.created'] },
    },
    async handle(call) {
      const { url, events } = fieldsOf(call)
      const created = await call.services.webhooks.create(callingApp(call).id, {
        url: url ?? '',
        events: events ?? [],
      })
      return { status: 201, json: toWebhookJson(created, call.services.now()) }
    },
  },
  {
    id: 'readWebhook',
    method: 'GET',
    ...ONE,
    summary: 'One webhook',
    answers: WEBHOOK,
    example: EXAMPLE,
    async handle(call) {
      const webhook = await call.services.webhooks.get(callingApp(call).id, idOf(call))
      return { json: toWebhookJson(webhook, call.services.now()) }
    },
  },
  {
    id: 'patchWebhook',
    method: 'PATCH',
    ...ONE,
    alsoBy: 'PUT',
    summary: 'Change a webhook, or switch it off or on',
    description:
      'While it is off nothing is noted for it, and what waited is given up. Fields that are absent stay as they are.',
    body: {
      type: 'object',
      properties: { url: URL_FIELD, events: EVENTS_FIELD, active: { type: 'boolean' } },
    },
    answers: WEBHOOK,
    example: { ...EXAMPLE, body: { active: false } },
    async handle(call) {
      const appId = callingApp(call).id
      const webhook = await call.services.webhooks.update(appId, idOf(call), fieldsOf(call))
      return { json: toWebhookJson(webhook, call.services.now()) }
    },
  },
  {
    id: 'deleteWebhook',
    method: 'DELETE',
    ...ONE,
    summary: 'Delete a webhook',
    description: 'What waits for it is not sent any more.',
    answers: { 200: { description: 'Done' }, ...UNKNOWN },
    example: EXAMPLE,
    async handle(call) {
      await call.services.webhooks.delete(callingApp(call).id, idOf(call))
      return {}
    },
  },
  {
    id: 'rotateWebhookSecret',
    method: 'POST',
    path: '/_webhooks/{id}/rotate',
    access: 'app',
    pathParameters: ID,
    summary: 'Make a new secret for a webhook',
    description:
      'For a while both sign, the new one first, so that receivers can be told of it in their own time.',
    query: {
      overlap: {
        type: 'integer',
        minimum: 0,
        maximum: MAX_OVERLAP_SECONDS,
        default: OVERLAP_MS / 1000,
        description: 'How long the former secret signs as well, in seconds; 0: not at all',
      },
    },
    answers: {
      200: { description: 'The webhook, with its new secret', schema: ref('Webhook') },
      ...UNKNOWN,
    },
    example: EXAMPLE,
    async handle(call) {
      const overlapMs = Number(call.query.overlap) * 1000
      const appId = callingApp(call).id
      const webhook = await call.services.webhooks.rotate(appId, idOf(call), overlapMs)
      return { json: toWebhookJson(webhook, call.services.now()) }
    },
  },
  {
    id: 'testWebhook',
    method: 'POST',
    path: '/_webhooks/{id}/test',
    access: 'app',
    pathParameters: ID,
    summary: 'Send a webhook an event that means nothing',
    description: 'Of the type `webhook.test`. What came of it stands among its deliveries.',
    answers: {
      202: {
        description: 'It is sent',
        schema: {
          type: 'object',
          required: ['delivery'],
          properties: { delivery: { type: 'string', description: 'Its id' } },
        },
      },
      ...UNKNOWN,
    },
    example: EXAMPLE,
    async handle(call) {
      const delivery = await call.services.webhooks.test(callingApp(call).id, idOf(call))
      return { status: 202, json: { delivery } }
    },
  },
  {
    id: 'listWebhookDeliveries',
    method: 'GET',
    path: '/_webhooks/{id}/deliveries',
    access: 'app',
    pathParameters: ID,
    summary: 'What was sent to a webhook, and what waits',
    description: 'The latest first. Those that are done are kept for some days.',
    query: {
      state: { type: 'string', enum: ['pending', 'delivered', 'given_up'] },
      limit: { type: 'integer', minimum: 1, maximum: 100, default: 30 },
      lastKey: {
        type: 'string',
        description: 'Begin behind this one: the lastKey of the page before',
      },
    },
    answers: {
      200: {
        description: 'A page of them',
        schema: {
          type: 'object',
          required: ['items', 'lastKey'],
          properties: {
            items: { type: 'array', items: ref('WebhookDelivery') },
            lastKey: { type: ['string', 'null'], description: 'Id of the last item' },
          },
        },
      },
      ...UNKNOWN,
    },
    example: EXAMPLE,
    async handle(call) {
      const { state, limit, lastKey } = call.query as {
        state?: DeliveryState
        limit: number
        lastKey?: string
      }
      const page = { state, limit, beforeId: lastKey }
      const appId = callingApp(call).id
      const deliveries = await call.services.webhooks.listDeliveries(appId, idOf(call), page)
      const items = deliveries.map(toDeliveryJson)
      return { json: { items, lastKey: items.at(-1)?.id ?? null } }
    },
  },
  {
    id: 'resendWebhookDelivery',
    method: 'POST',
    path: '/_webhooks/{id}/deliveries/{delivery}/resend',
    access: 'app',
    pathParameters: DELIVERY,
    summary: 'Send an event again',
    description:
      'Under the same id, though it has arrived before or was given up, and apart from other events of its user.',
    answers: { 202: { description: 'It is sent' }, ...UNKNOWN },
    example: { status: 404, path: { id: 'wh_1', delivery: 'msg_1' } },
    async handle(call) {
      const { delivery = '' } = call.path
      await call.services.webhooks.resend(callingApp(call).id, idOf(call), delivery)
      return { status: 202 }
    },
  },
]

function idOf({ path }: Call): string {
  return path.id ?? ''
}

/** The fields of an endpoint, checked by the schemas above. */
function fieldsOf({ body: { url, events, active } }: Call) {
  return {
    url: typeof url === 'string' ? url : undefined,
    events: Array.isArray(events)
      ? events.filter((event) => typeof event === 'string').filter(isWebhookEvent)
      : undefined,
    active: typeof active === 'boolean' ? active : undefined,
  }
}
