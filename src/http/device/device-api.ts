import type { CodePair } from '../../amazon/create-code-pair'
import { parseHandle } from '../../devices/device-handle'
import type { DeviceKey } from '../../devices/device-login'
import { AmazonAuthError, requestInvalid, toAmazonAuthError } from '../../errors'
import type { User } from '../../users/user'
import { toUserJson } from '../../users/user-json'
import { answerJson, protectAnswer } from '../answer'
import type { Visit } from '../installation'
import { isRefusal, limitUnreadable } from '../limits/limit-logins'
import { namedApp } from '../request-app'
import { Attempt } from '../sign-in/attempt'
import { logFailure } from '../sign-in/failure'
import { newSessionToken } from '../sign-in/new-session-token'
import { resolveApp } from '../sign-in/resolve-app'
import { tellFailure, tellSuccess } from '../sign-in/tell-outcome'
import { traceAttempt } from '../sign-in/trace-attempt'
import { askDevice } from './ask-device'
import { askEverySeconds, beginDevice } from './begin-device'
import { answerDeviceError, answerWord } from './device-answers'
import { finishDevice } from './finish-device'
import { requireNoForeignForm } from './foreign-form'
import type { Haste } from './haste'
import { readFields } from './read-fields'

/**
 * `POST /amazon_auth/device`: codes for a device, in the form of RFC 8628, section 3.2. The app is named by `appid`, or
 * `client_id` as libraries have it.
 */
export function giveCodes(visit: Visit): Promise<void> {
  const attempt = new Attempt('device', visit)
  attempt.leg = 'begin'
  return traceAttempt(attempt, () => begin(attempt))
}

async function begin(attempt: Attempt): Promise<void> {
  const { res, services } = attempt
  try {
    const fields = await readOrRefuse(attempt)
    attempt.appId = namedApp(fields.get('appid') ?? fields.get('client_id'))
    await services.ready()
    const app = await resolveApp(attempt, false)
    requireNoForeignForm(app, attempt)
    const { handle, pair } = await beginDevice(app, attempt)
    tellSuccess(attempt)
    protectAnswer(res)
    answerJson(res, 200, toCodes(handle, pair))
  } catch (thrown) {
    answerDeviceError(res, tell(thrown, attempt))
  }
}

function toCodes(handle: string, pair: CodePair): object {
  return {
    device_code: handle,
    user_code: pair.userCode,
    verification_uri: pair.verificationUri,
    ...(pair.verificationUriComplete !== undefined && {
      verification_uri_complete: pair.verificationUriComplete,
    }),
    expires_in: pair.expiresInSeconds,
    interval: askEverySeconds(pair.intervalSeconds * 1000),
  }
}

/**
 * `POST /amazon_auth/device/token`: how the login of a device stands, in the words of RFC 8628, section 3.5, or a session
 * token and its user, once. What passes by itself is no reason for a device to give up: it is told to ask less often.
 */
export function giveToken(visit: Visit, haste: Haste): Promise<void> {
  const attempt = new Attempt('device', visit)
  attempt.leg = 'poll'
  return traceAttempt(attempt, () => poll(attempt, haste))
}

async function poll(attempt: Attempt, haste: Haste): Promise<void> {
  const { res, services } = attempt
  try {
    const key = await readKey(attempt)
    if (haste.isHasty(key.handleHash)) {
      answerWord(res, 'slow_down')
      return
    }
    attempt.appId = key.appId
    await services.ready()
    await answerProgress(key, attempt, haste)
  } catch (thrown) {
    const error = toAmazonAuthError(thrown)
    if (isRefusal(error)) tellFailure(error, attempt)
    // What names no login has none to go on with.
    if (isRefusal(error) && attempt.appId === undefined) answerDeviceError(res, error)
    else if (isRefusal(error) || error.code === 'store_unavailable') answerWord(res, 'slow_down')
    else answerEnd(attempt, error)
  }
}

/** @throws {AmazonAuthError} As `readFields`; `too_many_requests`, `server_busy` in its place after too many of them. */
async function readOrRefuse(visit: Visit): Promise<ReadonlyMap<string, string>> {
  return readFields(visit.req, visit.res).catch((thrown: unknown) => {
    throw limitUnreadable(thrown, visit)
  })
}

async function readKey(visit: Visit): Promise<DeviceKey> {
  const handle = (await readOrRefuse(visit)).get('device_code')
  const key = handle === undefined ? undefined : parseHandle(handle)
  if (key !== undefined) return key
  const error =
    handle === undefined
      ? requestInvalid('The field device_code is missing.')
      : new AmazonAuthError('device_expired', { reason: 'not a handle' })
  throw limitUnreadable(error, visit)
}

async function answerProgress(key: DeviceKey, attempt: Attempt, haste: Haste): Promise<void> {
  const { res, services } = attempt
  const app = await resolveApp(attempt, true)
  const { state, isNews, intervalMs } = await askDevice(app, key, attempt)
  if (state === 'unknown') throw new AmazonAuthError('device_expired', { reason: 'not known' })
  if (state === 'denied' && isNews) throw new AmazonAuthError('access_denied')
  const user =
    state === 'linked'
      ? await finishDevice(app, key, { issuesSessionToken: true }, attempt)
      : undefined
  haste.note(key.handleHash, askEverySeconds(intervalMs) * 1000)
  if (user !== undefined) {
    const { token, refreshAtMs, expiresAtMs } = newSessionToken(app, user, services)
    tellSuccess(attempt)
    protectAnswer(res)
    answerJson(res, 200, toSignedIn(user, { token, refreshAtMs, expiresAtMs }, services.now()))
  } else if (state === 'pending' || state === 'linked') answerWord(res, 'authorization_pending')
  else answerWord(res, state === 'denied' ? 'access_denied' : 'expired_token')
}

/** As `/jwt_auth` has it, and the names of RFC 6749, section 5.1, for libraries. */
function toSignedIn(
  user: User,
  jwt: { readonly token: string; readonly refreshAtMs: number; readonly expiresAtMs: number },
  nowMs: number,
): object {
  return {
    access_token: jwt.token,
    token_type: 'Bearer',
    expires_in: Math.max(0, Math.floor((jwt.expiresAtMs - nowMs) / 1000)),
    jwt: { access_token: jwt.token, refresh: jwt.refreshAtMs, expires: jwt.expiresAtMs },
    user: toUserJson(user),
  }
}

/** An end for good: what was wrong is for the log, and the device learns that it is over. */
function answerEnd(attempt: Attempt, error: AmazonAuthError): void {
  const { res } = attempt
  tell(error, attempt)
  if (UNREAD.has(error.code)) answerDeviceError(res, error)
  else if (ENDS.has(error.code)) answerWord(res, 'expired_token')
  else
    answerWord(res, 'access_denied', error.code === 'refused_by_host' ? error.message : undefined)
}

const UNREAD: ReadonlySet<string> = new Set([
  'request_invalid',
  'body_too_large',
  'body_timeout',
  'media_type_unsupported',
])

/** A new code may help, or tells what is wrong. */
const ENDS: ReadonlySet<string> = new Set([
  'device_expired',
  'app_not_found',
  'app_inactive',
  'app_not_configured',
  'client_rejected',
  'device_refused',
])

/** Tells of a failure those who keep count, and the log. */
function tell(thrown: unknown, attempt: Attempt): AmazonAuthError {
  const error = toAmazonAuthError(thrown)
  tellFailure(error, attempt)
  if (!isRefusal(error)) {
    logFailure(error, attempt.appId, attempt.services, 'sign-in on a device failed')
  }
  return error
}
