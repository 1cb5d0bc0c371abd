import { normalizeAppId } from '../../apps/app-id'
import type { App } from '../../apps/app'
import { actorOfApp, actorOfUser } from '../../audit/actor'
import { sha256 } from '../../crypto/random'
import { AmazonAuthError } from '../../errors'
import { operatorSignInPage, type OperatorAtAmazon } from '../../pages/admin/sign-in-page'
import { fill } from '../../pages/texts/fill'
import type { SignedIn } from '../../sessions/find-signed-in'
import { redirect } from '../answer'
import { limitCaller } from '../limits/limit-callers'
import { isLocalPath } from '../local-path'
import { operatorEvent } from '../operator-event'
import { openBrowserSession } from '../session/browser-session'
import { signInAddress } from '../sign-in-address'
import { handsTokenOn } from '../target-places'
import { showAdminPage } from './admin-answers'
import {
  beginAdminSession,
  endAdminSession,
  isOperator,
  keepsCookies,
  probeCookies,
  type OperatorProof,
} from './admin-session'
import type { AdminDoor } from './admin-router'

type Shown = Partial<Parameters<typeof operatorSignInPage>[0]>

/** Shows where operators sign in. */
export async function showSignIn(door: AdminDoor, shown: Shown = {}, status = 200): Promise<void> {
  const { base, services, texts, query } = door
  const to = safePath(shown.to ?? query.get('to'))
  probeCookies(door.req, door.res, services)
  const page = operatorSignInPage(
    { base, rootId: services.apps.rootId, amazon: await atAmazon(door, to), ...shown, to },
    texts,
  )
  showAdminPage({ req: door.req, res: door.res, base, texts }, page, status)
}

/** Takes keys, or an account at Amazon, and begins a session for them. */
export async function signIn(door: AdminDoor, form: URLSearchParams): Promise<void> {
  const { base, req, res, services, texts } = door
  const to = safePath(form.get('to'))
  const accessKey = form.get('access_key') ?? ''
  // It would sign in, and be asked to sign in again.
  if (form.has('probed') && !keepsCookies(req, services)) {
    await showSignIn(door, { to, accessKey, problem: texts.signIn.noCookies }, 400)
    return
  }
  try {
    const proof =
      form.get('by') === 'amazon' ? await provenByAmazon(door) : await provenByKeys(form, door)
    await beginAdminSession(req, res, proof, services)
    tellSignIn(proof, door)
    redirect(req, res, base + to)
  } catch (thrown) {
    const error = await limitCaller(thrown, req, services)
    if (!(error.code in PROBLEMS)) throw error
    const seconds = Number(error.facts.retryAfterSeconds)
    const problem =
      error.code === 'too_many_requests'
        ? fill(texts.signIn.tooMany, { seconds })
        : texts.signIn.refused
    await showSignIn(door, { to, accessKey, problem }, error.status)
  }
}

function tellSignIn({ app, user }: OperatorProof, door: AdminDoor): void {
  const actor = user === undefined ? actorOfApp(app.id) : actorOfUser(app.id, user.id)
  const change = { actor, app: app.id, action: 'operator_signed_in', userId: user?.id } as const
  door.services.audit.record(operatorEvent(change, door))
}

const PROBLEMS = { signature_invalid: true, access_key_unknown: true, too_many_requests: true }

export async function signOut(door: AdminDoor): Promise<void> {
  await endAdminSession(door.req, door.res, door.services)
  await showSignIn(door, { notice: door.texts.signIn.signedOut })
}

/** @throws {AmazonAuthError} `signature_invalid`: whatever of it is wrong, or whether there is such an app. */
async function provenByKeys(
  form: URLSearchParams,
  { services }: AdminDoor,
): Promise<OperatorProof> {
  const accessKey = (form.get('access_key') ?? '').trim().slice(0, 200)
  const secretKey = (form.get('secret_key') ?? '').trim()
  const app = await services.apps.find(normalizeAppId(accessKey))
  if (app?.active === true && isSecret(app, secretKey)) return { app }
  throw new AmazonAuthError('signature_invalid', { accessKey: accessKey.slice(0, 64) })
}

/** Hashes are compared, so that the time it takes tells nothing of what they are of. */
function isSecret({ secret }: App, given: string): boolean {
  return sha256(secret) === sha256(given)
}

async function provenByAmazon(door: AdminDoor): Promise<OperatorProof> {
  const known = await signedInToRoot(door)
  const { identifiers } = door.services.policy.admin
  if (known !== undefined && isOperator(known.user, known.app, identifiers)) return known
  throw new AmazonAuthError('signature_invalid', { reason: 'no operator' })
}

async function signedInToRoot({ req, res, services }: AdminDoor): Promise<SignedIn | undefined> {
  const session = await openBrowserSession(req, res, services)
  return session.findSignedIn(services.apps.rootId)
}

/** Undefined: no account is named as an operator, or signing in to the root app makes no session. */
async function atAmazon(door: AdminDoor, to: string): Promise<OperatorAtAmazon | undefined> {
  const { base, services, mountPath } = door
  const { identifiers } = services.policy.admin
  if (identifiers.length === 0) return undefined
  const known = await signedInToRoot(door)
  if (known !== undefined) {
    const { name, identifier } = known.user
    return {
      name: name || identifier,
      identifier,
      isOperator: isOperator(known.user, known.app, identifiers),
    }
  }
  const root = await services.apps.find(services.apps.rootId)
  if (root === undefined || handsTokenOn(root)) return undefined
  const returnTo = `${base}/sign-in?${new URLSearchParams({ to }).toString()}`
  return { begin: signInAddress(root, { returnTo }, { services, mountPath }) }
}

/** A path below the pages; their first page, where it is none. */
function safePath(path: string | null): string {
  return path !== null && isLocalPath(path) ? path : '/'
}
