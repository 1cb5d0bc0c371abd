import { randomText } from '../crypto/random'
import type { Sealer } from '../crypto/sealer'
import { AmazonAuthError } from '../errors'
import type { AppStore } from './app'
import { MAX_APP_ID_CHARACTERS, normalizeAppId } from './app-id'
import { sealSettings } from './seal-settings'
import { requireWithinBounds } from './setting-bounds'
import type { SettingValues } from './settings'

/** An app's name and key, shown once when they are made. */
export interface AppKeys {
  /** `app:<name>` */
  readonly accessKey: string
  readonly secretKey: string
}

export interface NewApp {
  /** Normalised to the app's id. */
  readonly name: string
  /** Name for people. Default: `name`. */
  readonly displayName?: string
  readonly settings?: SettingValues
  /** Default: 256 fresh random bits. */
  readonly secret?: string
}

/** 256 bits: 43 characters. */
export const APP_SECRET_BYTES = 32

/**
 * Adds an app.
 *
 * @throws {AmazonAuthError} `app_id_invalid`, `app_exists`, `setting_invalid`, `store_unavailable`
 */
export async function createApp(
  app: NewApp,
  deps: {
    readonly store: Pick<AppStore, 'insert'>
    readonly sealer: Sealer
    readonly nowMs: number
  },
): Promise<AppKeys> {
  const id = normalizeAppId(app.name)
  const names = [app.name, app.displayName ?? '']
  if (
    id === '' ||
    id.length > MAX_APP_ID_CHARACTERS ||
    !names.every((name) => name.isWellFormed())
  ) {
    const name = app.name.slice(0, MAX_APP_ID_CHARACTERS).toWellFormed()
    throw new AmazonAuthError('app_id_invalid', { name })
  }
  const secret = app.secret ?? randomText(APP_SECRET_BYTES)
  const record = {
    id,
    name: (app.displayName ?? app.name).trim(),
    active: true,
    sealedSecret: deps.sealer.seal(secret, id),
    createdAtMs: deps.nowMs,
    updatedAtMs: deps.nowMs,
  }
  const settings = sealSettings(id, app.settings ?? {}, deps.sealer)
  requireWithinBounds(settings)
  const added = await deps.store.insert(record, settings)
  if (!added) throw new AmazonAuthError('app_exists', { app: id })
  return { accessKey: `app:${id}`, secretKey: secret }
}
