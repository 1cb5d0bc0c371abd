import type { App } from '../../apps/app'
import { normalizeAppId } from '../../apps/app-id'
import { AmazonAuthError, ERRORS, requestInvalid, toAmazonAuthError } from '../../errors'
import type { LoginWay } from '../../audit/audit-event'
import type { User } from '../../users/user'
import { toUserJson } from '../../users/user-json'
import type { SignInServices } from '../auth-services'
import { admitLogin } from '../limits/limit-logins'
import { Attempt } from '../sign-in/attempt'
import { newSessionToken } from '../sign-in/new-session-token'
import { endsOlderTokens } from '../sign-in/sign-in-user'
import { tellFailure, tellSuccess } from '../sign-in/tell-outcome'
import { traceAttempt } from '../sign-in/trace-attempt'
import { signInByAmazonToken } from '../sign-in-by-token/sign-in-by-amazon-token'
import { signInByAppToken } from '../sign-in-by-token/sign-in-by-app-token'
import { callingUser } from './caller-of'
import type { Call, Operation, Reply } from './operation'
import { ref } from './schemas'

const PATH = '/jwt_auth'

/** Session tokens: made from a token of Amazon or of the app's own back end, renewed, revoked. */
export const TOKEN_OPERATIONS: readonly Operation[] = [
  {
    id: 'signInWithToken',
    method: 'POST',
    path: PATH,
    summary: 'Sign in with an Amazon access token, an ID token, or a token of the app itself',
    description:
      'With the provider amazon: for mobile apps, devices and pages that have a token of Amazon already, issued to az_app_id of this app. With passwordless: for a page that was opened with an ID token (jwt=id), which is good for this once; or with a JWT that the app itself has signed.',
    access: 'anyone',
    bodyProblem: "Some of the required query parameters 'provider', 'appid', 'token', are missing.",
    body: {
      type: 'object',
      required: ['provider', 'appid', 'token'],
      properties: {
        provider: { type: 'string', description: 'amazon or passwordless, in any case' },
        appid: { type: 'string', minLength: 1, description: 'With or without app:' },
        // A longer one than is taken is a refused token, and counts as one.
        token: { type: 'string', minLength: 1 },
      },
    },
    answers: {
      200: { description: 'A session token, and who signed in', schema: ref('SignedIn') },
      400: {
        description: 'The token is refused, or the request is not valid',
        schema: ref('Error'),
      },
      403: { description: 'The root app has no users of this kind', schema: ref('Error') },
    },
    example: {
      status: 400,
      body: { provider: 'amazon', appid: 'app:bakery', token: 'Atza|an-expired-token' },
    },
    handle: signIn,
  },
  {
    id: 'renewToken',
    method: 'GET',
    path: PATH,
    summary: 'A new session token for a live one',
    access: 'optional',
    takesTokenInQuery: true,
    answers: {
      200: { description: 'A new token; by default the old one ends', schema: ref('SignedIn') },
      401: { description: 'The token is not a live session token', schema: ref('Error') },
    },
    example: { status: 401 },
    async handle({ services, caller }) {
      if (caller?.kind !== 'user' || caller.tokenKind !== 'session') {
        throw new AmazonAuthError('token_invalid', { reason: 'not a session token' })
      }
      const { app, user } = caller
      const { userAdmin } = services
      const renewed = endsOlderTokens(app, services) ? await userAdmin.renewTokenSecret(user) : user
      return signedIn(app, renewed, services)
    },
  },
  {
    id: 'revokeTokens',
    method: 'DELETE',
    path: PATH,
    summary: "End all of the user's tokens and sessions",
    access: 'user',
    answers: {
      200: { description: 'Done', schema: ref('Message') },
      401: { description: 'No live token', schema: ref('Error') },
    },
    example: { status: 401 },
    async handle(call) {
      await call.services.userAdmin.revokeAll(callingUser(call).user)
      return { json: { code: 200, message: 'All tokens of the user are revoked.' } }
    },
  },
]

/** As its schema above says. */
interface SignInBody {
  readonly provider: string
  readonly appid: string
  readonly token: string
}

interface Provider {
  readonly signIn: typeof signInByAmazonToken
  readonly way: LoginWay
}

async function signIn(call: Call): Promise<Reply> {
  const { appid, token, ...rest } = call.body as unknown as SignInBody
  const provider = rest.provider.toLowerCase()
  const known = PROVIDERS.get(provider)
  if (known === undefined) {
    throw requestInvalid('The provider is not known: use "amazon" or "passwordless".')
  }
  const attempt = new Attempt(known.way, call)
  attempt.appId = normalizeAppId(appid)
  return traceAttempt(attempt, () => signInBy(known, token, attempt)).catch((thrown: unknown) => {
    throw refusal(provider, toAmazonAuthError(thrown))
  })
}

async function signInBy(known: Provider, token: string, attempt: Attempt): Promise<Reply> {
  const { services, appId = '' } = attempt
  attempt.enter('resolve_app')
  try {
    attempt.app = await services.apps.find(appId)
    admitLogin(attempt.app, false, attempt)
    const app = requireChild(attempt.app)
    const user = await services.loginSlots.run(app.id, () => known.signIn(app, token, attempt))
    attempt.user = user
    tellSuccess(attempt)
    return signedIn(app, user, services)
  } catch (thrown) {
    const error = toAmazonAuthError(thrown)
    tellFailure(error, attempt)
    throw error
  }
}

const PROVIDERS = new Map<string, Provider>([
  ['amazon', { signIn: signInByAmazonToken, way: 'amazon_token' }],
  ['passwordless', { signIn: signInByAppToken, way: 'app_token' }],
])

function requireChild(app: App | undefined): App {
  if (app === undefined) throw requestInvalid('There is no such app.')
  if (app.isRoot) {
    const problem = 'Users cannot sign in to the root app this way: name a child app.'
    throw new AmazonAuthError('caller_forbidden', { problem })
  }
  return app
}

/** Why a token is refused is for the log; a client learns only that it is, unless it can do something about it. */
function refusal(provider: string, error: AmazonAuthError): AmazonAuthError {
  const isHosts = error.code === 'refused_by_host'
  if (error.status >= 500 || error.status === 429) return error
  if ('expose' in ERRORS[error.code] && !isHosts) return error
  const problem = isHosts
    ? error.message
    : `Failed to authenticate user with '${provider}'. Check if user is active.`
  return new AmazonAuthError('sign_in_refused', { ...error.facts, reason: error.code, problem })
}

function signedIn(app: App, user: User, services: SignInServices): Reply {
  const { token, refreshAtMs, expiresAtMs } = newSessionToken(app, user, services)
  return {
    json: {
      jwt: { access_token: token, refresh: refreshAtMs, expires: expiresAtMs },
      user: toUserJson(user),
    },
  }
}
