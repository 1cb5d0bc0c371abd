import { beginDownload } from '../admin-answers'
import type { AppVisit } from '../admin-route'
import { recordChange } from '../record-change'

/** Sends all that is kept of a user, as a file. Who has taken it is in the audit trail. */
export async function exportUser(visit: AppVisit): Promise<void> {
  const { app, params, res, services } = visit
  const { appIdentifier: appId } = app
  const { user: userId = '' } = params
  const kept = await services.userAdmin.export(appId, userId)
  await recordChange(visit, { app: appId, action: 'user_exported', userId })
  const fileName = `${appId}-user-${userId}.json`
  beginDownload(res, { fileName, contentType: 'application/json; charset=utf-8' })
  res.end(JSON.stringify(kept, undefined, 2))
}
