import { randomText } from '../crypto/random'
import type { Sealer } from '../crypto/sealer'
import { AmazonAuthError, requestInvalid } from '../errors'
import type { AppPage, AppPatch, AppRecord, AppStore, SettingRecords } from './app'
import type { AppDirectory, ConfiguredSettings } from './app-directory'
import { normalizeAppId } from './app-id'
import { toAppJson, type AppJson } from './app-json'
import { changeSettings, type ChangedSettings, type WantedSetting } from './change-settings'
import { APP_SECRET_BYTES, createApp, type AppKeys, type NewApp } from './create-app'
import { describeSettings, type ConfiguredValue, type DescribedSetting } from './describe-settings'
import { MASK, maskSettings, openReadable } from './mask-settings'
import { requireAllStorable, requireStorable } from './require-storable'
import { NO_REMARKS, reviewChange, reviewSettings, type SettingsReview } from './review-settings'
import { sealSetting, sealSettings } from './seal-settings'
import { requireWithinBounds, tooManySettings } from './setting-bounds'
import { isSecretSetting } from './known-settings'
import { settingsFrom, type Json, type SettingValues } from './settings'
import type { HostTraits } from './value-formats'

/** What operators and apps do with apps; the command line and the REST API both work through it. */
export interface AppAdmin {
  /** @throws {AmazonAuthError} `app_id_invalid`, `app_exists`, `setting_invalid`, `store_unavailable` */
  create(app: NewApp): Promise<AppKeys>
  /** Apps by id, a page at a time. */
  list(page: AppPage): Promise<readonly AppJson[]>
  count(search?: string): Promise<number>
  /** Whether the configuration names an app, which is made again then where it is not there. */
  isConfigured(appId: string): Promise<boolean>
  /** Whether new keys can be made for an app: the root app's may be configured. */
  canRenewKeys(appId: string): boolean
  /** Also an app whose secrets no key opens: here is where that is mended. */
  find(name: string): Promise<AppJson | undefined>
  /**
   * Renames an app, switches it off or on: in force on this node at once, on all others within two seconds. While it is
   * off nobody signs in to it, and neither its sessions and tokens nor its keys are worth anything; all of them are again
   * when it is on.
   *
   * @returns The app as it is now.
   * @throws {AmazonAuthError} `not_found`, `request_invalid` (no such name), `caller_forbidden` (the root app stays on),
   *   `store_unavailable`
   */
  patch(name: string, patch: AppPatch): Promise<AppJson>
  /**
   * Makes a new secret: the old one, and every token, is worth nothing from now on.
   *
   * @param onMade Told of it before it comes into force. What it throws keeps it from that.
   * @throws {AmazonAuthError} `not_found`, `caller_forbidden` (the root's secret is configured), `store_unavailable`
   */
  renewKeys(name: string, onMade?: (keys: AppKeys) => Promise<void>): Promise<AppKeys>
  /**
   * Deletes an app with its users and settings. It is gone at once; many users go bit by bit, and until then the name
   * stays taken.
   *
   * @throws {AmazonAuthError} `not_found`, `caller_forbidden` (the root app stays), `store_unavailable`
   */
  delete(name: string): Promise<void>
  /**
   * The stored settings; secrets are masked. What the configuration says besides is not among them.
   *
   * @throws {AmazonAuthError} `not_found`, `store_unavailable`
   */
  readSettings(name: string): Promise<SettingValues>
  /** The same, with what should be told of them. Undefined: there is no such app. Rejects with `store_unavailable`. */
  review(
    name: string,
  ): Promise<{ readonly settings: SettingValues; readonly review: SettingsReview } | undefined>
  /**
   * Every setting that has a meaning here, and those that the app keeps besides: what is stored, what is in force and
   * where it comes from. Undefined: there is no such app. Rejects with `store_unavailable`.
   */
  describeSettings(name: string): Promise<readonly DescribedSetting[] | undefined>
  /**
   * Changes settings that are still as somebody has seen them.
   *
   * @throws {AmazonAuthError} `not_found`, `setting_invalid` (too many, or too large in all), `store_unavailable`
   */
  changeSettings(name: string, wanted: readonly WantedSetting[]): Promise<ChangedSettings>
  /**
   * Sets one setting. The mask of a secret changes nothing.
   *
   * @returns What should be told of it.
   * @throws {AmazonAuthError} `not_found`, `setting_invalid`, `store_unavailable`
   */
  putSetting(name: string, setting: string, value: Json): Promise<SettingsReview>
  /**
   * Replaces all settings at once. A secret whose value is the mask keeps what is stored.
   *
   * @returns What should be told of them.
   * @throws {AmazonAuthError} `not_found`, `setting_invalid` (nothing is changed then), `store_unavailable`
   */
  replaceSettings(name: string, settings: SettingValues): Promise<SettingsReview>
  /** @throws {AmazonAuthError} `not_found`, `store_unavailable` */
  deleteSetting(name: string, setting: string): Promise<void>
}

export interface AppAdminDeps {
  readonly apps: AppDirectory
  readonly store: AppStore
  readonly sealer: Sealer
  readonly configured: ConfiguredSettings
  /** Where the configuration says it; undefined: it is a default. */
  readonly originOf: (appId: string, setting: string) => string | undefined
  /** What the configuration says for apps that do not, or the default. */
  readonly forAll: (setting: string) => ConfiguredValue | undefined
  readonly host: HostTraits
  /** Told of what a change of settings brings, if there is anything to tell. */
  readonly onReview: (appId: string, review: SettingsReview) => void
  readonly now: () => number
  /** Whether the root app's secret is configured, and so cannot be renewed here. */
  readonly hasFixedRootSecret: boolean
  /** Removes what deleted apps have left, as far as it is quickly done, and sees to the rest. */
  readonly onDeleted: () => Promise<void>
  /** Told when settings are changed: those of this name, or any. What it rejects with is the caller's. */
  readonly onSettings: (appId: string, setting: string | undefined) => Promise<void>
}

export function createAppAdmin(deps: AppAdminDeps): AppAdmin {
  const { apps, store, sealer, now, onDeleted } = deps

  /** One that the host has is added when it is first looked for. */
  async function findRecord(name: string): Promise<AppRecord | undefined> {
    const id = normalizeAppId(name)
    const found = await store.find(id)
    const mayCome = found === undefined && deps.configured.isHosted
    if (mayCome && (await apps.find(id)) !== undefined) return (await store.find(id))?.app
    return found?.app
  }
  /** A host whose database does not answer keeps nobody from what is stored. */
  async function configuredOf(id: string): Promise<SettingValues> {
    return (await deps.configured.find(id).catch(() => undefined)) ?? {}
  }
  async function get(name: string): Promise<{ readonly id: string; readonly isRoot: boolean }> {
    const app = await findRecord(name)
    if (app === undefined) throw notFound(name)
    return { id: app.id, isRoot: app.id === apps.rootId }
  }
  async function getWhole(name: string): Promise<{ id: string; settings: SettingRecords }> {
    const id = normalizeAppId(name)
    const found = await store.findWhole(id)
    if (found === undefined) throw notFound(name)
    return { id, settings: found.settings }
  }
  /** The stored settings that have a meaning here, as they are now. */
  async function getKnown(name: string): Promise<{ id: string; known: SettingValues }> {
    const id = normalizeAppId(name)
    const found = await store.find(id)
    if (found === undefined) throw notFound(name)
    return { id, known: openReadable(id, found.known, sealer) }
  }
  /** Those of these names that are stored. */
  async function findStored(id: string, names: readonly string[]): Promise<SettingRecords> {
    const found = names.length === 0 ? undefined : await store.findWhole(id)
    return new Map(Array.from(found?.settings ?? []).filter(([name]) => names.includes(name)))
  }
  async function review(
    id: string,
    before: SettingValues,
    after: SettingValues,
    put: SettingValues,
  ): Promise<SettingsReview> {
    const change = { before, after, put: Object.keys(put) }
    const found = reviewChange(change, await configuredOf(id), deps.host)
    deps.onReview(id, found)
    return found
  }
  /** Every change is seen by the next request; one of an app that has just gone is none. */
  async function change(id: string, work: Promise<boolean>): Promise<void> {
    const isDone = await work.finally(() => apps.forget(id))
    if (!isDone) throw notFound(id)
  }

  return {
    async create(app) {
      if (deps.configured.isHosted) throw forbidden(HOSTED)
      const { name, settings = {} } = app
      requireAllStorable(settings)
      const keys = await createApp(app, { store, sealer, nowMs: now() })
      const id = normalizeAppId(name)
      apps.forget(id)
      await review(id, {}, settings, settings)
      return keys
    },
    async list(page) {
      const records = await store.list(page)
      return records.map((record) => toAppJson(record, apps.rootId))
    },
    count: (search) => store.count(search),
    isConfigured: async (appId) => (await deps.configured.find(appId)) !== undefined,
    canRenewKeys: (appId) => appId !== apps.rootId || !deps.hasFixedRootSecret,
    async find(name) {
      const record = await findRecord(name)
      return record && toAppJson(record, apps.rootId)
    },
    async patch(name, patch) {
      const { id, isRoot } = await get(name)
      if (isRoot && patch.active === false) throw forbidden('The root app cannot be switched off.')
      await change(id, store.patch(id, cleanPatch(patch), now()))
      const record = await findRecord(id)
      if (record === undefined) throw notFound(id)
      return toAppJson(record, apps.rootId)
    },
    async renewKeys(name, onMade) {
      const { id, isRoot } = await get(name)
      if (isRoot && deps.hasFixedRootSecret) throw forbidden(FIXED_SECRET)
      const secretKey = randomText(APP_SECRET_BYTES)
      const keys = { accessKey: `app:${id}`, secretKey }
      await onMade?.(keys)
      await change(id, store.replaceSecret(id, sealer.seal(secretKey, id), now()))
      return keys
    },
    async delete(name) {
      const { id, isRoot } = await get(name)
      if (isRoot) throw forbidden('The root app cannot be deleted.')
      await change(id, store.delete(id, now()))
      await onDeleted()
    },
    async readSettings(name) {
      const { id, settings } = await getWhole(name)
      return maskSettings(openReadable(id, settings, sealer))
    },
    async review(name) {
      const id = normalizeAppId(name)
      const found = await store.findWhole(id)
      if (found === undefined) return undefined
      const opened = openReadable(id, found.settings, sealer)
      const told = reviewSettings(opened, await configuredOf(id), deps.host)
      return { settings: maskSettings(opened), review: told }
    },
    async describeSettings(name) {
      const id = normalizeAppId(name)
      const found = await store.findWhole(id)
      if (found === undefined) return undefined
      return describeSettings(id, found.settings, {
        ...deps,
        configured: await configuredOf(id),
        originOf: (setting) => deps.originOf(id, setting),
      })
    },
    async changeSettings(name, wanted) {
      const { id, settings: stored } = await getWhole(name)
      const changeDeps = { stored, store, sealer, nowMs: now() }
      const outcome = await changeSettings(id, wanted, changeDeps).finally(() => apps.forget(id))
      if (outcome === undefined) throw notFound(name)
      for (const setting of outcome.done) await deps.onSettings(id, setting)
      const before = openReadable(id, stored, sealer)
      const after = settingsAfter(before, wanted, outcome.done)
      return {
        ...outcome,
        review: await review(id, before, after, pickSettings(after, outcome.done)),
      }
    },
    async putSetting(name, setting, value) {
      const { id, known } = await getKnown(name)
      if (isMask(setting, value)) return NO_REMARKS
      requireStorable(setting, value)
      const sealed = { name: setting, value: sealSetting(id, setting, value, sealer) }
      const outcome = await store.putSetting(id, sealed, now()).finally(() => apps.forget(id))
      if (outcome === 'no_app') throw notFound(name)
      if (outcome === 'no_room') throw tooManySettings()
      await deps.onSettings(id, setting)
      const put = settingsFrom([[setting, value]])
      return review(id, known, { ...known, ...put }, put)
    },
    async replaceSettings(name, settings) {
      const { id, known } = await getKnown(name)
      const isKept = ([setting, value]: [string, Json]): boolean => isMask(setting, value)
      const entries = Object.entries(settings)
      const kept = entries.filter(isKept).map(([setting]) => setting)
      const given = settingsFrom(entries.filter((entry) => !isKept(entry)))
      requireAllStorable(given)
      const sealed = sealSettings(id, given, sealer)
      requireWithinBounds(new Map([...(await findStored(id, kept)), ...sealed]))
      await change(id, store.replaceSettings(id, { settings: sealed, kept }, now()))
      await deps.onSettings(id, undefined)
      const keptValues = kept.map((setting) => [setting, known[setting] ?? null] as const)
      return review(id, known, { ...given, ...settingsFrom(keptValues) }, given)
    },
    async deleteSetting(name, setting) {
      const { id } = await get(name)
      await store.deleteSetting(id, setting, now()).finally(() => apps.forget(id))
      await deps.onSettings(id, setting)
    },
  }
}

/** What was wanted of these, in the place of what was there. */
function settingsAfter(
  before: SettingValues,
  wanted: readonly WantedSetting[],
  done: readonly string[],
): SettingValues {
  const left = Object.entries(before).filter(([name]) => !done.includes(name))
  const put = wanted.flatMap(({ name, value }) =>
    value === undefined || !done.includes(name) ? [] : [[name, value] as const],
  )
  return settingsFrom([...left, ...put])
}

function pickSettings(settings: SettingValues, names: readonly string[]): SettingValues {
  return settingsFrom(Object.entries(settings).filter(([name]) => names.includes(name)))
}

const HOSTED =
  'The apps of this host are those of its own database (option apps): add this one there.'
const FIXED_SECRET = 'The secret of the root app is configured (root_secret_key): change it there.'

const MAX_NAME_CHARACTERS = 256

/** @throws {AmazonAuthError} `request_invalid`: people could not tell the app by such a name. */
function cleanPatch({ name, active }: AppPatch): AppPatch {
  const trimmed = name?.trim()
  const isSound = trimmed === undefined || (trimmed !== '' && trimmed.length <= MAX_NAME_CHARACTERS)
  if (!isSound || trimmed?.isWellFormed() === false) {
    throw requestInvalid(`The name of an app must have 1 to ${MAX_NAME_CHARACTERS} characters.`)
  }
  return {
    ...(trimmed !== undefined && { name: trimmed }),
    ...(active !== undefined && { active }),
  }
}

function isMask(setting: string, value: Json): boolean {
  return value === MASK && isSecretSetting(setting)
}

function notFound(name: string): AmazonAuthError {
  return new AmazonAuthError('not_found', {
    problem: `There is no app ${normalizeAppId(name).slice(0, 64)}.`,
  })
}

function forbidden(problem: string): AmazonAuthError {
  return new AmazonAuthError('caller_forbidden', { problem })
}
