import type { ChangedSettings } from '../../../apps/change-settings'
import type { DescribedSetting } from '../../../apps/describe-settings'
import { AmazonAuthError, toAmazonAuthError } from '../../../errors'
import {
  settingsPage,
  type SettingsForm,
  type ShownSetting,
} from '../../../pages/admin/apps/settings-page'
import type { Html } from '../../../pages/html'
import { inEnglish } from '../../../pages/in-english'
import { fillText } from '../../../pages/texts/fill'
import { textForLog } from '../../../text-for-log'
import { goTo, showAdminPage } from '../admin-answers'
import type { AppVisit } from '../admin-route'
import { recordChange } from '../record-change'
import { ofApp } from './of-app'
import { readSettingsForm, type TypedSettings } from './read-settings-form'
import { shorten, shownSetting, textOf } from './settings-shown'
import { appPath } from '../../../pages/admin/app-path'

/** `GET /apps/:app/settings` */
export async function showSettings(visit: AppVisit): Promise<void> {
  show(visit, await describe(visit), UNTOUCHED, {})
}

/** `POST /apps/:app/settings`: changes what was changed in the form, unless somebody else has changed that meanwhile. */
export async function saveSettings(visit: AppVisit): Promise<void> {
  const { services, form, app, texts } = visit
  const described = await describe(visit)
  const typed = readSettingsForm(form, described, texts)
  if (typed.problems.size > 0 || typed.added.problem !== undefined) {
    show(visit, described, typed, { status: 400 })
    return
  }
  if (typed.wanted.length === 0) {
    goTo(visit, appPath(visit.app.appIdentifier, '/settings'), texts.settings.nothing)
    return
  }
  let changed: ChangedSettings
  try {
    changed = await services.admin.changeSettings(app.appIdentifier, typed.wanted)
  } catch (thrown) {
    showTooLarge(visit, described, typed, toAmazonAuthError(thrown))
    return
  }
  await recordAll(visit, changed.done, typed)
  await answer(visit, changed, typed)
}

async function answer(
  visit: AppVisit,
  { done, changedMeanwhile, refused }: ChangedSettings,
  typed: TypedSettings,
): Promise<void> {
  const { settings } = visit.texts
  if (refused.size === 0 && changedMeanwhile.length === 0) {
    const count = done.length
    goTo(visit, appPath(visit.app.appIdentifier, '/settings'), fillText(settings.saved, { count }))
    return
  }
  const problem = done.length > 0 ? settings.partly : settings.conflict
  const told = Array.from(refused, ([name, problem]) => [name, inEnglish(problem)] as const)
  const problems = new Map([...typed.problems, ...told])
  show(
    visit,
    await describe(visit),
    { ...typed, problems },
    {
      status: changedMeanwhile.length > 0 ? 409 : 400,
      conflicts: changedMeanwhile,
      ...(changedMeanwhile.length > 0 && { problem }),
    },
  )
}

/** They are too many, or too large in all: what was typed stays. */
function showTooLarge(
  visit: AppVisit,
  described: readonly DescribedSetting[],
  typed: TypedSettings,
  error: AmazonAuthError,
): void {
  if (error.code !== 'setting_invalid') throw error
  show(visit, described, typed, { status: 400, problem: inEnglish(String(error.facts.problem)) })
}

const UNTOUCHED: TypedSettings = {
  wanted: [],
  typed: new Map(),
  seen: new Map(),
  problems: new Map(),
  added: { name: '', value: '' },
}

async function describe({ services, app }: AppVisit): Promise<readonly DescribedSetting[]> {
  const described = await services.admin.describeSettings(app.appIdentifier)
  if (described === undefined) throw new AmazonAuthError('not_found')
  return described
}

/** One event for those put, one for those removed: by their names, never by their values. */
async function recordAll(
  visit: AppVisit,
  done: readonly string[],
  { wanted }: TypedSettings,
): Promise<void> {
  const removed = wanted.filter(({ value }) => value === undefined).map(({ name }) => name)
  const isRemoved = (name: string): boolean => removed.includes(name)
  const put = done.filter((name) => !isRemoved(name))
  const gone = done.filter(isRemoved)
  const app = visit.app.appIdentifier
  if (put.length > 0) await recordChange(visit, { app, action: 'setting_put', detail: listed(put) })
  if (gone.length > 0)
    await recordChange(visit, { app, action: 'setting_deleted', detail: listed(gone) })
}

function listed(names: readonly string[]): string {
  return shorten(names.map(textForLog).join(', '))
}

function show(
  visit: AppVisit,
  described: readonly DescribedSetting[],
  typed: TypedSettings,
  more: {
    readonly status?: number
    readonly problem?: string | Html
    readonly conflicts?: readonly string[]
  },
): void {
  const { texts, operator } = visit
  const shown = described.map((setting) =>
    shownSetting(setting, texts, operator.appId === undefined),
  )
  const form: SettingsForm = {
    ...ofApp(visit),
    settings: shown.map((setting) => withTyped(setting, typed, more.conflicts ?? [], visit)),
    added: typed.added,
    problem: more.problem,
  }
  showAdminPage(visit, settingsPage(form, texts), more.status ?? 200)
}

/** What was typed stands in its field again, and counts as a change to what is stored now. */
function withTyped(
  setting: ShownSetting,
  { typed, seen, problems, wanted }: TypedSettings,
  conflicts: readonly string[],
  { texts }: AppVisit,
): ShownSetting {
  const { name, input, isStored } = setting
  const problem = problems.get(name) ?? againIfSecret(setting, wanted, texts.settings.secretAgain)
  const isConflict = conflicts.includes(name)
  const now = isStored ? (input === 'secret' ? texts.settings.secretSet : setting.text) : undefined
  const conflict = isConflict
    ? { now: now === undefined ? undefined : shorten(textOf(now)) }
    : undefined
  const text = typed.get(name)
  const isOpen = text !== undefined || input === 'secret'
  const basis = isOpen && !isConflict ? seen.get(name) : undefined
  const more = { ...(text !== undefined && { text }), ...(basis !== undefined && { seen: basis }) }
  return { ...setting, problem, conflict, ...more }
}

/** A secret that was typed is not sent back. */
function againIfSecret(
  { name, input }: ShownSetting,
  wanted: TypedSettings['wanted'],
  text: string,
): string | undefined {
  const isTyped =
    input === 'secret' && wanted.some((each) => each.name === name && each.value !== undefined)
  return isTyped ? text : undefined
}
