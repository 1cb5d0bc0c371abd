import type { App } from '../../apps/app'
import type { LoginVisit } from '../installation'
import { ownOrigin } from '../public-address'
import { whyHostSessionIsUnfit } from '../session/host-session'
import { findLosses, KEPT_BACK, wasKeptBack, type Landing } from '../session/lost-sign-in'

/**
 * Warns, once per kind, where the host's own session could not keep a sign-in, or where a setting of its cookie will
 * lose it: the log would speak of a success, and the person see none.
 *
 * @param keptBy Whose session keeps the sign-in.
 * @param url Where the sign-in ends.
 */
export function watchHostSession(
  keptBy: 'host' | 'us',
  app: App,
  url: string,
  visit: LoginVisit,
): void {
  const { req, res } = visit
  const warn = (message: string): void => visit.warnOnce(undefined, message, { app: app.id })
  if (keptBy === 'us') {
    const why = whyHostSessionIsUnfit(req)
    if (why !== undefined) warn(unfit(why))
    return
  }
  for (const loss of findLosses(req.session.cookie, landingOf(url, ownOrigin(app, visit)))) {
    warn(loss)
  }
  res.once('finish', () => {
    if (wasKeptBack(req, res)) warn(KEPT_BACK)
  })
}

/** @param why As `whyHostSessionIsUnfit` has it. */
export function unfit(why: string): string {
  return `req.session, which the host has mounted, cannot keep a sign-in: ${why}. The sign-in is kept in a session of our own, beside it, and works. To have one session, mount express-session before amazonAuth().`
}

/** @param own Scheme, host and port under which the browser reaches this host. */
export function landingOf(url: string, own: string): Landing {
  const { origin, pathname } = new URL(url, own)
  return { path: origin === own ? pathname : undefined, host: new URL(own).hostname }
}
