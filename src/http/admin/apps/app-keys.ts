import { keysPage, newKeysPage } from '../../../pages/admin/apps/keys-page'
import { AmazonAuthError } from '../../../errors'
import { showAdminPage } from '../admin-answers'
import type { AppVisit } from '../admin-route'
import { keepAdminSession } from '../admin-session'
import { recordChange } from '../record-change'
import { ofApp } from './of-app'

/** `GET /apps/:app/keys` */
export async function showKeys(visit: AppVisit): Promise<void> {
  show(visit, undefined, 200)
  return Promise.resolve()
}

/**
 * `POST /apps/:app/keys`: makes a new secret, and shows it in this one answer. Sent again, by a reload or the way back, the
 * form names the app as it was before, so that no second secret is made.
 */
export async function rotateKeys(visit: AppVisit): Promise<void> {
  const { req, services, form, app, texts } = visit
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
  await keepAdminSession(req, { appId, secret: keys.secretKey }, services)
  await recordChange(visit, { app: appId, action: 'keys_renewed' })
  showAdminPage(visit, newKeysPage({ ...ofApp(visit), keys, isNewApp: false }, texts))
}

/** @returns Undefined: the secret is configured. */
async function renew({ services, app }: AppVisit) {
  try {
    return await services.admin.renewKeys(app.appIdentifier)
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
