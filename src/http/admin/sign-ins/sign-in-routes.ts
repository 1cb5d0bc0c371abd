import type { AdminRoute } from '../admin-route'
import { download } from '../download'
import { exportSignIns } from './export-events'
import { followSignIns } from './follow-sign-ins'
import { showChanges, showSignIns } from './show-events'

/** Sign-ins and changes by operators, of all apps and of each. */
export const SIGN_IN_ROUTES: readonly AdminRoute[] = [
  all('/sign-ins', (visit) => showSignIns(visit)),
  all('/sign-ins.csv', (visit) => download(visit, () => exportSignIns(visit, 'csv'))),
  all('/sign-ins.jsonl', (visit) => download(visit, () => exportSignIns(visit, 'jsonl'))),
  all('/sign-ins/live', (visit) => followSignIns(visit)),
  all('/changes', (visit) => showChanges(visit)),
  ofApp('/sign-ins', (visit) => showSignIns(visit, visit.app)),
  ofApp('/sign-ins.csv', (visit) => download(visit, () => exportSignIns(visit, 'csv', visit.app))),
  ofApp('/sign-ins.jsonl', (visit) =>
    download(visit, () => exportSignIns(visit, 'jsonl', visit.app)),
  ),
  ofApp('/sign-ins/live', (visit) => followSignIns(visit, visit.app)),
  ofApp('/changes', (visit) => showChanges(visit, visit.app)),
]

type RouteOf<Access extends AdminRoute['access']> = Extract<AdminRoute, { access: Access }>

function all(path: string, handle: RouteOf<'all'>['handle']): AdminRoute {
  return { method: 'GET', access: 'all', path, shows: 'auditHistory', handle }
}

function ofApp(path: string, handle: RouteOf<'app'>['handle']): AdminRoute {
  return { method: 'GET', access: 'app', path: `/apps/:app${path}`, shows: 'auditHistory', handle }
}
