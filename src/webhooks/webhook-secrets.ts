import { randomBytes } from '../crypto/random'
import type { Sealer } from '../crypto/sealer'
import { AmazonAuthError } from '../errors'
import type { WebhookKey, WebhookRecord } from './webhook'

/** As Standard Webhooks has it: between 24 and 64 bytes. */
const SECRET_BYTES = 32

/** `whsec_` and base64. */
export function newSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`
}

/** Seals the secrets of an endpoint, the current one first, so that they open as its own and as nothing else. */
export function sealSecrets(secrets: readonly string[], key: WebhookKey, sealer: Sealer): string {
  return sealer.seal(JSON.stringify(secrets), sealedFor(key))
}

/**
 * The secrets that sign what is sent to an endpoint: the current one, and the former one for as long as it does.
 *
 * @throws {AmazonAuthError} `secret_unreadable`
 */
export function openSecrets(
  record: Pick<WebhookRecord, 'appId' | 'id' | 'sealed' | 'formerUntilMs'>,
  sealer: Sealer,
  nowMs: number,
): readonly string[] {
  const text = sealer.open(record.sealed, sealedFor(record))
  if (text === undefined) {
    throw new AmazonAuthError('secret_unreadable', { app: record.appId, webhook: record.id })
  }
  // Nobody without the key can have written another text.
  const secrets = JSON.parse(text) as readonly string[]
  return record.formerUntilMs > nowMs ? secrets : secrets.slice(0, 1)
}

/** Neither id can hold a slash. */
export function sealedFor({ appId, id }: WebhookKey): string {
  return `webhook ${appId}/${id}`
}
