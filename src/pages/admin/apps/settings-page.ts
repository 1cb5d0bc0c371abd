import { html, type Html } from '../../html'
import { fill } from '../../texts/fill'
import { tokenField, type AdminPage } from '../admin-layout'
import type { AdminTexts } from '../texts/en'
import { alarm, field, pathOfApp, type OfApp } from './form-parts'
import { settingState, type ShownValue } from './setting-state'

/** One setting in the form. */
export interface ShownSetting extends ShownValue {
  readonly name: string
  /** The name by which texts know it; undefined: it has no meaning here. */
  readonly known: string | undefined
  readonly input: 'line' | 'area' | 'choice' | 'secret'
  /** The words of a choice. */
  readonly words: readonly string[]
  /** What stands in the field; of a secret nothing. */
  readonly text: string
  /** Names what is stored, and what stood in the field when it was first shown. */
  readonly seen: string
  readonly shown: string
  readonly problem: string | Html | undefined
  /** What somebody else has stored meanwhile; undefined: nobody has. */
  readonly conflict: { readonly now: string | undefined } | undefined
  /** Sentences in English. */
  readonly remarks: readonly string[]
}

export interface SettingsForm extends OfApp {
  readonly settings: readonly ShownSetting[]
  readonly added: {
    readonly name: string
    readonly value: string
    readonly problem?: string | Html
  }
  /** What keeps it from being saved; undefined: nothing, or fields tell it. */
  readonly problem: string | Html | undefined
}

/** Settings with a meaning, by what they are about. */
const GROUPS = [
  [
    'groupKeys',
    ['az_app_id', 'az_secret', 'az_client_ids', 'az_device_app_id', 'az_device_secret'],
  ],
  [
    'groupTargets',
    [
      'signin_success',
      'signin_failure',
      'public_url',
      'security.app_schemes',
      'security.hosturl_aliases',
    ],
  ],
  ['groupSafety', ['security.strict', 'security.link_by_email']],
  [
    'groupAmazon',
    [
      'amazon.region',
      'amazon.scope',
      'amazon.voluntary_scope',
      'amazon.keep_tokens',
      'amazon.on_revoked',
    ],
  ],
  ['groupTokens', ['claims', 'session_timeout', 'one_session_per_user', 'app_secret_key']],
] as const

/** All settings of an app, to be looked at and changed. */
export function settingsPage(form: SettingsForm, texts: AdminTexts): AdminPage {
  const { settings } = texts
  const rows = form.settings.map((setting, at) => ({ setting, at }))
  const problems = form.settings.filter(({ problem }) => problem !== undefined).length
  const count = problems + (form.added.problem === undefined ? 0 : 1)
  const problem = form.problem ?? (count > 0 ? fill(settings.problems, { count }) : undefined)
  const others = rows.filter(({ setting }) => setting.known === undefined)
  return {
    title: settings.title,
    section: 'settings',
    app: form.app,
    content: html`${alarm(problem)}
      <p>${settings.about}</p>
      <form class="form" method="post" action="${pathOfApp(form)}/settings" autocomplete="off">
        ${tokenField(form.formToken)}
        ${GROUPS.map(
          ([group, names]) =>
            html`<fieldset class="card">
              <legend><h2>${settings[group]}</h2></legend>
              ${rows
                .filter(({ setting }) => names.some((name) => name === setting.known))
                .map(({ setting, at }) => row(setting, at, texts))}
            </fieldset>`,
        )}
        <fieldset class="card">
          <legend><h2>${settings.groupOthers}</h2></legend>
          <p class="help">${settings.othersAbout}</p>
          ${others.map(({ setting, at }) => row(setting, at, texts))} ${adding(form, texts)}
        </fieldset>
        <p class="buttons">
          <button class="button">${texts.common.save}</button>
          <a href="${pathOfApp(form)}/danger">${settings.danger}</a>
        </p>
      </form>`,
  }
}

function row(setting: ShownSetting, at: number, texts: AdminTexts): Html {
  const { name, known, seen, shown, problem } = setting
  const { names, help } = texts.settings
  const label = (known && textOf(names, known)) ?? name
  const helpText = known && textOf(help, known)
  const secrecy = setting.input === 'secret' ? secrecyOf(setting, texts) : undefined
  return html`<div>
    <input type="hidden" name="name.${at}" value="${name}" />
    <input type="hidden" name="seen.${at}" value="${seen}" />
    <input type="hidden" name="shown.${at}" value="${shown}" />
    ${field(
      {
        id: `value-${at}`,
        label,
        help: html`${helpText} ${secrecy} ${label === name ? undefined : html`<code>${name}</code>`}`,
        problem,
      },
      (ties) => control(setting, at, ties, texts),
    )}
    ${setting.input === 'secret' ? removal(setting, at, texts) : undefined}
    ${settingState(setting, texts)} ${conflicting(setting, texts)}
    ${setting.remarks.map(
      (remark) =>
        html`<p class="help">
          <span class="tag warn">${texts.settings.remark}</span>
          <span lang="en" dir="ltr">${remark}</span>
        </p>`,
    )}
  </div>`
}

function secrecyOf({ isStored }: ShownSetting, { settings }: AdminTexts): string {
  return isStored ? settings.secretNew : settings.secretFirst
}

function control(setting: ShownSetting, at: number, ties: Html, { settings }: AdminTexts): Html {
  const { input, text, words } = setting
  const name = `value.${at}`
  if (input === 'secret') {
    return html`<input ${ties} name="${name}" type="password" autocomplete="new-password" />`
  }
  if (input === 'line') {
    return html`<input
      ${ties}
      name="${name}"
      value="${text}"
      autocapitalize="none"
      spellcheck="false"
    />`
  }
  if (input === 'area') {
    return area(ties, name, text)
  }
  const options = words.includes(text) || text === '' ? words : [...words, text]
  return html`<select ${ties} name="${name}">
    <option value="">${settings.notStored}</option>
    ${options.map(
      (word) =>
        html`<option value="${word}" ${word === text ? html` selected` : undefined}>
          ${word}
        </option>`,
    )}
  </select>`
}

function removal(
  { isStored }: ShownSetting,
  at: number,
  { settings }: AdminTexts,
): Html | undefined {
  if (!isStored) return undefined
  return html`<label class="choice"
    ><input type="checkbox" name="remove.${at}" value="yes" /> ${settings.secretRemove}</label
  >`
}

function conflicting({ conflict }: ShownSetting, { settings }: AdminTexts): Html | undefined {
  if (conflict === undefined) return undefined
  const text =
    conflict.now === undefined
      ? settings.conflictGone
      : fill(settings.conflictNow, { value: html`<code>${conflict.now}</code>` })
  return html`<p class="notice warn">${text}</p>`
}

function adding({ added }: SettingsForm, { settings }: AdminTexts): Html {
  return html`<h3>${settings.add}</h3>
    ${field(
      { id: 'new-name', label: settings.addName, problem: added.problem },
      (ties) => html`<input ${ties} name="new_name" value="${added.name}" autocapitalize="none" />`,
    )}
    ${field({ id: 'new-value', label: settings.addValue }, (ties) =>
      area(ties, 'new_value', added.value),
    )}`
}

/** A browser takes the first line end away; one more would be of the value. */
function area(ties: Html, name: string, text: string): Html {
  // prettier-ignore
  return html`<textarea ${ties} name="${name}" class="code" spellcheck="false">${`\n${text}`}</textarea>`
}

function textOf(texts: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(texts, name) ? texts[name] : undefined
}
