import { createSecretKey, type KeyObject } from 'node:crypto'

import type { App } from '../apps/app'
import type { User } from '../users/user'

/**
 * Key of one user's tokens: the app's secret and the user's own, so that a new one of either ends them.
 * A KeyObject, because jsonwebtoken tries to parse a text as a private key first.
 */
export function userSigningKey(app: App, user: User): KeyObject {
  return createSecretKey(Buffer.from(app.secret + user.tokenSecret))
}
