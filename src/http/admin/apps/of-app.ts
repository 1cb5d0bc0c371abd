import type { OfApp } from '../../../pages/admin/apps/form-parts'
import type { AppVisit } from '../admin-route'

/** What pages of an app take from a request. */
export function ofApp({ base, session, app }: AppVisit): OfApp {
  return { base, formToken: session.formToken, app }
}
