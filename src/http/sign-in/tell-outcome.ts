import type { App } from '../../apps/app'
import type { AuditEvent } from '../../audit/audit-event'
import { MAX_APP_ID_CHARACTERS } from '../../apps/app-id'
import type { AmazonAuthError } from '../../errors'
import type { AttemptFacts } from '../../events/auth-events'
import { writes } from '../../logger'
import { textForLog } from '../../text-for-log'
import { toUserJson } from '../../users/user-json'
import { countLogin, isRefusal } from '../limits/limit-logins'
import { requestTrace } from '../request-trace'
import type { Attempt, StepTime } from './attempt'

/** Tells metrics, limits, audit trail and debug log of an attempt that has ended well, or of a page that leads on. */
export function tellSuccess(attempt: Attempt): void {
  tellSteps(attempt, 'ok')
  const { app, user } = attempt
  if (app === undefined || user === undefined) return
  attempt.services.metrics.countLogin(app.id, 'success', 'ok')
  countLogin(app, undefined, attempt)
  record(attempt, app.id, { outcome: 'success', reason: 'ok', userId: user.id })
  attempt.services.events.emit('login', () => ({
    appId: app.id,
    userId: user.id,
    user: toUserJson(user),
    isNew: attempt.isNewUser,
    ...factsOf(attempt),
  }))
}

/**
 * Tells them of one that has failed. What was refused before it began is only counted: a flood must not fill the store,
 * and that logins are refused was told when it began.
 */
export function tellFailure(error: AmazonAuthError, attempt: Attempt): void {
  attempt.trace?.fail(error.code)
  tellSteps(attempt, error.code)
  const { app, appId = '' } = attempt
  attempt.services.metrics.countLogin(app?.id, 'failure', error.code)
  if (isRefusal(error)) return
  countLogin(app, error, attempt)
  const userId = lockedUser(error)
  // Whatever the visitor sent; it need not be the name of an app.
  const name = textForLog(appId.slice(0, MAX_APP_ID_CHARACTERS))
  record(attempt, name, { outcome: 'failure', reason: error.code, userId })
  if (app?.webhookEvents?.has('login.failed') === true) tellApp(app, error, attempt)
  attempt.services.events.emit('failure', () => ({
    appId: name === '' ? undefined : name,
    userId,
    error,
    ...factsOf(attempt),
  }))
}

function factsOf({ way, req, res }: Attempt): AttemptFacts {
  const { network, requestId } = requestTrace(req, res)
  return { way, network, requestId }
}

/** For the webhooks of the app. */
function tellApp(app: App, error: AmazonAuthError, { req, res, services, way }: Attempt): void {
  const { network, requestId = null } = requestTrace(req, res)
  const detail = { reason: error.code, way, network, requestId }
  services.loginFailures.tell(app.id, lockedUser(error), detail)
}

function tellSteps(attempt: Attempt, reason: string): void {
  attempt.leave()
  const { steps, services, way, app, means, isBound } = attempt
  for (const { step, durationMs } of steps) services.metrics.observeStep(step, durationMs)
  if (steps.length === 0 || !writes(services.logger, 'debug')) return
  const state = means && (isBound ? 'bound' : 'unbound')
  const facts = { app: app?.id, way, reason, means, state, steps: steps.map(describe) }
  services.logger.debug(facts, 'login steps')
}

function describe({ step, durationMs }: StepTime): string {
  return `${step} ${durationMs.toFixed(3)} ms`
}

/** Who is locked is known; who else has failed is not. */
function lockedUser({ code, facts }: AmazonAuthError): string | undefined {
  return code === 'account_locked' && typeof facts.user === 'string' ? facts.user : undefined
}

function record(
  attempt: Attempt,
  app: string,
  ended: Pick<AuditEvent, 'outcome' | 'reason' | 'userId'>,
): void {
  const { way, isNewUser, req, res, services, countedBegin } = attempt
  const event: AuditEvent = {
    ...ended,
    app,
    way,
    atMs: services.now(),
    ...requestTrace(req, res),
    ...attempt.measure(),
    isNew: ended.outcome === 'success' && isNewUser ? true : undefined,
  }
  services.audit.record(event, { isOfApp: attempt.app !== undefined, begin: countedBegin })
}
