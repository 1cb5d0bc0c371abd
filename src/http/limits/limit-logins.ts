import type { App } from '../../apps/app'
import { AmazonAuthError, toAmazonAuthError } from '../../errors'
import type { Visit } from '../installation'
import { addressesOf } from '../trusted-peer'
import { MASKED, networkOf, visitorOf } from './network-of'

type Asking = Pick<Visit, 'req' | 'services'>

/**
 * Lets an attempt to sign in begin, unless too many have failed before it, or there is more to do than can be done.
 *
 * @param app Undefined: an app that is not there.
 * @param isReturn Whether the browser comes back from Amazon.
 * @throws {AmazonAuthError} `too_many_requests`, `server_busy`
 */
export function admitLogin(app: App | undefined, isReturn: boolean, visit: Asking): void {
  const { limits, load } = visit.services
  const retryAfterSeconds = Math.max(
    limits.failures.waitSeconds(nameOf(app, visit)),
    app === undefined ? 0 : limits.logins.waitSeconds(app.id),
  )
  if (retryAfterSeconds > 0) throw new AmazonAuthError('too_many_requests', { retryAfterSeconds })
  load.admit(app?.id, isReturn)
}

/**
 * What an attempt that names no app, since it cannot be read, has failed by: the reason itself, or, after too many of them,
 * that it is refused. They are counted as attempts at an app that is not there.
 */
export function limitUnreadable(thrown: unknown, visit: Asking): AmazonAuthError {
  try {
    admitLogin(undefined, false, visit)
    return toAmazonAuthError(thrown)
  } catch (refusal) {
    return toAmazonAuthError(refusal)
  }
}

/** Whether an attempt was not let in, so that nothing of it has happened. */
export function isRefusal({ code }: AmazonAuthError): boolean {
  return code === 'too_many_requests' || code === 'server_busy'
}

/** Counts an attempt that is over. Outages are nobody's fault, so they do not count as failures. */
export function countLogin(
  app: App | undefined,
  error: AmazonAuthError | undefined,
  visit: Asking,
): void {
  const { limits, logger } = visit.services
  const facts = { app: app?.id }
  if (app !== undefined) {
    limits.logins.count(app.id, () =>
      logger.warn(facts, 'as many sign-ins as this app may have in a minute'),
    )
  }
  if (error === undefined || error.status >= 500) return
  limits.failures.count(nameOf(app, visit), () => {
    const address = networkOf(addressesOf(visit.req).at(-1), MASKED)
    logger.warn({ ...facts, address }, 'too many failed sign-ins: refused for the rest of a minute')
  })
}

/** Apps that are not there share one counter: a flood of invented names fills no memory. */
function nameOf(app: App | undefined, { req }: Asking): string {
  return `${visitorOf(req)} ${app?.id ?? ''}`
}
