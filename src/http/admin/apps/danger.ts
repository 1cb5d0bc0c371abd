import { dangerPage, type Danger } from '../../../pages/admin/apps/danger-page'
import { fillText } from '../../../pages/texts/fill'
import { goTo, showAdminPage } from '../admin-answers'
import type { AppVisit } from '../admin-route'
import { recordChange } from '../record-change'
import { ofApp } from './of-app'
import { appPath } from '../../../pages/admin/app-path'

/** `GET /apps/:app/danger` */
export async function showDanger(visit: AppVisit): Promise<void> {
  await show(visit, {}, 200)
  return Promise.resolve()
}

/** `POST /apps/:app/danger`: renames the app, switches it off or on, or deletes it, as the field `do` says. */
export async function doDanger(visit: AppVisit): Promise<void> {
  const action = visit.form.get('do') ?? ''
  if (action === 'rename') await rename(visit)
  else if (action === 'switch_off' || action === 'switch_on') await turn(visit, action)
  else if (action === 'delete') await remove(visit)
  else await show(visit, {}, 400)
}

async function rename(visit: AppVisit): Promise<void> {
  const { services, form, app, texts } = visit
  const name = (form.get('name') ?? '').trim()
  if (name === '' || name.length > MAX_NAME_CHARACTERS || !name.isWellFormed()) {
    await show(visit, { problems: { name: texts.apps.nameInvalid }, typed: { name } }, 400)
    return
  }
  await services.admin.patch(app.appIdentifier, { name })
  await recordChange(visit, { app: app.appIdentifier, action: 'app_renamed' })
  goTo(visit, appPath(app.appIdentifier, '/danger'), texts.apps.renamed)
}

const MAX_NAME_CHARACTERS = 256

/** What is off already stays so: a form sent twice is no change. */
async function turn(visit: AppVisit, action: 'switch_off' | 'switch_on'): Promise<void> {
  const { services, app, operator, texts } = visit
  const active = action === 'switch_on'
  // One that is off could not switch itself on again.
  if (operator.appId !== undefined) {
    await show(visit, {}, 403)
    return
  }
  if (app.active !== active) {
    await services.admin.patch(app.appIdentifier, { active })
    const done = active ? 'app_switched_on' : 'app_switched_off'
    await recordChange(visit, { app: app.appIdentifier, action: done })
  }
  const text = active ? texts.apps.switchedOn : texts.apps.switchedOff
  goTo(visit, appPath(app.appIdentifier, '/danger'), fillText(text, { app: app.name }))
}

async function remove(visit: AppVisit): Promise<void> {
  const { services, form, app, operator, texts } = visit
  const id = (form.get('id') ?? '').trim()
  if (id !== app.appIdentifier) {
    await show(visit, { problems: { id: texts.apps.deleteMismatch }, typed: { id } }, 400)
    return
  }
  await services.admin.delete(app.appIdentifier)
  await recordChange(visit, { app: app.appIdentifier, action: 'app_deleted' })
  const path = operator.appId === undefined ? '/apps' : '/'
  goTo(visit, path, fillText(texts.apps.deleted, { app: app.appIdentifier }))
}

async function show(visit: AppVisit, more: Partial<Danger>, status: number): Promise<void> {
  const { services, app, operator } = visit
  const shown: Danger = {
    ...ofApp(visit),
    isRoot: app.appIdentifier === services.apps.rootId,
    isOwn: operator.appId !== undefined,
    isConfigured: await services.admin.isConfigured(app.appIdentifier),
    ...more,
  }
  showAdminPage(visit, dangerPage(shown, visit.texts), status)
}
