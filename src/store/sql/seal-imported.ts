import type { AppRecord, SettingRecords } from '../../apps/app'
import { APP_SECRET_BYTES, type AppKeys } from '../../apps/create-app'
import { requireStorable } from '../../apps/require-storable'
import { requireWithinBounds } from '../../apps/setting-bounds'
import { isSecretSetting } from '../../apps/known-settings'
import { randomText } from '../../crypto/random'
import { KEY_ID_CHARACTERS, type Sealer } from '../../crypto/sealer'
import { AmazonAuthError } from '../../errors'
import { writeFields } from '../../users/kept-profile'
import { TOKEN_SECRET_BYTES } from '../../users/upserted-user'
import type { SettingLine, UserLine } from './export-format'
import type { MovedRow } from './moved-tables'
import { ImportError, type AppPart, type Numbered } from './read-export'

/** What an imported app lays in the store, secrets sealed. */
export interface ImportedSecrets {
  readonly sealedSecret: string
  readonly settings: SettingRecords
  /** Those that were made for it; undefined when its secret was in the file, is kept or configured. */
  readonly keys: AppKeys | undefined
  /** Ids of the keys that its secrets are sealed with. */
  readonly sealedWith: ReadonlySet<string>
}

export interface SealingOptions {
  readonly sealer: Sealer
  /** Where its keys come from, for people. */
  readonly keySource: string
  /** The app that is replaced: secrets that are not in the file stay. */
  readonly kept: { readonly app: AppRecord; readonly settings: SettingRecords } | undefined
  readonly configuredSecret: string | undefined
}

/**
 * The secrets and settings of an imported app. Without secrets in the file it gets what a new app would: a secret of its
 * own.
 *
 * @throws {ImportError} A setting is not valid, or no key opens a secret.
 */
export function sealImported(part: AppPart, options: SealingOptions): ImportedSecrets {
  const { app_id: appId, sealed_secret } = part.app
  const { sealer, kept } = options
  const settings = new Map(part.settings.map((setting) => toRecord(setting, options)))
  if (sealed_secret !== undefined) {
    requireOpens(sealed_secret, part.number, { appId, ...options })
    return {
      sealedSecret: sealed_secret,
      settings,
      keys: undefined,
      sealedWith: keyIdsOf(sealed_secret, settings),
    }
  }
  for (const [name, value] of kept?.settings ?? []) {
    if (isSecretSetting(name)) settings.set(name, value)
  }
  explained(part.number, appId, () => requireWithinBounds(settings))
  const secretKey = options.configuredSecret ?? randomText(APP_SECRET_BYTES)
  const sealedSecret = kept?.app.sealedSecret ?? sealer.seal(secretKey, appId)
  const isMade = kept === undefined && options.configuredSecret === undefined
  const keys = isMade ? { accessKey: `app:${appId}`, secretKey } : undefined
  return { sealedSecret, settings, keys, sealedWith: keyIdsOf(sealedSecret, settings) }
}

/** The token secret of a user without one is new: tokens of before are worth nothing. */
export function toUserRow({ type: _type, profile, ...user }: UserLine): MovedRow {
  return {
    ...user,
    ...(profile !== undefined && { profile: writeFields(profile) }),
    active: Number(user.active),
    token_secret: user.token_secret ?? randomText(TOKEN_SECRET_BYTES),
  }
}

function toRecord(
  { number, line }: Numbered<SettingLine>,
  options: SealingOptions,
): readonly [name: string, value: string] {
  const { app_id: appId, name, value, sealed } = line
  if (isSecretSetting(name) !== (sealed !== undefined)) {
    const problem = isSecretSetting(name)
      ? `the setting ${name} is a secret, which a file has only sealed; leave it out, and set it afterwards`
      : `the setting ${name} is no secret, and so not sealed`
    throw new ImportError(number, appId, problem)
  }
  if (sealed !== undefined) {
    requireOpens(sealed, number, { appId, ...options })
    return [name, sealed]
  }
  explained(number, appId, () => requireStorable(name, value ?? null))
  return [name, JSON.stringify(value ?? null)]
}

/** What the API would refuse with a sentence is refused with that line and sentence. */
function explained<T>(line: number, appId: string, check: () => T): T {
  try {
    return check()
  } catch (thrown) {
    if (!(thrown instanceof AmazonAuthError)) throw thrown
    throw new ImportError(line, appId, thrown.message.replace(/\.$/, ''))
  }
}

function requireOpens(
  sealed: string,
  line: number,
  { appId, sealer, keySource }: SealingOptions & { readonly appId: string },
): void {
  if (sealer.open(sealed, appId) !== undefined) return
  throw new ImportError(
    line,
    appId,
    `none of the keys of ${keySource} opens its secrets. Nothing of this app was written. Add the master key of the ` +
      'store it was exported from to para.secret_key (behind the key of this store, if that has another), or export it ' +
      'without --with-secrets',
  )
}

function keyIdsOf(sealedSecret: string, settings: SettingRecords): ReadonlySet<string> {
  const secrets = Array.from(settings).filter(([name]) => isSecretSetting(name))
  const texts = [sealedSecret, ...secrets.map(([, text]) => text)]
  return new Set(texts.map((text) => text.slice(0, KEY_ID_CHARACTERS)))
}
