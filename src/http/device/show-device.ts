import type { App } from '../../apps/app'
import { getDeviceClient } from '../../apps/client-credentials'
import { parseHandle } from '../../devices/device-handle'
import type { DeviceProgress } from '../../devices/device-logins'
import { AmazonAuthError } from '../../errors'
import { devicePage } from '../../pages/device-page'
import { answerJson, answerPage, protectAnswer, redirect } from '../answer'
import { chooseTexts } from '../choose-texts'
import { ownOrigin } from '../public-address'
import { readParameters, requireSound } from '../read-parameters'
import { namedApp } from '../request-app'
import { openBrowserSession } from '../session/browser-session'
import type { PageAttempt } from '../sign-in/attempt'
import { chooseSuccessTarget, type SuccessTarget } from '../sign-in/choose-target'
import { resolveApp } from '../sign-in/resolve-app'
import { respond } from '../sign-in/respond'
import { wantsJson } from '../wants-json'
import { askDevice } from './ask-device'
import { askEverySeconds, beginDevice } from './begin-device'
import { DeviceCookie, RECEIPT_MS, type HeldCode, type Receipt } from './device-cookie'
import { finishDevice } from './finish-device'

const MAX_CHARACTERS = { appid: 1024 }

/** One browser that shows a code of an app. */
interface Screen {
  readonly app: App
  readonly attempt: PageAttempt
  readonly cookie: DeviceCookie
}

/**
 * `GET /amazon_auth/device`: a page that shows a code until a person has allowed it, and signs itself in then. Its script asks
 * the same address and is told how it stands, in JSON; the sign-in itself is done when the page is loaded again.
 *
 * @throws {AmazonAuthError} `access_denied`, and what a login by a browser throws
 */
export async function showDevice(attempt: PageAttempt): Promise<void> {
  attempt.enter('parse_request')
  const parameters = readParameters(attempt.req, MAX_CHARACTERS)
  attempt.appId = namedApp(parameters.get('appid'))
  attempt.leave()
  await attempt.services.ready()
  const app = await resolveApp(attempt, false)
  requireSound(parameters)
  // Before a script is told anything, which it is of no app that is not there.
  getDeviceClient(app)
  const screen = { app, attempt, cookie: new DeviceCookie(attempt, app) }
  const held = screen.cookie.find()
  if (held?.kind === 'receipt') await goOn(held, screen)
  else if (wantsJson(attempt.req)) await tellScript(held, screen)
  else if (held === undefined) await showNew(screen, false)
  else await showHeld(held, screen)
}

/** A page that is open, told by its script's own means. */
async function tellScript(held: HeldCode | undefined, screen: Screen): Promise<void> {
  const state = held && (await stateOf(held, screen)) === 'pending' ? 'pending' : 'changed'
  const { res } = screen.attempt
  protectAnswer(res)
  answerJson(res, 200, { state, ...(held && { wait: held.waitSeconds }) })
}

/**
 * How the code of this browser stands. One that has just been used was so by another tab: its cookies are under way, and this
 * one waits for them, rather than putting a new code in their place.
 */
async function stateOf(
  { handle }: HeldCode,
  { app, attempt }: Screen,
): Promise<DeviceProgress['state']> {
  const key = parseHandle(handle)
  if (key?.appId !== app.id) return 'unknown'
  const { state, isFresh } = await askDevice(app, key, attempt)
  return state === 'done' && isFresh ? 'pending' : state
}

async function showHeld(held: HeldCode, screen: Screen): Promise<void> {
  const { attempt, cookie } = screen
  const state = await stateOf(held, screen)
  if (state === 'pending') showCode(held, screen, false)
  else if (state === 'linked') await signIn(held, screen)
  else if (state === 'denied') {
    attempt.end = () => cookie.clear()
    throw new AmazonAuthError('access_denied')
  } else await showNew(screen, true)
}

async function showNew(screen: Screen, isRenewed: boolean): Promise<void> {
  const { app, attempt, cookie } = screen
  const { handle, pair, expiresAtMs } = await beginDevice(app, attempt)
  const held: HeldCode = {
    kind: 'code',
    handle,
    userCode: pair.userCode,
    verificationUri: pair.verificationUri,
    verificationUriComplete: pair.verificationUriComplete,
    untilMs: expiresAtMs,
    waitSeconds: askEverySeconds(pair.intervalSeconds * 1000),
  }
  cookie.put(held)
  showCode(held, screen, isRenewed)
}

function showCode(held: HeldCode, { app, attempt }: Screen, isRenewed: boolean): void {
  const { req, res, services } = attempt
  const leftSeconds = Math.max(0, Math.ceil((held.untilMs - services.now()) / 1000))
  const { userCode, verificationUri, verificationUriComplete, waitSeconds } = held
  const shown = { appName: app.name, userCode, verificationUri, verificationUriComplete }
  const code = { ...shown, leftSeconds, waitSeconds, isRenewed }
  answerPage(res, 200, devicePage(code, chooseTexts(req)))
}

async function signIn(held: HeldCode, screen: Screen): Promise<void> {
  const { app, attempt, cookie } = screen
  const target = targetOf(screen)
  const key = parseHandle(held.handle)
  if (key === undefined) throw new AmazonAuthError('device_expired')
  attempt.end = () => cookie.clear()
  const purpose = { issuesSessionToken: target.means === 'session_token' }
  const user = await finishDevice(app, key, purpose, attempt)
  if (user === undefined) {
    showCode(held, screen, false)
    return
  }
  attempt.isBound = true
  if (target.means === 'session') {
    cookie.put({ kind: 'receipt', userId: user.id, untilMs: attempt.services.now() + RECEIPT_MS })
  } else cookie.clear()
  await respond({ app, user, target }, attempt)
}

/** Another tab of a page that has just been signed in goes where that one went; later, or signed out since, it begins anew. */
async function goOn({ userId }: Receipt, screen: Screen): Promise<void> {
  const { app, attempt, cookie } = screen
  const { req, res, services } = attempt
  if (wantsJson(req)) {
    await tellScript(undefined, screen)
    return
  }
  const session = await openBrowserSession(req, res, services)
  const signedIn = await session.findSignedIn(app.id)
  if (signedIn?.user.id === userId) {
    redirect(req, res, targetOf(screen).url)
    return
  }
  cookie.clear()
  await showNew(screen, false)
}

function targetOf({ app, attempt }: Screen): SuccessTarget {
  return chooseSuccessTarget(app, { ownOrigin: ownOrigin(app, attempt) })
}
