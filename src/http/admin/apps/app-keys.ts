import { keysPage, newKeysPage } from '../../../pages/admin/apps/keys-page'
import { AmazonAuthError } from '../../../errors'
import type { AppKeys } from '../../../apps/create-app'
import { appPath } from '../../../pages/admin/app-path'
import { showAdminPage } from '../admin-answers'
import type { AdminVisit, AppVisit } from '../admin-route'
import { keepAdminSession } from '../admin-session'
import { recordChange } from '../record-change'
import { goToSecret, takeSecret } from '../shown-once'
import { ofApp } from './of-app'

/** Keys that have just been made. */
export interface MadeKeys extends AppKeys {
  readonly isNewApp: boolean
}

/** Leads to the page that shows them, once. */
export function goToKeys(visit: AdminVisit, appId: string, keys: MadeKeys): Promise<void> {
  return goToSecret(visit, appPath(appId, '/keys'), keys)
}

/** `GET /apps/:app/keys`: those that have just been made, once, or where new ones are made. */
export async function showKeys(visit: AppVisit): Promise<void> {
  const made = await takeSecret<MadeKeys>(visit)
  if (made === undefined) {
    show(visit, undefined, 200)
    return
  }
  const page = newKeysPage({ ...ofApp(visit), keys: made, isNewApp: made.isNewApp }, visit.texts)
  showAdminPage(visit, page)
}

/**
 * `POST /apps/:app/keys`: makes a new secret, and leads to where it is shown once. A page that is older than the latest change of
 * the app names it as it was before, so that no second secret is made.
 */
export async function rotateKeys(visit: AppVisit): Promise<void> {
  const { form, app, texts } = visit
  if (form.get('version') !== versionOf(visit)) {
    show(visit, texts.apps.rotatedAlready, 409)
    return
  }
  if (form.get('sure') !== 'yes') {
    show(visit, texts.apps.rotateMissing, 400)
    return
  }
  const appId = app.appIdentifier
  const keys = await renew(visit)
  if (keys === undefined) {
    show(visit, texts.apps.rotateFixed, 403)
    return
  }
  await recordChange(visit, { app: appId, action: 'keys_renewed' })
  await goToKeys(visit, appId, { ...keys, isNewApp: false })
}

/** @returns Undefined: the secret is configured. */
async function renew({ req, services, app: { appIdentifier: appId } }: AppVisit) {
  try {
    return await services.admin.renewKeys(appId, ({ secretKey: secret }) =>
      keepAdminSession(req, { appId, secret }, services),
    )
  } catch (thrown) {
    if (thrown instanceof AmazonAuthError && thrown.code === 'caller_forbidden') return undefined
    throw thrown
  }
}

function versionOf({ app }: AppVisit): string {
  return `${app.timestamp}.${app.updated}`
}

function show(visit: AppVisit, problem: string | undefined, status: number): void {
  const page = keysPage(
    {
      ...ofApp(visit),
      accessKey: `app:${visit.app.appIdentifier}`,
      version: versionOf(visit),
      isFixed: !visit.services.admin.canRenewKeys(visit.app.appIdentifier),
      ...(problem !== undefined && { problem }),
    },
    visit.texts,
  )
  showAdminPage(visit, page, status)
}
