import type { WantedSetting } from '../../../apps/change-settings'
import type { DescribedSetting } from '../../../apps/describe-settings'
import { isSecretSetting } from '../../../apps/known-settings'
import { explainUnusable } from '../../../apps/settings-in-force'
import { findProblem } from '../../../apps/change-settings'
import type { Json } from '../../../apps/settings'
import { listItems } from '../../../apps/value-formats'
import type { Html } from '../../../pages/html'
import { inEnglish } from '../../../pages/in-english'
import type { AdminTexts } from '../../../pages/admin/texts/en'
import { markOf, valueOfTyped } from './settings-shown'

/** What was typed into a form of settings. */
export interface TypedSettings {
  /** What is to be changed. */
  readonly wanted: readonly WantedSetting[]
  /** Texts that were typed in place of what was shown, by name; secrets are not among them. */
  readonly typed: ReadonlyMap<string, string>
  /** What was stored when the fields were first shown, by name. */
  readonly seen: ReadonlyMap<string, string>
  /** What is wrong, by name. */
  readonly problems: ReadonlyMap<string, string | Html>
  /** Fields for one more setting. */
  readonly added: {
    readonly name: string
    readonly value: string
    readonly problem?: string | Html
  }
}

interface Row {
  readonly name: string
  readonly seen: string
  readonly shown: string
  readonly text: string
  readonly removes: boolean
}

/** More than an app may keep, and the settings with a meaning that it does not. */
const MAX_ROWS = 2_000

/** Reads which settings somebody has changed, whatever has become of the others meanwhile. */
export function readSettingsForm(
  form: URLSearchParams,
  described: readonly DescribedSetting[],
  { settings: texts }: AdminTexts,
): TypedSettings {
  const rows = rowsOf(form)
  const byName = new Map(described.map((setting) => [setting.name, setting]))
  const typed = new Map<string, string>()
  const problems = new Map<string, string | Html>()
  const wanted: WantedSetting[] = []
  const schemes = schemesAfter(rows, byName)

  function want(name: string, seen: string, value: Json | undefined): void {
    const problem =
      value === undefined
        ? undefined
        : (findProblem(name, value) ?? explainUnusable(name, value, schemes))
    if (problem !== undefined) problems.set(name, inEnglish(problem))
    wanted.push({ name, value, seen })
  }
  function readSecret({ name, text, seen, removes }: Row): void {
    if (removes && text !== '') problems.set(name, texts.secretBoth)
    else if (removes) want(name, seen, undefined)
    else if (text !== '') want(name, seen, text.trim())
  }
  function readPlain({ name, text, seen, shown }: Row): void {
    if (markOf(text) === shown) return
    typed.set(name, text)
    const isGone = text.trim() === ''
    want(name, seen, isGone ? undefined : valueOfTyped(text, byName.get(name)))
  }
  for (const row of rows) {
    if (isSecretSetting(row.name)) readSecret(row)
    else readPlain(row)
  }
  const added = readAdded(form, byName, texts)
  if (added.name !== '' && added.problem === undefined) {
    wanted.push({ name: added.name, value: valueOfTyped(added.value, undefined), seen: '' })
  }
  const seen = new Map(rows.map((row) => [row.name, row.seen]))
  return { wanted, typed, seen, problems, added }
}

function rowsOf(form: URLSearchParams): readonly Row[] {
  const rows: Row[] = []
  const fields = new Map(form)
  for (let at = 0; at < MAX_ROWS; at += 1) {
    const name = fields.get(`name.${at}`)
    if (name === undefined) break
    const text = fields.get(`value.${at}`)
    if (text === undefined) continue
    rows.push({
      name,
      text: text.replace(/\r\n?/g, '\n'),
      seen: fields.get(`seen.${at}`) ?? '',
      shown: fields.get(`shown.${at}`) ?? '',
      removes: fields.get(`remove.${at}`) === 'yes',
    })
  }
  return rows
}

/** Targets are checked against the schemes that stand in the same form. */
function schemesAfter(
  rows: readonly Row[],
  byName: ReadonlyMap<string, DescribedSetting>,
): readonly string[] | undefined {
  const typed = rows.find(({ name }) => name === SCHEMES)?.text.trim() ?? ''
  const beneath = byName.get(SCHEMES)?.beneath?.value
  const text = typed === '' ? beneath : typed
  return typeof text === 'string' ? listItems(text) : undefined
}

const SCHEMES = 'security.app_schemes'

function readAdded(
  form: URLSearchParams,
  byName: ReadonlyMap<string, DescribedSetting>,
  texts: AdminTexts['settings'],
): TypedSettings['added'] {
  const name = (form.get('new_name') ?? '').trim()
  const value = (form.get('new_value') ?? '').replace(/\r\n?/g, '\n')
  const problem = findAddedProblem(name, value, byName, texts)
  return { name, value, ...(problem !== undefined && { problem }) }
}

function findAddedProblem(
  name: string,
  value: string,
  byName: ReadonlyMap<string, DescribedSetting>,
  texts: AdminTexts['settings'],
): string | Html | undefined {
  if (name === '') return value.trim() === '' ? undefined : texts.nameMissing
  if (byName.has(name)) return texts.nameTaken
  const problem = findProblem(name, valueOfTyped(value, undefined))
  return problem === undefined ? undefined : inEnglish(problem)
}
