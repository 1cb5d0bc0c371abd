import { ok, warning, type AppCheck } from '../check'

/** Whether the app is there and switched on. */
export const appState: AppCheck = {
  id: 'app_state',
  of: 'app',
  explains: ['app_inactive', 'app_not_found'],
  look({ app, isStored }) {
    if (isStored === undefined) return ok('configured; the store was not looked into')
    if (!isStored) return ok('configured, and made in the store at the next start')
    if (app.active) return ok('active')
    return warning(
      'switched off: it signs nobody in, and its tokens are worth nothing',
      'Switch it on where people are to sign in to it (an import that is not finished leaves it off: run it again).',
    )
  },
}
