import { inspect } from 'node:util'

import type { Logger } from '../../../src/logger'
import { ROOT_SECRET, startAdminWorld } from '../../support/admin-world'

test('debug logs, the audit trail and tables hold no secret that an operator has made or typed', async () => {
  const lines: unknown[][] = []
  const write = (...line: unknown[]): void => void lines.push(line)
  const logger: Logger = { debug: write, info: write, warn: write, error: write }
  const world = await startAdminWorld({
    options: { logger, webhooks: { allowPrivate: 'loopback' } },
  })
  try {
    const root = await world.operator()
    const settings = { az_app_id: 'amzn1.planted', az_secret: 'planted-secret-of-amazon' }
    const keys = await root.postAndFollow('/new-app', { id: 'fresh', ...settings })
    const first = /id="secret" data-once>([^<]+)</.exec(keys.body)?.[1] ?? ''
    const version = /name="version" value="([^"]+)"/.exec(
      (await root.get('/apps/fresh/keys')).body,
    )?.[1]
    await root.postAndFollow('/apps/fresh/keys', { version: version ?? '', sure: 'yes' })
    const second = world.secretOf('fresh')
    const added = await root.postAndFollow('/apps/fresh/webhooks', {
      url: 'https://127.0.0.1:9999/hook',
      events: 'user.created',
    })
    const [, hook = ''] = /value="(whsec_[^"]+)"/.exec(added.body) ?? []
    const [, id = ''] = /webhooks\/(wh_[\w-]+)"/.exec(added.body) ?? []
    await root.post(`/apps/fresh/webhooks/${id}/test`, {}, `/apps/fresh/webhooks/${id}`)
    const cookies = [...root.browser.cookies.values()]
    const secrets = [ROOT_SECRET, settings.az_secret, first, second, hook, ...cookies]
    expect(new Set(secrets).size).toBe(secrets.length)
    expect(secrets.every((secret) => secret.length > 20)).toBe(true)
    const told = inspect(lines, { depth: null, maxStringLength: null, maxArrayLength: null })
    const stored = world.store.dump(
      'audit',
      'sessions',
      'used_once',
      'webhooks',
      'settings',
      'apps',
    )
    expect(lines.length).toBeGreaterThan(0)
    for (const secret of secrets) {
      expect(told).not.toContain(secret)
      expect(stored).not.toContain(secret)
    }
  } finally {
    await world.close()
  }
})
