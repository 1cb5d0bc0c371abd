import { createSealer } from '../../../src/crypto/sealer'
import { openMigrated } from '../../../src/store/sql/open-sql-store'
import { exportApps } from '../../../src/store/sql/export-apps'
import { importApps } from '../../../src/store/sql/import-apps'
import { readExport } from '../../../src/store/sql/read-export'
import { resealWebhooks } from '../../../src/webhooks/reseal-webhooks'
import { openSecrets, sealSecrets } from '../../../src/webhooks/webhook-secrets'
import { StoreFile } from '../../support/store-file'
import { buildApp, openStore, silentLogger } from '../store/open-store'

const OLD = 'the-old-master-key-of-these-tests-0123456789'
const NEW = 'the-new-master-key-of-these-tests-0123456789'
const sealerOf = (...keys: string[]) => createSealer(() => keys, 'secrets at rest')
const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`
const KEY = { appId: 'shop', id: 'wh_one' }

const files: StoreFile[] = []
afterAll(() => {
  for (const file of files) file.remove()
})

async function storeWithWebhook(): Promise<StoreFile> {
  const file = new StoreFile()
  files.push(file)
  const store = openStore(file.url)
  const sealedSecret = sealerOf(OLD).seal('the secret', 'shop')
  await store.apps.insert(buildApp({ sealedSecret }), new Map())
  await store.webhooks.insert(
    {
      ...KEY,
      url: 'https://example.com/hook',
      events: ['user.created', 'login.failed'],
      off: undefined,
      sealed: sealSecrets([SECRET], KEY, sealerOf(OLD)),
      formerUntilMs: 0,
      failingSinceMs: undefined,
      createdAtMs: 1,
      updatedAtMs: 2,
    },
    10,
  )
  await store.close()
  return file
}

async function copy(from: StoreFile, withSecrets: boolean): Promise<StoreFile> {
  const to = new StoreFile()
  files.push(to)
  const [source, target] = await Promise.all(
    [from, to].map(({ url }) => openMigrated({ url, logger: silentLogger })),
  )
  if (source === undefined || target === undefined) throw new Error('not open')
  async function* lines() {
    const options = {
      from: source as never,
      apps: undefined,
      nowMs: 0,
      onProgress: () => undefined,
    }
    for await (const text of exportApps({ ...options, withSecrets })) {
      yield* text.split('\n').filter((line) => line !== '')
    }
  }
  await importApps({
    to: target,
    parts: readExport(lines()),
    existing: 'replace',
    openSealer: () => Promise.resolve(sealerOf(OLD)),
    keySource: 'the tests',
    configuredSecret: () => undefined,
    onApp: () => undefined,
    onProgress: () => undefined,
  })
  await Promise.all([source.close(), target.close()])
  return to
}

test('an export with secrets takes webhooks along as they are', async () => {
  const copied = openStore((await copy(await storeWithWebhook(), true)).url)
  const [webhook] = await copied.webhooks.list('shop')
  expect(webhook).toMatchObject({ ...KEY, off: undefined, createdAtMs: 1 })
  expect(webhook && openSecrets(webhook, sealerOf(OLD), 0)).toEqual([SECRET])
  expect((await copied.apps.find('shop'))?.webhookEvents).toEqual(['user.created', 'login.failed'])
  await copied.close()
})

test('one without secrets brings them switched off, with new ones', async () => {
  const copied = openStore((await copy(await storeWithWebhook(), false)).url)
  const [webhook] = await copied.webhooks.list('shop')
  expect(webhook).toMatchObject({ ...KEY, off: 'paused', url: 'https://example.com/hook' })
  expect(webhook && openSecrets(webhook, sealerOf(OLD), 0)).not.toEqual([SECRET])
  expect((await copied.apps.find('shop'))?.webhookEvents).toEqual([])
  await copied.close()
})

test('secrets are sealed anew with the first master key, and what none opens is told', async () => {
  const store = openStore((await storeWithWebhook()).url)
  expect(await resealWebhooks(store.webhooks, sealerOf(NEW))).toEqual({
    resealed: 0,
    unreadable: ['shop: the secrets of the webhook wh_one'],
  })
  expect(await resealWebhooks(store.webhooks, sealerOf(NEW, OLD))).toMatchObject({ resealed: 1 })
  const [webhook] = await store.webhooks.list('shop')
  expect(webhook && openSecrets(webhook, sealerOf(NEW), 0)).toEqual([SECRET])
  expect(await resealWebhooks(store.webhooks, sealerOf(NEW))).toEqual({
    resealed: 0,
    unreadable: [],
  })
  await store.close()
})
