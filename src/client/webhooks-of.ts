import type { Client, DeliveryPage, NewWebhook, Webhook } from './client'
import type { Send } from './create-sender'

const FIELDS = ['id', 'url', 'events'] as const
const WITH_SECRET = [...FIELDS, 'secret'] as const

export function webhooksOf(send: Send): Client['webhooks'] {
  const path = ['_webhooks']
  return {
    async list() {
      const { items } = await send<{ items: readonly Webhook[] }>({ method: 'GET', path }, [
        'items',
      ])
      return items
    },
    get: (id) => send<Webhook>({ method: 'GET', path: [...path, id] }, FIELDS),
    create: (body) => send<NewWebhook>({ method: 'POST', path, body }, WITH_SECRET),
    patch: (id, body) => send<Webhook>({ method: 'PATCH', path: [...path, id], body }, FIELDS),
    async delete(id) {
      await send({ method: 'DELETE', path: [...path, id] })
    },
    rotate: (id, { overlapSeconds: overlap } = {}) =>
      send<NewWebhook>(
        { method: 'POST', path: [...path, id, 'rotate'], query: { overlap } },
        WITH_SECRET,
      ),
    async test(id) {
      const { delivery } = await send<{ delivery: string }>(
        { method: 'POST', path: [...path, id, 'test'] },
        ['delivery'],
      )
      return delivery
    },
    deliveries: (id, page) =>
      send<DeliveryPage>({ method: 'GET', path: [...path, id, 'deliveries'], query: { ...page } }, [
        'items',
        'lastKey',
      ]),
    async resend(id, deliveryId) {
      await send({ method: 'POST', path: [...path, id, 'deliveries', deliveryId, 'resend'] })
    },
  }
}
