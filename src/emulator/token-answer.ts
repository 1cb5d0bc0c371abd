import { jsonAnswer, type Answer } from './answer'
import { ACCESS_TOKEN_LIFE_SECONDS, type Grant, type Grants } from './grants'

/** Fresh tokens for a grant, in the wire form; without `refresh` there is no refresh token. */
export function tokenAnswer(
  { clientId, userId, scope }: Grant,
  grants: Grants,
  refresh?: { readonly needsSecret: boolean },
): Answer {
  const grant = { clientId, userId, scope }
  return jsonAnswer(200, {
    access_token: grants.issueAccessToken(grant),
    refresh_token:
      refresh && grants.issueRefreshToken({ ...grant, needsSecret: refresh.needsSecret }),
    token_type: 'bearer',
    expires_in: ACCESS_TOKEN_LIFE_SECONDS,
  })
}
