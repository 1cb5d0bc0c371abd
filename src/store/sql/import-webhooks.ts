import { KEY_ID_CHARACTERS } from '../../crypto/sealer'
import type { WhyOff } from '../../webhooks/webhook'
import { newSecret, sealedFor, sealSecrets } from '../../webhooks/webhook-secrets'
import type { Statement } from './define-query'
import { WEBHOOKS_TABLE } from './moved-tables'
import { ImportError, type AppPart } from './read-export'
import type { SealingOptions } from './seal-imported'
import type { SqlExecutor } from './sql-executor'
import { joinEvents } from './sql-outbox'
import { markWebhooksDeleted, noteEvents, sqlWebhookStore } from './sql-webhook-store'

const PAUSED: WhyOff = 'paused'

/** Webhooks of an imported app, as they are laid in the store. */
export interface ImportedWebhooks {
  readonly statements: readonly Statement[]
  /** Ids of the keys that their secrets are sealed with. */
  readonly sealedWith: readonly string[]
}

/**
 * They take the place of those that the app has. One whose secret is neither in the file nor in the store gets a new one, and is
 * off: make another, which is shown, and switch it on.
 *
 * @throws {ImportError} No key opens a secret.
 */
export async function importWebhooks(
  { app, webhooks }: AppPart,
  to: SqlExecutor,
  { sealer, keySource }: Pick<SealingOptions, 'sealer' | 'keySource'>,
): Promise<ImportedWebhooks> {
  const { app_id: appId } = app
  const there = await sqlWebhookStore(to).list(appId)
  const rows = webhooks.map(({ number, line }) => {
    const { active, events, sealed: given } = line
    const key = { appId, id: line.id }
    if (given !== undefined && sealer.open(given, sealedFor(key)) === undefined) {
      const problem = `none of the keys of ${keySource} opens the secrets of the webhook ${line.id}`
      throw new ImportError(number, appId, problem)
    }
    const kept = given ?? there.find(({ id }) => id === line.id)?.sealed
    return {
      app_id: appId,
      id: line.id,
      url: line.url,
      created_at: line.created_at,
      updated_at: line.updated_at,
      events: joinEvents(events),
      off: active && kept !== undefined ? '' : PAUSED,
      sealed: kept ?? sealSecrets([newSecret()], key, sealer),
      former_until: 0,
    }
  })
  return {
    statements: [
      markWebhooksDeleted({ id: appId, nowMs: app.updated_at }),
      ...rows.map((row) => WEBHOOKS_TABLE.put(row)),
      noteEvents({ appId }),
    ],
    sealedWith: rows.map(({ sealed }) => sealed.slice(0, KEY_ID_CHARACTERS)),
  }
}
