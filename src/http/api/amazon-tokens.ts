import { AmazonAuthError } from '../../errors'
import type { AccessToken } from '../../kept-tokens/kept-tokens'
import { callingApp } from './caller-of'
import { idOf } from './one-user'
import type { Call, Operation } from './operation'
import { ref } from './schemas'

/** Access tokens of Amazon that are kept for users of the calling app. */
export const AMAZON_TOKEN_OPERATIONS: readonly Operation[] = [
  {
    id: 'readAmazonToken',
    method: 'GET',
    path: '/users/{id}/amazon_token',
    alsoAt: ['/user/{id}/amazon_token'],
    summary: 'An access token of Amazon for a user',
    description:
      'Where amazon.keep_tokens of the app is on: for calling Amazon in the name of a user who has signed in. It is refreshed when it is about to end, so ask each time. For the app alone, never for the user; the refresh token stays here.',
    access: 'app',
    isManagement: true,
    pathParameters: { id: { type: 'string', description: "The user's id" } },
    query: {
      renew: {
        type: 'boolean',
        default: false,
        description:
          'Have it refreshed though it seems good, as after Amazon has refused it; at most once a minute',
      },
    },
    answers: {
      200: { description: 'A token that can be used', schema: ref('AmazonToken') },
      404: {
        description:
          'None is kept: let this person sign in again; or no user of this app has this id',
        schema: ref('Error'),
      },
      410: { description: 'The person has withdrawn their consent', schema: ref('Error') },
      502: { description: "Amazon refuses the app's keys", schema: ref('Error') },
      503: { description: 'Amazon does not answer; nothing is lost', schema: ref('Error') },
    },
    example: { status: 404, path: { id: '1' } },
    async handle(call) {
      return { json: toJson(await accessToken(call)) }
    },
  },
]

/** @throws {AmazonAuthError} `not_found`: there is no such user; and what `KeptTokens.accessToken` throws. */
async function accessToken(call: Call): Promise<AccessToken> {
  const { query, services } = call
  const app = callingApp(call)
  try {
    return await services.keptTokens.accessToken(app, idOf(call), { renew: query.renew === true })
  } catch (thrown) {
    // Asked for only now, to spare a read where all is well.
    if (thrown instanceof AmazonAuthError && thrown.code === 'amazon_token_missing')
      await services.userAdmin.get(app.id, idOf(call))
    throw thrown
  }
}

function toJson({ accessToken, expiresAtMs, scopes }: AccessToken): object {
  return {
    access_token: accessToken,
    token_type: 'bearer',
    expires: expiresAtMs,
    ...(scopes !== undefined && { scopes }),
  }
}
