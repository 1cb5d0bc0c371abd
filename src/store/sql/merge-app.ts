import type { SettingRecords } from '../../apps/app'
import { APP_SECRET_BYTES, type AppKeys } from '../../apps/create-app'
import { requireStorable } from '../../apps/require-storable'
import { openEach, sealSetting } from '../../apps/seal-settings'
import { requireWithinBounds } from '../../apps/setting-bounds'
import type { Json, SettingValues } from '../../apps/settings'
import { FormatError, secret as secretFormat } from '../../apps/value-formats'
import { MAX_APP_ID_CHARACTERS, normalizeAppId } from '../../apps/app-id'
import { randomText } from '../../crypto/random'
import { KEY_ID_CHARACTERS, type Sealer } from '../../crypto/sealer'
import { AmazonAuthError } from '../../errors'
import type { IncomingApp } from '../incoming'
import type { Statement } from './define-query'
import { findLiveApp, type StoredApp } from './find-live-app'
import type { Winner } from './merge-users'
import { APPS_TABLE, SETTINGS_TABLE } from './moved-tables'
import { sqlAppStore } from './sql-app-store'
import type { SqlExecutor } from './sql-executor'
import { sqlSealingKeyStore } from './sql-sealing-key-store'

/** What becomes of an app: `kept` is here already, and stays as it is though it differs. */
export type AppOutcome = 'added' | 'changed' | 'same' | 'kept' | 'left'

/** Why an app is left out with its users. */
export type WhyAppLeft = 'unknown_app' | 'other_secret' | 'id_odd' | 'too_many_settings'

export interface MergedApp {
  readonly app: string
  readonly outcome: AppOutcome
  readonly why?: WhyAppLeft
  /** Whose secret counts here from now on, where they differ. */
  readonly secret?: 'here' | 'incoming'
  /** Why the secret that comes is not safe to take. A new app gets keys that are made here. */
  readonly weakSecret?: string
  /** Names of settings that come, or would. */
  readonly settings: readonly string[]
  /** Settings that cannot be kept here, and why not. */
  readonly refused: readonly { readonly name: string; readonly problem: string }[]
  /** Made for an app whose secret is not known: to be shown once. */
  readonly keys?: AppKeys
}

export interface MergeApp {
  readonly to: SqlExecutor
  readonly sealer: Sealer
  readonly winner: Winner
  /** Whose secret counts when both have one and they differ; undefined: the app is left out. */
  readonly secret: 'here' | 'incoming' | undefined
  /** The secret of an app that is configured, and so counts over what is stored. */
  readonly configuredSecret: (appId: string) => string | undefined
  readonly applies: boolean
}

/** What is to be done about an app: first this, then its users, then {@link AppMerge.finish}. */
export interface AppMerge {
  readonly merged: MergedApp
  /** Switches an app on that was added, now that its users are here. */
  finish(): Promise<void>
}

/**
 * Brings an app in, with its settings. One that is new is switched off until its users are here, since whoever signs in
 * meanwhile would be another user.
 *
 * @param app Undefined: only users of it are known, who can only come to an app that is here.
 * @throws {AmazonAuthError} `secret_unreadable`, `store_unavailable`
 */
export async function mergeApp(
  id: string,
  app: IncomingApp | undefined,
  options: MergeApp,
): Promise<AppMerge> {
  const { to, applies } = options
  const there = applies ? await findLiveApp(to, id) : await sqlAppStore(to).findWhole(id)
  if (app === undefined) {
    return done(there === undefined ? left(id, 'unknown_app') : { ...nothing(id), outcome: 'same' })
  }
  if (normalizeAppId(id) !== id || id.length > MAX_APP_ID_CHARACTERS) {
    return done(left(id, 'id_odd'))
  }
  const settings = sortOut(app.settings)
  const { secret, ...rest } = app
  const weakSecret = secret === undefined ? undefined : weaknessOf(secret)
  const taken = weakSecret === undefined ? app : rest
  const merge = await (there === undefined
    ? add(taken, settings, options)
    : change(taken, there, settings, options))
  return weakSecret === undefined ? merge : { ...merge, merged: { ...merge.merged, weakSecret } }
}

/** A short key can be guessed, and whoever has it signs in as anybody. */
function weaknessOf(key: string): string | undefined {
  try {
    secretFormat.parse(key)
    return undefined
  } catch (thrown) {
    if (!(thrown instanceof FormatError)) throw thrown
    return thrown.message
  }
}

interface Settings {
  readonly storable: readonly (readonly [string, Json])[]
  readonly refused: MergedApp['refused']
}

function sortOut(settings: SettingValues): Settings {
  const refused: { name: string; problem: string }[] = []
  const storable = Object.entries(settings).filter(([name, value]) => {
    const problem = problemOf(name, value)
    if (problem !== undefined) refused.push({ name, problem })
    return problem === undefined
  })
  return { storable, refused }
}

function problemOf(name: string, value: Json): string | undefined {
  try {
    requireStorable(name, value)
    return undefined
  } catch (thrown) {
    if (!(thrown instanceof AmazonAuthError)) throw thrown
    return thrown.message
  }
}

/** Older than any change: cut off in between, the next run goes on. */
const UNFINISHED = 0

async function add(app: IncomingApp, settings: Settings, options: MergeApp): Promise<AppMerge> {
  const { id } = app
  const configured = options.configuredSecret(id)
  const choice = chooseSecret(app, configured, options)
  if (choice === 'unclear') return done(left(id, 'other_secret'))
  const records = seal(app, settings.storable, options)
  if (!fits(records)) return done(left(id, 'too_many_settings'))
  const secretKey = configured ?? app.secret ?? randomText(APP_SECRET_BYTES)
  const isMade = configured === undefined && app.secret === undefined
  const merged: MergedApp = {
    app: id,
    outcome: 'added',
    settings: settings.storable.map(([name]) => name),
    refused: settings.refused,
    ...(choice !== 'same' && { secret: choice }),
    ...(isMade && { keys: { accessKey: `app:${id}`, secretKey } }),
  }
  if (!options.applies) return done(merged)
  const sealed_secret = options.sealer.seal(secretKey, id)
  await noteKey(sealed_secret, options)
  await options.to.write([
    APPS_TABLE.put({
      app_id: id,
      name: app.name,
      active: 0,
      sealed_secret,
      created_at: app.createdAtMs,
      updated_at: UNFINISHED,
    }),
    ...settingStatements(id, records),
  ])
  return { merged, finish: () => finish(app, options) }
}

async function change(
  app: IncomingApp,
  there: StoredApp,
  settings: Settings,
  options: MergeApp,
): Promise<AppMerge> {
  const { id } = app
  const { sealer } = options
  const choice = chooseSecret(
    app,
    options.configuredSecret(id) ?? openSecret(there, sealer),
    options,
  )
  if (choice === 'unclear') return done(left(id, 'other_secret'))
  const here = openEach(id, there.settings, sealer, () => null)
  const others = settings.storable.filter(
    ([name, value]) => JSON.stringify(here[name]) !== JSON.stringify(value),
  )
  const outcome = compare(app, there, others.length > 0, options)
  const records = seal(app, outcome === 'changed' ? others : [], options)
  if (!fits(new Map([...there.settings, ...records]))) return done(left(id, 'too_many_settings'))
  const merged: MergedApp = {
    app: id,
    outcome: choice === 'incoming' ? 'changed' : outcome,
    settings: others.map(([name]) => name),
    refused: settings.refused,
    ...(choice !== 'same' && { secret: choice }),
  }
  if (!options.applies) return done(merged)
  if (choice === 'incoming') await takeSecret(app, there, options)
  if (outcome !== 'changed') return done(merged)
  await options.to.write(settingStatements(id, records))
  return { merged, finish: () => finish(app, options) }
}

function compare(
  { name, active, updatedAtMs }: IncomingApp,
  { app }: StoredApp,
  hasOtherSettings: boolean,
  { winner }: MergeApp,
): 'same' | 'kept' | 'changed' {
  const isSame =
    !hasOtherSettings &&
    app.name === name &&
    app.active === active &&
    app.updatedAtMs !== UNFINISHED
  if (isSame) return 'same'
  const stays = winner === 'here' || (winner === 'newer' && updatedAtMs <= app.updatedAtMs)
  return stays ? 'kept' : 'changed'
}

/** `unclear`: they differ, and nobody has said which one counts, or it is configured and so cannot give way. */
function chooseSecret(
  { id, secret }: IncomingApp,
  here: string | undefined,
  { secret: choice, configuredSecret }: MergeApp,
): 'same' | 'here' | 'incoming' | 'unclear' {
  if (secret === undefined || here === undefined || secret === here) return 'same'
  if (choice === 'incoming' && configuredSecret(id) !== undefined) return 'unclear'
  return choice ?? 'unclear'
}

/** @throws {AmazonAuthError} `secret_unreadable` */
function openSecret({ app }: StoredApp, sealer: Sealer): string {
  const secret = sealer.open(app.sealedSecret, app.id)
  if (secret === undefined) throw new AmazonAuthError('secret_unreadable', { app: app.id })
  return secret
}

async function takeSecret(
  { id, secret = '' }: IncomingApp,
  there: StoredApp,
  options: MergeApp,
): Promise<void> {
  const sealed = options.sealer.seal(secret, id)
  await noteKey(sealed, options)
  await sqlAppStore(options.to).replaceSecret(id, sealed, there.app.updatedAtMs)
}

/** A start without this key is to stop. */
async function noteKey(sealed: string, { to }: MergeApp): Promise<void> {
  await sqlSealingKeyStore(to).add(sealed.slice(0, KEY_ID_CHARACTERS))
}

async function finish(
  { id, name, active, updatedAtMs }: IncomingApp,
  { to }: MergeApp,
): Promise<void> {
  await sqlAppStore(to).patch(id, { name, active }, updatedAtMs)
}

function seal(
  { id }: IncomingApp,
  settings: Settings['storable'],
  { sealer }: MergeApp,
): SettingRecords {
  return new Map(settings.map(([name, value]) => [name, sealSetting(id, name, value, sealer)]))
}

function settingStatements(app_id: string, settings: SettingRecords): readonly Statement[] {
  return Array.from(settings, ([name, value]) => SETTINGS_TABLE.put({ app_id, name, value }))
}

function fits(settings: SettingRecords): boolean {
  try {
    requireWithinBounds(settings)
    return true
  } catch (thrown) {
    if (!(thrown instanceof AmazonAuthError)) throw thrown
    return false
  }
}

function done(merged: MergedApp): AppMerge {
  return { merged, finish: () => Promise.resolve() }
}

function nothing(app: string): Pick<MergedApp, 'app' | 'settings' | 'refused'> {
  return { app, settings: [], refused: [] }
}

function left(app: string, why: WhyAppLeft): MergedApp {
  return { ...nothing(app), outcome: 'left', why }
}
