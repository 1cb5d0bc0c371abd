import { jsonOrText } from '../../apps/settings'
import { isSecretSetting } from '../../apps/known-settings'
import { readFields } from '../../users/kept-profile'
import { defineQuery } from './define-query'
import {
  FORMAT,
  FORMAT_VERSION,
  type AppLine,
  type ExportLine,
  type SettingLine,
  type UserLine,
  type WebhookLine,
} from './export-format'
import type { SqlExecutor } from './sql-executor'
import { STORED_COLUMNS } from './sql-user-store'
import { sqlWebhookStore } from './sql-webhook-store'

export interface Export {
  readonly from: SqlExecutor
  /** Ids of the apps; undefined: all. */
  readonly apps: readonly string[] | undefined
  readonly withSecrets: boolean
  readonly nowMs: number
  /** Called after each page: users done, and users in all. */
  readonly onProgress: (done: number, total: number) => void
}

export interface ExportTotals {
  readonly apps: number
  readonly users: number
}

/** There is no app of this id, or it was deleted. */
export class UnknownAppError extends Error {
  override readonly name = 'UnknownAppError'

  constructor(readonly appId: string) {
    super(`There is no app ${appId}.`)
  }
}

/** Users in one piece of text: some hundred kilobytes. */
const PAGE = 1_000
/** An app with more of settings has them read one by one. Few have: what stores an app bounds them. */
const MANY_CHARACTERS = 1024 * 1024

/** Those of apps that are being deleted do not count. */
const countAllUsers = defineQuery((db) =>
  db
    .selectFrom('users')
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .where('app_id', 'in', (apps) =>
      apps.selectFrom('apps').select('app_id').where('deleted_at', 'is', null),
    ),
)

const countUsers = defineQuery((db, params: { appId: string }) =>
  db
    .selectFrom('users')
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .where('app_id', '=', params.appId),
)

const usersAfter = defineQuery((db, params: { appId: string; afterId: string; limit: number }) =>
  db
    .selectFrom('users')
    .select(STORED_COLUMNS)
    .where('app_id', '=', params.appId)
    .where('id', '>', params.afterId)
    .orderBy('id')
    .limit(params.limit),
)

const findApp = defineQuery((db, params: { id: string }) =>
  db
    .selectFrom('apps')
    .select(['app_id', 'name', 'active', 'created_at', 'updated_at', 'sealed_secret'])
    .where('app_id', '=', params.id)
    .where('deleted_at', 'is', null),
)

const listIds = defineQuery((db, _params: object) =>
  db.selectFrom('apps').select('app_id as id').where('deleted_at', 'is', null),
)

const sizesOfSettings = defineQuery((db, params: { appId: string }) =>
  db
    .selectFrom('settings')
    .select('name')
    .select(({ fn }) => fn<number>('length', ['value']).as('characters'))
    .where('app_id', '=', params.appId),
)

const allSettings = defineQuery((db, params: { appId: string }) =>
  db.selectFrom('settings').select(['name', 'value']).where('app_id', '=', params.appId),
)

const oneSetting = defineQuery((db, params: { appId: string; name: string }) =>
  db
    .selectFrom('settings')
    .select(['name', 'value'])
    .where('app_id', '=', params.appId)
    .where('name', '=', params.name),
)

/**
 * The apps of a store as JSON lines (see export-format.ts), a page of users at a time; of all apps, only the ids are in
 * memory. The order does not depend on the store: equal stores give equal exports.
 *
 * Nothing is locked: of what changes meanwhile some may be in the export and some not.
 *
 * @returns Texts of whole lines.
 * @throws {UnknownAppError} Before the first text.
 */
export async function* exportApps(options: Export): AsyncGenerator<string, ExportTotals> {
  const { withSecrets: secrets, nowMs, onProgress } = options
  const ids = await findIds(options)
  const total = await countAll(options)
  const exported_at = new Date(nowMs).toISOString()
  const format = { format: FORMAT, version: FORMAT_VERSION } as const
  yield write([{ type: 'header', ...format, exported_at, secrets, users: total }])
  let [apps, users] = [0, 0]
  for (const id of ids) {
    const [app] = await options.from.read(findApp({ id }))
    // Deleted meanwhile.
    if (app === undefined) continue
    yield write([toAppLine(app, secrets)])
    for await (const settings of settingsOf(id, options)) yield write(settings)
    yield write(await webhooksOf(id, options))
    apps += 1
    for await (const page of pagesOf(id, options)) {
      yield write(page)
      users += page.length
      onProgress(users, Math.max(users, total))
    }
  }
  yield write([{ type: 'end', apps, users }])
  return { apps, users }
}

/** In the order of their code units, which not every database orders by. */
async function findIds({ from, apps }: Export): Promise<readonly string[]> {
  const ids: string[] = []
  for (const id of new Set(apps)) {
    if ((await from.read(findApp({ id })))[0] === undefined) throw new UnknownAppError(id)
    ids.push(id)
  }
  if (apps === undefined) for (const { id } of await from.read(listIds({}))) ids.push(id)
  return ids.sort()
}

async function countAll({ from, apps }: Export): Promise<number> {
  const counts =
    apps === undefined
      ? [countAllUsers({})]
      : Array.from(new Set(apps), (appId) => countUsers({ appId }))
  let sum = 0
  for (const count of counts) sum += (await from.read(count))[0]?.total ?? 0
  return sum
}

/** Ids are digits, which every collation orders alike. */
async function* pagesOf(
  appId: string,
  { from, withSecrets }: Export,
): AsyncGenerator<readonly UserLine[]> {
  for (let afterId = ''; ;) {
    const rows = await from.read(usersAfter({ appId, afterId, limit: PAGE }))
    const last = rows.at(-1)
    if (last === undefined) return
    yield rows.map(({ token_secret, profile, scopes, ...row }) => ({
      type: 'user',
      ...row,
      active: row.active === 1,
      ...(profile !== null && { profile: readFields({ profile }) }),
      ...(scopes !== null && { scopes }),
      ...(withSecrets && { token_secret }),
    }))
    afterId = last.id
  }
}

/** By name; as much at a time as may lie in memory. */
async function* settingsOf(
  appId: string,
  { from, withSecrets }: Export,
): AsyncGenerator<readonly SettingLine[]> {
  const sizes = (await from.read(sizesOfSettings({ appId }))).sort(byName)
  const characters = sizes.reduce((sum, setting) => sum + setting.characters, 0)
  if (characters <= MANY_CHARACTERS) {
    yield toSettingLines(appId, (await from.read(allSettings({ appId }))).sort(byName), withSecrets)
    return
  }
  for (const { name } of sizes) {
    yield toSettingLines(appId, await from.read(oneSetting({ appId, name })), withSecrets)
  }
}

async function webhooksOf(
  appId: string,
  { from, withSecrets }: Export,
): Promise<readonly WebhookLine[]> {
  const webhooks = await sqlWebhookStore(from).list(appId)
  return webhooks.map(({ id, url, events, off, sealed, createdAtMs, updatedAtMs }) => ({
    type: 'webhook',
    app_id: appId,
    id,
    url,
    events,
    active: off === undefined,
    created_at: createdAtMs,
    updated_at: updatedAtMs,
    ...(withSecrets && { sealed }),
  }))
}

interface Named {
  readonly name: string
}

function byName({ name: one }: Named, { name: other }: Named): number {
  return one < other ? -1 : 1
}

function toAppLine(
  { sealed_secret, ...app }: Omit<AppLine, 'type' | 'active'> & { readonly active: number },
  withSecrets: boolean,
): AppLine {
  return { type: 'app', ...app, active: app.active === 1, ...(withSecrets && { sealed_secret }) }
}

function toSettingLines(
  app_id: string,
  settings: readonly (Named & { readonly value: string })[],
  withSecrets: boolean,
): readonly SettingLine[] {
  return settings
    .filter(({ name }) => withSecrets || !isSecretSetting(name))
    .map(({ name, value }) => ({
      type: 'setting',
      app_id,
      name,
      ...(isSecretSetting(name) ? { sealed: value } : { value: jsonOrText(value) }),
    }))
}

function write(lines: readonly ExportLine[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}
