import { createSecretKey, type KeyObject } from 'node:crypto'

import type { App } from '../apps/app'
import type { User } from '../users/user'

// Keys are KeyObjects, because jsonwebtoken tries to parse a text as a private key first.

/** Key of one user's tokens: the app's secret and the user's own, so that a new one of either ends them. */
export function userSigningKey(app: App, user: User): KeyObject {
  return createSecretKey(Buffer.from(app.secret + user.tokenSecret))
}

/** Key of the tokens an app makes for itself. */
export function appSigningKey(app: App): KeyObject {
  return createSecretKey(Buffer.from(app.secret))
}
