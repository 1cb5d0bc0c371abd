import { html, type Html } from '../../html'
import { fillText } from '../../texts/fill'
import { tokenField, type AdminPage } from '../admin-layout'
import type { AdminTexts } from '../texts/en'
import { alarm, lineField, pathOfApp, type OfApp } from './form-parts'

export interface Danger extends OfApp {
  readonly isRoot: boolean
  /** Whether the operator sees this app alone: it can switch itself neither on nor off. */
  readonly isOwn: boolean
  readonly isConfigured: boolean
  readonly problems?: { readonly name?: string; readonly id?: string }
  readonly typed?: { readonly name?: string; readonly id?: string }
}

/** Where an app is renamed, switched and deleted. */
export function dangerPage(shown: Danger, texts: AdminTexts): AdminPage {
  const { app, isRoot, isOwn, problems = {} } = shown
  const { apps } = texts
  return {
    title: apps.dangerTitle,
    section: 'settings',
    app,
    content: html`${alarm(problems.name ?? problems.id)} ${rename(shown, texts)}
    ${isRoot ? html`<p class="notice">${apps.rootStays}</p>` : undefined}
    ${isRoot || isOwn ? undefined : switching(shown, texts)}
    ${isRoot ? undefined : deleting(shown, texts)}`,
  }
}

function rename(shown: Danger, { apps }: AdminTexts): Html {
  const { app, formToken, typed, problems } = shown
  return html`<form class="form card" method="post" action="${pathOfApp(shown)}/danger">
    ${tokenField(formToken)} <input type="hidden" name="do" value="rename" />
    ${lineField({
      id: 'name',
      name: 'name',
      label: apps.name,
      value: typed?.name ?? app.name,
      problem: problems?.name,
      isRequired: true,
    })}
    <p><button class="button quiet">${apps.rename}</button></p>
  </form>`
}

function switching(shown: Danger, { apps }: AdminTexts): Html {
  const { active } = shown.app
  return html`<form class="form card" method="post" action="${pathOfApp(shown)}/danger">
    ${tokenField(shown.formToken)}
    <input type="hidden" name="do" value="${active ? 'switch_off' : 'switch_on'}" />
    <div>
      <h2>${active ? apps.switchOff : apps.switchOn}</h2>
      <p>${active ? apps.switchOffEffect : apps.switchOnEffect}</p>
    </div>
    <p>
      <button class="button ${active ? 'danger' : ''}">
        ${active ? apps.switchOff : apps.switchOn}
      </button>
    </p>
  </form>`
}

function deleting(shown: Danger, { apps }: AdminTexts): Html {
  const { app, formToken, typed, problems, isConfigured } = shown
  return html`<form class="form card" method="post" action="${pathOfApp(shown)}/danger">
    ${tokenField(formToken)} <input type="hidden" name="do" value="delete" />
    <div>
      <h2>${apps.delete}</h2>
      <p>${apps.deleteEffect}</p>
      ${isConfigured ? html`<p>${apps.configured}</p>` : undefined}
    </div>
    ${lineField({
      id: 'confirm',
      name: 'id',
      label: fillText(apps.deleteConfirm, { id: app.appIdentifier }),
      value: typed?.id ?? '',
      problem: problems?.id,
      isRequired: true,
    })}
    <p><button class="button danger">${apps.delete}</button></p>
  </form>`
}
