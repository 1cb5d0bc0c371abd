import type { AdminRoute } from '../admin-route'
import { rotateKeys, showKeys } from './app-keys'
import { saveSettings, showSettings } from './app-settings'
import { showDoctor } from './ask-doctor'
import { createApp, showNewApp } from './create-app'
import { doDanger, showDanger } from './danger'
import { listApps } from './list-apps'
import { saveKeys, showSetUp, tryIt } from './set-up'

/** Apps: which there are, and all that is done to one. */
export const APP_ROUTES: readonly AdminRoute[] = [
  { method: 'GET', path: '/apps', access: 'all', handle: listApps },
  // Before the page of an app: none is named `new` by a link of ours, and its own pages lie deeper.
  { method: 'GET', path: '/new-app', access: 'all', handle: showNewApp },
  { method: 'POST', path: '/new-app', access: 'all', handle: createApp },
  { method: 'GET', path: '/apps/:app/settings', access: 'app', handle: showSettings },
  { method: 'POST', path: '/apps/:app/settings', access: 'app', handle: saveSettings },
  { method: 'GET', path: '/apps/:app/keys', access: 'app', handle: showKeys },
  { method: 'POST', path: '/apps/:app/keys', access: 'app', handle: rotateKeys },
  { method: 'GET', path: '/apps/:app/danger', access: 'app', handle: showDanger },
  { method: 'POST', path: '/apps/:app/danger', access: 'app', handle: doDanger },
  { method: 'GET', path: '/apps/:app/setup', access: 'app', handle: showSetUp },
  { method: 'POST', path: '/apps/:app/setup', access: 'app', handle: saveKeys },
  { method: 'GET', path: '/apps/:app/try', access: 'app', handle: tryIt },
  { method: 'GET', path: '/apps/:app/doctor', access: 'app', handle: showDoctor },
]
