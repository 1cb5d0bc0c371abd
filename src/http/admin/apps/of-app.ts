import type { OfApp } from '../../../pages/admin/apps/form-parts'
import type { AppVisit } from '../admin-route'

/** What pages of an app take from a request. */
export function ofApp({ base, session, app }: AppVisit): OfApp {
  return { base, formToken: session.formToken, app }
}

/** Path of an app's page, below the pages. */
export function appPath({ app }: AppVisit, page: string): string {
  return `/apps/${encodeURIComponent(app.appIdentifier)}${page}`
}
