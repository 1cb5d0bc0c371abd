import type { AdminRoute, RouteOfApp } from '../admin-route'
import { download } from '../download'
import { beginBulk, cancelBulk, showBulk, showBulks, startBulk } from './bulk-pages'
import { askToChange, changeUser, deleteUser } from './change-user'
import { exportUser } from './export-user'
import { showUser } from './show-user'
import { showUsers } from './show-users'

const LIST = '/apps/:app/users'
const BULKS = `${LIST}/bulk`
const BULK = `${BULKS}/:bulk`
const USER = `${LIST}/:user`
const CHANGES = ['lock', 'unlock', 'sign-out', 'unlink'] as const

/** Pages about users. Those of many come first, as `bulk` would be an id otherwise. */
export const USER_ROUTES: readonly AdminRoute[] = [
  { method: 'GET', path: LIST, access: 'app', handle: showUsers },
  bulk('GET', BULKS, (visit) => showBulks(visit)),
  bulk('POST', BULKS, beginBulk),
  bulk('GET', BULK, (visit) => showBulk(visit)),
  bulk('POST', `${BULK}/start`, startBulk),
  bulk('POST', `${BULK}/cancel`, cancelBulk),
  { method: 'GET', path: USER, access: 'app', handle: showUser },
  {
    method: 'GET',
    path: `${USER}/export`,
    access: 'app',
    handle: (visit) => download(visit, () => exportUser(visit)),
  },
  ...CHANGES.flatMap((action): readonly AdminRoute[] => [
    { method: 'GET', path: `${USER}/${action}`, access: 'app', handle: askToChange(action) },
    { method: 'POST', path: `${USER}/${action}`, access: 'app', handle: changeUser(action) },
  ]),
  { method: 'GET', path: `${USER}/delete`, access: 'app', handle: askToChange('delete') },
  { method: 'POST', path: `${USER}/delete`, access: 'app', handle: deleteUser },
]

function bulk(
  method: RouteOfApp['method'],
  path: string,
  handle: RouteOfApp['handle'],
): RouteOfApp {
  return { method, path, access: 'app', shows: 'bulk', handle }
}
