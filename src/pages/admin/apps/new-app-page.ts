import { html, type Html } from '../../html'
import { fill } from '../../texts/fill'
import { tokenField, type AdminPage } from '../admin-layout'
import type { AdminTexts } from '../texts/en'
import { alarm, lineField, secretField } from './form-parts'

/** What was typed for a new app, but for secrets, and what is wrong with it. */
export interface NewAppForm {
  readonly base: string
  readonly formToken: string
  readonly typed: Readonly<Record<NewAppField, string>>
  readonly problems: Readonly<Partial<Record<NewAppField | 'az_secret', string | Html>>>
}

export type NewAppField = 'id' | 'name' | 'az_app_id' | 'signin_success' | 'signin_failure'

/** The form by which an app is made. */
export function newAppPage(form: NewAppForm, texts: AdminTexts): AdminPage {
  const { apps, settings, common } = texts
  const { base, formToken, typed, problems } = form
  const line = (name: NewAppField, label: string, help: string) =>
    lineField({ id: name, name, label, help, value: typed[name], problem: problems[name] })
  const count = Object.keys(problems).length
  return {
    title: apps.create,
    section: 'apps',
    content: html`${alarm(count === 0 ? undefined : fill(settings.problems, { count }))}
      <form class="form card" method="post" action="${base}/new-app" autocomplete="off">
        ${tokenField(formToken)} ${line('id', apps.newId, apps.newIdHelp)}
        ${line('name', apps.newName, apps.newNameHelp)}
        <fieldset>
          <legend>${settings.groupKeys}</legend>
          <p class="help">${apps.newKeys}</p>
          ${line('az_app_id', settings.names.az_app_id, settings.help.az_app_id)}
          ${secretField({
            id: 'az_secret',
            name: 'az_secret',
            label: settings.names.az_secret,
            help: count === 0 ? settings.help.az_secret : settings.secretAgain,
            problem: problems.az_secret,
          })}
        </fieldset>
        <fieldset>
          <legend>${settings.groupTargets}</legend>
          ${line('signin_success', settings.names.signin_success, settings.help.signin_success)}
          ${line('signin_failure', settings.names.signin_failure, settings.help.signin_failure)}
        </fieldset>
        <p class="buttons">
          <button class="button">${apps.create}</button>
          <a class="button quiet" href="${base}/apps">${common.cancel}</a>
        </p>
      </form>`,
  }
}
